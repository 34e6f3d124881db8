#include "mtmi/graph/text.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/core/random_tensor.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr TextOptions kFull{.max_constant_elements = -1};

std::string message_of(std::string_view text) {
  try {
    static_cast<void>(parse_text(text));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

constexpr std::string_view kConvolution = R"(graph "net" {
  input %x: f32[1,3,8,8]
  const %w: f32[2,3,1,1] = [1, 2, 3, 4, 5, 6.5]
  %y: f32[1,2,8,8] = Conv(%x, %w, _) {auto_pad = "NOTSET", pads = [0, 0, 0, 0]} "first one"
  output %y
}
)";

TEST(Text, PrintsWhatItParses) {
  EXPECT_EQ(to_text(parse_text(kConvolution)), kConvolution);
}

TEST(Text, NodesMayStandInAnyOrder) {
  const Graph graph = parse_text(R"(graph {
    input %x: f32[2]
    output %y
    %y = Relu(%a)  # reads what the next line makes
    %a = Neg(%x)
  })");
  EXPECT_EQ(graph.node(graph.order()[0]).op, "Neg");
  EXPECT_EQ(find_defect(graph), std::nullopt);
}

TEST(Text, OddNamesAreQuoted) {
  Graph graph;
  graph.name = "tab\t";
  const ValueId x = graph.add_input("a b\"\\\n%", {DType::Float32, Shape{}});
  const ValueId y = graph.add_value("onnx::Relu_1");
  graph.add_node(
      {.name = "caf\xC3\xA9", .op = "Relu", .inputs = {x}, .outputs = {y}, .attributes = {}});
  graph.add_output(y);
  const std::string text = to_text(graph);
  EXPECT_NE(text.find(R"(%"onnx::Relu_1")"), std::string::npos);
  EXPECT_NE(text.find(R"(%"a b\"\\\n%")"), std::string::npos);
  const Graph again = parse_text(text);
  EXPECT_EQ(to_text(again), text);
  EXPECT_EQ(again.value(again.inputs()[0]).name, "a b\"\\\n%");
  EXPECT_EQ(again.name, "tab\t");
}

TEST(Text, FloatsComeBackToTheBit) {
  Graph graph;
  const float tiny = std::numeric_limits<float>::denorm_min();
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor constant =
      Tensor::from<float>(Shape{8}, {0.1F, -0.0F, tiny, 1e38F, INFINITY, -INFINITY, nan, -nan});
  graph.add_output(graph.add_constant("c", constant));
  const Graph again = parse_text(to_text(graph, kFull));
  EXPECT_TRUE(bitwise_equal(*again.value(again.outputs()[0]).constant, constant));
}

TEST(Text, EveryElementTypeComesBackToTheBit) {
  for (const DType dtype : {DType::Float32,
                            DType::Float16,
                            DType::BFloat16,
                            DType::Float64,
                            DType::Int8,
                            DType::UInt8,
                            DType::Int32,
                            DType::Int64,
                            DType::Bool}) {
    Graph graph;
    const Tensor constant = random_tensor(dtype, Shape{3, 5}, 1, 0.0F, 100.0F);
    graph.add_output(graph.add_constant("c", constant));
    const Graph again = parse_text(to_text(graph, kFull));
    EXPECT_TRUE(bitwise_equal(*again.value(again.outputs()[0]).constant, constant))
        << to_string(dtype);
  }
}

TEST(Text, EveryKindOfAttributeComesBack) {
  const Attributes attributes{
      {"a", std::int64_t{-3}},
      {"b", 2.0F},
      {"c", std::string("x y")},
      {"d", std::vector<std::int64_t>{1, 2}},
      {"e", std::vector<float>{1.0F, INFINITY}},
      {"f", std::vector<std::string>{"p", ""}},
      {"g", Tensor::from<std::int64_t>(Shape{2}, {7, 8})},
      {"h", std::vector<std::int64_t>{}},
      {"i", std::vector<float>{}},
      {"j", std::vector<std::string>{}},
      {"k", Tensor(DType::UInt8, Shape{9})},
  };
  Graph graph;
  const ValueId y = graph.add_value("y");
  graph.add_node(
      {.name = "", .op = "Odd", .inputs = {}, .outputs = {kNoValue, y}, .attributes = attributes});
  const Graph again = parse_text(to_text(graph));
  EXPECT_EQ(again.node(again.order()[0]).attributes, attributes);
}

TEST(Text, DynamicInputsKeepTheirSymbols) {
  constexpr std::string_view kText = R"(graph {
  input %x: f32[batch,3,?,"a b"]
  input %y: s64[*]
}
)";
  const Graph graph = parse_text(kText);
  EXPECT_EQ(graph.value(graph.inputs()[0]).dim_names,
            (std::vector<std::string>{"batch", "3", "?", "a b"}));
  EXPECT_EQ(to_text(graph), kText);
}

TEST(Text, LargeConstantsAreLeftOutForPeopleOnly) {
  Graph graph;
  graph.add_output(graph.add_constant("c", random_tensor(DType::Float32, Shape{17}, 1)));
  const std::string text = to_text(graph);
  EXPECT_NE(text.find("= ..."), std::string::npos);
  EXPECT_EQ(message_of(text),
            "line 2, column 23: got \"...\", the elements were left out when this was printed; "
            "print constants in full");
  EXPECT_EQ(message_of(to_text(graph, kFull)), "");
}

TEST(Text, CompactFormsOfConstants) {
  const Graph graph = parse_text(R"(graph {
    const %a: f32[2,3] = splat(0.5)
    const %b: f32[4] = random(3)
    const %c: s64[4] = random(3, 0, 10)
    output %a output %b output %c
  })");
  const auto constant = [&graph](std::size_t i) {
    return *graph.value(graph.outputs()[i]).constant;
  };
  EXPECT_EQ(constant(0).data<float>()[5], 0.5F);
  EXPECT_TRUE(bitwise_equal(constant(1), random_tensor(DType::Float32, Shape{4}, 3)));
  EXPECT_TRUE(bitwise_equal(constant(2), random_tensor(DType::Int64, Shape{4}, 3, 0.0F, 10.0F)));
  EXPECT_NE(to_text(graph, kFull).find("f32[2,3] = splat(0.5)"), std::string::npos);
}

TEST(Text, ErrorsSayWhereAndWhat) {
  EXPECT_EQ(message_of(""), "line 1, column 1: got the end of the text, expected 'graph'");
  EXPECT_EQ(message_of("graph {\n  input %x f32[1]"),
            "line 2, column 12: got \"f32\", expected ':'");
  EXPECT_EQ(message_of("graph {\n  input %x: f33[1]"),
            "line 2, column 13: expected one of f32, f16, bf16, f64, s8, u8, s32, s64, bool");
  EXPECT_EQ(message_of("graph { %y = Relu(%x) }"),
            "line 1, column 19: value 'x' is defined nowhere");
  EXPECT_EQ(message_of("graph { input %x: f32[1] %x = Relu(%x) }"),
            "line 1, column 26: value 'x' is defined a second time");
  EXPECT_EQ(message_of("graph { output %x input %x: f32[1] }"),
            "line 1, column 25: value 'x' was named before; inputs and constants stand in front "
            "of their users");
  EXPECT_EQ(message_of("graph { const %c: s8[2] = [1, 200] }"),
            "line 1, column 27: element 1: got '200', expected a number of type s8");
  EXPECT_EQ(message_of("graph { const %c: s8[3] = [1, 2] }"),
            "line 1, column 27: got 2 elements, expected 3 for s8[3]");
  EXPECT_EQ(message_of("graph { input %x: f32[-1] }"),
            "line 1, column 27: negative extent: got -1, expected >= 0");
  EXPECT_EQ(message_of("graph { %y = Relu(%y) }"),
            "node #0 (Relu) depends on its own output (a cycle)");
  EXPECT_EQ(message_of("graph \"abc"), "line 1, column 7: the string is not closed");
}

TEST(Text, AConstantBeyondTheMemoryLimitIsRefused) {
  EXPECT_THROW(static_cast<void>(parse_text("graph { const %c: f64[1000000000000] = splat(1) }")),
               Error);
}

}  // namespace
}  // namespace mtmi
