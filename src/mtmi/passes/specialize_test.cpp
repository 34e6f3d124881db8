#include "mtmi/passes/specialize.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"

namespace mtmi::passes {
namespace {

/// The shape arithmetic of an exporter: x flattened from its second axis on.
constexpr std::string_view kFlattened = R"(graph {
  input %x: f32[batch,3,?,4]
  const %zero: s64[1] = [0]
  const %one: s64[1] = [1]
  const %minus: s64[1] = [-1]
  %shape = Shape(%x)
  %batch = Slice(%shape, %zero, %one)
  %target = Concat(%batch, %minus) {axis = 0}
  %y = Reshape(%x, %target)
  output %y
})";

std::string message_of(std::string_view text, const InputShapes& shapes) {
  try {
    static_cast<void>(specialize(parse_text(text), shapes));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Specialize, FoldsShapeArithmeticAndInfersEveryType) {
  const Graph graph = specialize(parse_text(kFlattened), {{"x", Shape{2, 3, 5, 4}}});
  EXPECT_TRUE(graph.is_static());
  ASSERT_EQ(graph.order().size(), 1U);
  EXPECT_EQ(graph.type(graph.outputs()[0]), (TensorType{DType::Float32, Shape{2, 60}}));
}

TEST(Specialize, ADynamicInputLeftOpenIsNamedWithItsSymbols) {
  EXPECT_EQ(
      message_of(kFlattened, {}),
      "input 'x' has the dynamic shape [batch,3,?,4]; give its sizes with --input x=DIMS (--shape "
      "where --input takes tensors)");
}

TEST(Specialize, ContradictionsAreRefused) {
  EXPECT_EQ(message_of(kFlattened, {{"x", Shape{2, 4, 5, 4}}}),
            "input 'x': got the shape [2,4,5,4], expected [batch,3,?,4]");
  EXPECT_EQ(message_of(kFlattened, {{"x", Shape{2, 3}}}),
            "input 'x': got the shape [2,3], expected [batch,3,?,4]");
  EXPECT_EQ(message_of(kFlattened, {{"y", Shape{2}}}), "the model has no input 'y'; it has 'x'");
}

TEST(Specialize, AConstantThatWouldGrowTooMuchStaysANode) {
  const Graph graph = specialize(parse_text(R"(graph {
    input %x: f32[1]
    const %shape: s64[1] = [100000000]
    %big = ConstantOfShape(%shape)
    %y = Add(%x, %big)
    output %y
  })"));
  EXPECT_EQ(graph.order().size(), 2U);
  EXPECT_EQ(graph.type(graph.outputs()[0]).shape, Shape{100000000});
}

}  // namespace
}  // namespace mtmi::passes
