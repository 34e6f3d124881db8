// Products of bfloat16 against the interpreter with casts in front of every operand: what is left
// between them is the order of float32 sums.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/engine_runner.h"
#include "mtmi/core/agreement.h"
#include "mtmi/core/random.h"
#include "mtmi/graph/random_inputs.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/operator.h"

namespace mtmi::cpu {
namespace {

/// Sums of some hundred products, in float32 here and in double there, some in Winograd's form, and
/// what a sigmoid or a division behind them makes of that.
constexpr double kTolerance = 1e-5;

Graph graph_of(const std::string& body) {
  Graph graph = parse_text("graph \"g\" {\n" + body + "\n output %y\n}");
  ops::infer_types(graph);
  return graph;
}

ValueId add_cast(Graph& graph, ValueId x, DType dtype) {
  const TensorType type{dtype, *graph.value(x).shape};
  const ValueId y = graph.add_value(graph.value(x).name + std::string(to_string(dtype)), type);
  const std::int64_t number = dtype == DType::BFloat16 ? 16 : 1;
  graph.add_node(
      {.name = "", .op = "Cast", .inputs = {x}, .outputs = {y}, .attributes = {{"to", number}}});
  return y;
}

/// Casts in front of the two operands of each product.
Graph with_casts(Graph graph) {
  constexpr std::array<std::string_view, 4> kProducts{"Conv", "ConvTranspose", "MatMul", "Gemm"};
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const bool is_product =
        std::find(kProducts.begin(), kProducts.end(), graph.node(id).op) != kProducts.end();
    for (std::size_t i = 0; is_product && i < 2; ++i) {
      const ValueId narrow = add_cast(graph, graph.node(id).inputs[i], DType::BFloat16);
      graph.set_input(id, i, add_cast(graph, narrow, DType::Float32));
    }
  }
  graph.sort();
  return graph;
}

std::vector<Isa> runnable_isas() {
  std::vector<Isa> isas;
  for (const Isa isa : {Isa::Generic, Isa::Avx2, Isa::Avx512}) {
    if (has_isa(isa)) {
      isas.push_back(isa);
    }
  }
  return isas;
}

CompileOptions bf16_options(bool optimize = true) {
  CompileOptions options;
  options.precision = Precision::BFloat16;
  options.optimize = optimize;
  return options;
}

double difference(const Tensor& got, const Tensor& expected) {
  return compare(expected, got).relative_difference();
}

void expect_rounded(const Graph& graph, const Graph& reference, const std::string& what) {
  const TensorMap inputs = random_inputs(graph, 41);
  const Tensor expected = interpret(reference, inputs).at("y");
  for (const Isa isa : runnable_isas()) {
    for (const bool optimize : {true, false}) {
      const Tensor got = run_on_cpu(graph, inputs, isa, bf16_options(optimize)).at("y");
      EXPECT_LE(difference(got, expected), kTolerance)
          << what << " on " << to_string(isa) << (optimize ? "" : " plain");
    }
  }
}

struct Case {
  const char* name;
  const char* text;
};

/// Printed by GoogleTest.
void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class Bf16 : public testing::TestWithParam<Case> {};

TEST_P(Bf16, RoundsOperandsAndNothingElse) {
  const Graph graph = graph_of(GetParam().text);
  const Graph reference = with_casts(graph);
  expect_rounded(graph, reference, GetParam().name);
  // The bound can tell the two precisions apart.
  const TensorMap inputs = random_inputs(graph, 41);
  EXPECT_GT(difference(interpret(graph, inputs).at("y"), interpret(reference, inputs).at("y")),
            10 * kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Cpu,
                         Bf16,
                         testing::Values(Case{"conv7x7s4", R"(
  input %x: f32[2,3,21,34]
  const %w: f32[20,3,7,7] = random(1)
  const %b: f32[20] = random(2)
  %y = Conv(%x, %w, %b) {pads = [3, 3, 3, 3], strides = [4, 4]})"},
                                         Case{"conv3x3_residual", R"(
  input %x: f32[2,33,13,38]
  input %r: f32[2,40,13,38]
  const %w: f32[40,33,3,3] = random(1)
  const %b: f32[40] = random(2)
  %c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}
  %s = Add(%c, %r)
  %y = Relu(%s))"},
                                         Case{"concat_that_only_a_1x1_reads", R"(
  input %a: f32[2,19,10,14]
  const %w: f32[40,57,1,1] = random(2)
  %r = Relu(%a)
  %s = Sigmoid(%a)
  %t = Tanh(%a)
  %c = Concat(%r, %s, %t) {axis = 1}
  %y = Conv(%c, %w))"},
                                         Case{"few_outputs", R"(
  input %x: f32[2,20,37,23]
  const %w: f32[1,20,3,3] = random(1)
  const %b: f32[1] = random(2)
  %c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}
  %y = Sigmoid(%c))"},
                                         Case{"linear_gelu", R"(
  input %x: f32[1,70,40]
  const %w: f32[40,48] = random(1)
  const %b: f32[48] = random(2)
  %m = MatMul(%x, %w)
  %a = Add(%m, %b)
  %y = Gelu(%a))"},
                                         Case{"gemm", R"(
  input %x: f32[5,30]
  const %w: f32[11,30] = random(1)
  const %b: f32[11] = random(2)
  %y = Gemm(%x, %w, %b) {transB = 1, alpha = 0.5})"},
                                         Case{"products_of_inputs", R"(
  input %a: f32[2,3,40,37]
  input %b: f32[1,3,37,15]
  %y = MatMul(%a, %b))"},
                                         Case{"conv_transpose", R"(
  input %x: f32[1,8,7,9]
  const %w: f32[8,5,2,2] = random(1)
  const %b: f32[5] = random(2)
  %y = ConvTranspose(%x, %w, %b) {strides = [2, 2]})"},
                                         Case{"conv_of_computed_weights", R"(
  input %x: f32[1,8,7,9]
  input %w: f32[5,8,3,3]
  %y = Conv(%x, %w))"}),
                         [](const testing::TestParamInfo<Case>& c) {
                           return std::string(c.param.name);
                         });

TEST(Bf16Convolutions, OfRandomShapesRoundTheirOperands) {
  Random random(7);
  const auto from_1_to = [&random](int n) {
    return 1 + static_cast<int>(random.below(static_cast<std::uint64_t>(n)));
  };
  const auto from_1_to_2 = [&from_1_to](std::size_t count) {
    std::vector<int> values(count);
    std::generate(values.begin(), values.end(), [&from_1_to] { return from_1_to(2); });
    return fmt::format("[{}]", fmt::join(values, ", "));
  };
  for (int i = 0; i < 40; ++i) {
    const int groups = from_1_to(3);
    const int group_in = 1 + from_1_to(40);
    const int group_out = 1 + from_1_to(60);
    const std::array image{from_1_to(2), groups * group_in, 8 + from_1_to(9), 8 + from_1_to(40)};
    const std::array weights{groups * group_out, group_in, from_1_to(4), from_1_to(4)};
    const std::array windows{from_1_to_2(4), from_1_to_2(2), from_1_to_2(2)};
    const std::string text = fmt::format(
        R"(
  input %x: f32[{}]
  const %w: f32[{}] = random(1)
  %y = Conv(%x, %w) {{group = {}, pads = {}, strides = {}, dilations = {}}})",
        fmt::join(image, ","),
        fmt::join(weights, ","),
        groups,
        windows[0],
        windows[1],
        windows[2]);
    const Graph graph = graph_of(text);
    expect_rounded(graph, with_casts(graph), text);
  }
}

TEST(Bf16Attention, RoundsScaledQueriesKeysExponentialsAndValues) {
  const Graph graph = graph_of(R"(
  input %q: f32[2,3,50,20]
  input %k: f32[2,3,33,20]
  input %v: f32[2,3,33,24]
  %y = Attention(%q, %k, %v) {scale = 0.3})");
  const Graph reference = with_casts(graph_of(R"(
  input %q: f32[2,3,50,20]
  input %k: f32[2,3,33,20]
  input %v: f32[2,3,33,24]
  const %scale: f32[] = [0.3]
  const %last: s64[1] = [-1]
  %s = Mul(%q, %scale)
  %t = Transpose(%k) {perm = [0, 1, 3, 2]}
  %a = MatMul(%s, %t)
  %top = ReduceMax(%a, %last)
  %d = Sub(%a, %top)
  %e = Exp(%d)
  %sum = ReduceSum(%e, %last)
  %m = MatMul(%e, %v)
  %y = Div(%m, %sum))"));
  const TensorMap inputs = random_inputs(graph, 41);
  const Tensor expected = interpret(reference, inputs).at("y");
  for (const Isa isa : runnable_isas()) {
    const Tensor got = run_on_cpu(graph, inputs, isa, bf16_options()).at("y");
    // An exponential in the middle between two bfloat16 may go to either, half a step of 2^-8
    // apart from both; it is one of 33 terms.
    EXPECT_LE(difference(got, expected), 3e-4) << to_string(isa);
  }
  EXPECT_GT(difference(interpret(graph, inputs).at("y"), expected), 6e-4);
}

TEST(Bf16Depthwise, StaysFloat32) {
  const Graph graph = graph_of(R"(
  input %x: f32[1,37,9,14]
  const %w: f32[37,1,3,3] = random(1)
  %y = Conv(%x, %w) {pads = [1, 1, 1, 1], group = 37})");
  expect_rounded(graph, graph, "depthwise");
}

TEST(Bf16Engine, HoldsItsWeightsInHalfTheBytesAndItsPrecision) {
  const Graph graph = graph_of(R"(
  input %x: f32[1,64,8,8]
  const %w: f32[64,64,3,3] = random(1)
  %y = Conv(%x, %w) {pads = [1, 1, 1, 1]})");
  const auto backend = make_cpu_backend();
  for (const Isa isa : {Isa::Generic, Isa::Avx2, Isa::Avx512}) {
    const Engine engine =
        read_engine(backend->compile(graph, capability_of(isa), bf16_options()), nullptr);
    EXPECT_EQ(engine.precision, Precision::BFloat16);
    std::size_t bytes = 0;
    for (const NodeId id : engine.graph.order()) {
      for (const ValueId input : engine.graph.node(id).inputs) {
        if (input != kNoValue && engine.graph.is_constant(input)) {
          bytes += engine.graph.value(input).constant->bytes().size();
        }
      }
    }
    EXPECT_EQ(bytes, std::size_t{64 * 64 * 9 * 2}) << to_string(isa);
  }
}

TEST(Bf16Engine, WhoseWeightsHaveAnotherTypeIsRefused) {
  const Graph graph = graph_of(R"(
  input %x: f32[2,40]
  const %w: f32[40,20] = random(1)
  %y = MatMul(%x, %w))");
  const auto backend = make_cpu_backend();
  const std::vector<std::byte> compiled =
      backend->compile(graph, capability_of(best_isa()), bf16_options());
  Engine engine = read_engine(compiled, nullptr);
  const NodeId product = engine.graph.order().front();
  ASSERT_EQ(engine.graph.node(product).op, "cpu.Linear");
  engine.graph.set_attributes(product, {});
  const std::vector<std::byte> bytes = write_engine(engine);
  EXPECT_THROW(static_cast<void>(backend->open(0)->load(bytes, nullptr)), Error);
}

}  // namespace
}  // namespace mtmi::cpu
