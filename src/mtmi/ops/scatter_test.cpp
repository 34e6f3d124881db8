#include "mtmi/ops/scatter.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

Tensor s64(Shape shape) {
  return Tensor(DType::Int64, std::move(shape));
}

TEST(ScatterND, KeepsTheTypeOfTheData) {
  EXPECT_EQ(inferred({"ScatterND", {f32({4, 5}), s64({3, 1}), f32({3, 5})}}), Types{"f32[4,5]"});
}

TEST(ScatterND, UpdatesMustFitTheIndices) {
  EXPECT_EQ(refusal({"ScatterND", {f32({4, 5}), s64({3, 1}), f32({3, 4})}}),
            "got updates of shape [3,4], expected [3,5]");
  EXPECT_EQ(refusal({"ScatterND", {f32({4}), s64({3, 2}), f32({3})}}),
            "got indices of shape [3,2], expected positions in [4]");
  EXPECT_EQ(refusal({"ScatterND", {f32({4}), s64({}), f32({})}}),
            "got indices of shape [], expected positions in [4]");
  EXPECT_EQ(refusal({"ScatterND", {f32({4}), s64({1, 1}), ints({1})}}), "got s64, expected f32");
}

TEST(ScatterND, KnowsItsReductions) {
  const auto reducing = [](std::string word) { return Attributes{{"reduction", std::move(word)}}; };
  EXPECT_EQ(scatter_reduction(reducing("mul")), ScatterReduction::Multiply);
  EXPECT_EQ(refusal({"ScatterND", {f32({4}), s64({1, 1}), f32({1})}, reducing("mean")}),
            "got reduction 'mean', expected none, add, mul, min or max");
}

TEST(ScatterElements, OneUpdatePerIndex) {
  EXPECT_EQ(inferred({"ScatterElements", {f32({3, 4}), s64({5, 2}), f32({5, 2})}}),
            Types{"f32[3,4]"});
  EXPECT_EQ(refusal({"ScatterElements", {f32({3, 4}), s64({1, 5}), f32({1, 5})}}),
            "got indices [1,5] and updates [1,5], expected equal shapes within [3,4] but for axis "
            "0");
}

}  // namespace
}  // namespace mtmi::ops
