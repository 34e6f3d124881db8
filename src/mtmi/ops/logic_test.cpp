#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

Tensor flags() {
  return Tensor(DType::Bool, Shape{2, 1});
}

TEST(Logic, ComparisonsGiveBooleans) {
  EXPECT_EQ(inferred({"Equal", {f32({2, 1}), f32({3})}}), Types{"bool[2,3]"});
  EXPECT_EQ(inferred({"Less", {ints({1, 2}), ints({3})}}), Types{"bool[2]"});
  EXPECT_EQ(inferred({"Not", {flags()}}), Types{"bool[2,1]"});
}

TEST(Logic, BooleansHaveNoOrder) {
  EXPECT_EQ(inferred({"Equal", {flags(), flags()}}), Types{"bool[2,1]"});
  EXPECT_EQ(refusal({"Greater", {flags(), flags()}}), "got bool, expected a numeric type");
}

TEST(Logic, AndWantsBooleans) {
  EXPECT_EQ(refusal({"And", {f32({2}), f32({2})}}), "got f32, expected bool");
}

TEST(Where, BroadcastsAllThree) {
  EXPECT_EQ(inferred({"Where", {flags(), f32({3}), f32({4, 1, 1})}}), Types{"f32[4,2,3]"});
  EXPECT_EQ(refusal({"Where", {f32({2}), f32({2}), f32({2})}}), "got f32, expected bool");
  EXPECT_EQ(refusal({"Where", {flags(), f32({2}), ints({1})}}), "got s64, expected f32");
}

}  // namespace
}  // namespace mtmi::ops
