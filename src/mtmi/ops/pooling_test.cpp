#include "mtmi/ops/pooling.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

TEST(Pooling, MaxPoolCountsIndicesIn64Bits) {
  EXPECT_EQ(inferred({"MaxPool", {f32({1, 3, 8, 8})}, {{"kernel_shape", Ints{2, 2}}}, 2}),
            (Types{"f32[1,3,7,7]", "s64[1,3,7,7]"}));
}

TEST(Pooling, CeilModeKeepsAPartialWindowThatStartsInside) {
  const auto shape = [](std::int64_t in, Ints pads) {
    return inferred({"AveragePool",
                     {f32({1, 1, in})},
                     {{"kernel_shape", Ints{3}},
                      {"strides", Ints{2}},
                      {"ceil_mode", 1L},
                      {"pads", std::move(pads)}}})[0];
  };
  EXPECT_EQ(shape(6, {0, 0}), "f32[1,1,3]");
  // The third window would start at 4, behind the source: it is dropped.
  EXPECT_EQ(shape(4, {0, 2}), "f32[1,1,2]");
}

TEST(Pooling, GlobalFormsLeaveOneElementPerChannel) {
  EXPECT_EQ(inferred({"GlobalAveragePool", {f32({2, 3, 4, 5})}}), Types{"f32[2,3,1,1]"});
  EXPECT_EQ(refusal({"GlobalMaxPool", {f32({2, 3, 0})}}),
            "got a source of shape [2,3,0], expected spatial extents of 1 or more");
}

TEST(Pooling, BadAttributesAreRefused) {
  EXPECT_EQ(refusal({"MaxPool", {f32({1, 3, 8, 8})}}), "got kernel_shape [], expected 2 values");
  EXPECT_EQ(refusal({"MaxPool", {f32({1, 3, 8})}, {{"kernel_shape", Ints{-2}}}}),
            "got a kernel of [-2], expected extents from 1 to 2^31-1");
  EXPECT_EQ(refusal({"MaxPool", {ints({1})}, {{"kernel_shape", Ints{2}}}}),
            "got s64 for input 0, expected s8 or u8");
}

}  // namespace
}  // namespace mtmi::ops
