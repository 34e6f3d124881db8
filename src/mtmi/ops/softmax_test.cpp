#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

TEST(Softmax, KeepsTheTypeAndChecksTheAxis) {
  EXPECT_EQ(inferred({"Softmax", {f32({2, 3})}}), std::vector<std::string>{"f32[2,3]"});
  EXPECT_EQ(refusal({"LogSoftmax", {f32({2, 3})}, {{"axis", 2L}}}),
            "got axis 2, expected one from -2 to 1");
  EXPECT_EQ(refusal({"Softmax", {f32({})}}), "got axis -1, expected none: the tensor is a scalar");
  EXPECT_EQ(refusal({"Softmax", {ints({1})}}), "got s64, expected a floating-point type");
}

}  // namespace
}  // namespace mtmi::ops
