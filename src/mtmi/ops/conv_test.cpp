#include "mtmi/ops/conv.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

constexpr std::int64_t kHuge = std::int64_t{1} << 62;

std::string refused(Shape src, Shape weights, Attributes attributes) {
  return refusal({"Conv", {f32(std::move(src)), f32(std::move(weights))}, std::move(attributes)});
}

TEST(Conv, HasOneToThreeSpatialAxes) {
  EXPECT_EQ(inferred({"Conv", {f32({2, 3, 9}), f32({5, 3, 3})}}), Types{"f32[2,5,7]"});
  EXPECT_EQ(inferred({"Conv", {f32({1, 4, 8, 9}), f32({6, 2, 3, 1})}, {{"group", 2L}}}),
            Types{"f32[1,6,6,9]"});
  EXPECT_EQ(inferred({"Conv", {f32({1, 1, 4, 4, 4}), f32({1, 1, 2, 2, 2}), f32({1})}}),
            Types{"f32[1,1,3,3,3]"});
}

TEST(Conv, StridesPadsAndDilationsGiveTheExtents) {
  EXPECT_EQ(
      inferred({"Conv",
                {f32({1, 3, 224, 224}), f32({32, 3, 7, 3})},
                {{"strides", Ints{4, 1}}, {"pads", Ints{3, 0, 3, 1}}, {"dilations", Ints{1, 2}}}}),
      Types{"f32[1,32,56,221]"});
}

TEST(Conv, AutoPadPlacesTheOddElement) {
  const auto windows = [](const std::string& auto_pad) {
    return conv_geometry(
               {{"auto_pad", auto_pad}, {"strides", Ints{2}}}, Shape{1, 1, 6}, Shape{1, 1, 3})
        .windows[0];
  };
  EXPECT_EQ(windows("SAME_UPPER"),
            (Window{.in = 6, .out = 3, .kernel = 3, .stride = 2, .pad_begin = 0, .pad_end = 1}));
  EXPECT_EQ(windows("SAME_LOWER"),
            (Window{.in = 6, .out = 3, .kernel = 3, .stride = 2, .pad_begin = 1, .pad_end = 0}));
  EXPECT_EQ(windows("VALID"), (Window{.in = 6, .out = 2, .kernel = 3, .stride = 2}));
}

TEST(Conv, ContradictionsAreRefused) {
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 9}, {}),
            "got a window that reaches over 9 elements, expected at most the padded extent 8");
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 3}, {{"strides", Ints{0}}}),
            "got strides [0], expected values from 1 to 2^31-1");
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 3}, {{"dilations", Ints{kHuge}}}),
            "got dilations [4611686018427387904], expected values from 1 to 2^31-1");
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 3}, {{"pads", Ints{-1, 0}}}),
            "got pads [-1,0], expected values from 0 to 2^31-1");
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 3}, {{"pads", Ints{1}}}), "got pads [1], expected 2 values");
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 3}, {{"kernel_shape", Ints{5}}}),
            "got kernel_shape [5], expected [3] as the weights have");
  EXPECT_EQ(refused({1, 3, 8}, {4, 3, 3}, {{"auto_pad", std::string("SAME")}}),
            "got auto_pad 'SAME', expected NOTSET or VALID or SAME_UPPER or SAME_LOWER");
  EXPECT_EQ(refused({1, 4, 8}, {4, 1, 3}, {{"group", 3L}}),
            "got group 3, expected a divisor of 4 input and 4 output channels");
  EXPECT_EQ(refused({1, 4, 8}, {4, 4, 3}, {{"group", 2L}}),
            "got weights of shape [4,4,3], expected 2 channels in their axis 1");
  EXPECT_EQ(refused({1, 4, 8}, {4, 4, 0}, {}),
            "got a kernel of [0], expected extents from 1 to 2^31-1");
  EXPECT_EQ(refused({1, 4}, {4, 4}, {}), "got a source of shape [1,4], expected a rank of 3 to 5");
  EXPECT_EQ(refusal({"Conv", {f32({1, 1, 4}), f32({2, 1, 1}), f32({3})}}),
            "got a bias of shape [3], expected [2]");
}

TEST(ConvTranspose, StridesPadsAndOutputPaddingGiveTheExtents) {
  EXPECT_EQ(inferred({"ConvTranspose",
                      {f32({1, 4, 5, 5}), f32({4, 3, 3, 4}), f32({6})},
                      {{"group", 2L},
                       {"strides", Ints{2, 1}},
                       {"pads", Ints{1, 0, 0, 2}},
                       {"dilations", Ints{2, 1}},
                       {"output_padding", Ints{1, 0}}}}),
            Types{"f32[1,6,13,6]"});
}

TEST(ConvTranspose, OutputShapeAndSameDeterminePads) {
  const auto window = [](Attributes attributes) {
    attributes.set("strides", Ints{2});
    return conv_transpose_geometry(attributes, Shape{1, 1, 3}, Shape{1, 1, 3}).windows[0];
  };
  // All of it would be 7 elements.
  EXPECT_EQ(window({{"output_shape", Ints{6}}}),
            (Window{.in = 6, .out = 3, .kernel = 3, .stride = 2, .pad_begin = 1, .pad_end = 0}));
  EXPECT_EQ(window({{"auto_pad", std::string("SAME_UPPER")}}),
            (Window{.in = 6, .out = 3, .kernel = 3, .stride = 2, .pad_begin = 0, .pad_end = 1}));
  EXPECT_EQ(window({{"output_shape", Ints{9}}}),
            (Window{.in = 9, .out = 3, .kernel = 3, .stride = 2}));
}

TEST(ConvTranspose, ContradictionsAreRefused) {
  const auto refused_transpose = [](Shape src, Shape weights, Attributes attributes) {
    return refusal(
        {"ConvTranspose", {f32(std::move(src)), f32(std::move(weights))}, std::move(attributes)});
  };
  EXPECT_EQ(refused_transpose({1, 4, 5}, {3, 4, 3}, {}),
            "got weights of shape [3,4,3], expected 4 channels in their axis 0");
  EXPECT_EQ(refused_transpose({1, 4, 5}, {4, 1, 3}, {{"group", 3L}}),
            "got group 3, expected a divisor of 4 input channels");
  EXPECT_EQ(refused_transpose({1, 4, 2}, {4, 1, 2}, {{"pads", Ints{2, 2}}}),
            "got pads that leave an extent of -1, expected 1 or more");
  EXPECT_EQ(refused_transpose({1, 4, 0}, {4, 1, 2}, {}),
            "got a spatial extent of 0, expected 1 or more");
  EXPECT_EQ(refused_transpose({1, 4, 2}, {4, 1, 2}, {{"output_shape", Ints{0}}}),
            "got output_shape [0], expected values from 1 to 2^31-1");
}

}  // namespace
}  // namespace mtmi::ops
