#include "mtmi/ops/resize.h"

#include <numeric>

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

Tensor floats(std::initializer_list<float> values) {
  return Tensor::from<float>(Shape{static_cast<std::int64_t>(values.size())}, values);
}

SingleNode by_scales(Shape src, std::initializer_list<float> scales, Attributes attributes = {}) {
  return {"Resize", {f32(std::move(src)), std::nullopt, floats(scales)}, std::move(attributes)};
}

SingleNode by_sizes(Shape src,
                    std::initializer_list<std::int64_t> sizes,
                    Attributes attributes = {}) {
  return {"Resize",
          {f32(std::move(src)), std::nullopt, std::nullopt, ints(sizes)},
          std::move(attributes)};
}

TEST(Resize, ScalesGiveTheFloorOfTheExtent) {
  EXPECT_EQ(inferred(by_scales({1, 3, 5, 5}, {1, 1, 2, 0.5F})), Types{"f32[1,3,10,2]"});
  // 0.7F is a little less than 0.7, yet 10 * 0.7F is 7 in float.
  EXPECT_EQ(inferred(by_scales({10}, {0.7F})), Types{"f32[7]"});
}

TEST(Resize, SizesReplaceTheExtentsOfTheGivenAxes) {
  EXPECT_EQ(inferred(by_sizes({1, 3, 5, 5}, {7, 9}, {{"axes", Ints{-1, 2}}})),
            Types{"f32[1,3,9,7]"});
}

TEST(Resize, AspectRatioIsKept) {
  const auto shape = [](const char* policy) {
    return inferred(
        by_sizes({2, 4}, {7, 8}, {{"keep_aspect_ratio_policy", std::string(policy)}}))[0];
  };
  EXPECT_EQ(shape("stretch"), "f32[7,8]");
  EXPECT_EQ(shape("not_larger"), "f32[4,8]");
  EXPECT_EQ(shape("not_smaller"), "f32[7,14]");
}

TEST(Resize, ContradictionsAreRefused) {
  EXPECT_EQ(refusal({"Resize", {f32({2})}}), "got neither scales nor sizes, expected one of them");
  EXPECT_EQ(refusal({"Resize", {f32({2}), std::nullopt, floats({2}), ints({4})}}),
            "got both scales and sizes, expected one of them");
  EXPECT_EQ(refusal(by_scales({2, 2}, {1})), "got 1 scales, expected 2");
  EXPECT_EQ(refusal(by_scales({2}, {0})), "got a scale of 0.000000, expected a finite number > 0");
  EXPECT_EQ(refusal(by_scales({2}, {-1})),
            "got a scale of -1.000000, expected a finite number > 0");
  EXPECT_EQ(refusal(by_sizes({2}, {-1})),
            "got sizes [-1], expected sizes > 0 where the source has elements, 0 elsewhere");
  EXPECT_EQ(refusal(by_sizes({0}, {2})),
            "got sizes [2], expected sizes > 0 where the source has elements, 0 elsewhere");
  EXPECT_EQ(refusal(by_scales({2}, {2}, {{"mode", std::string("bilinear")}})),
            "got mode 'bilinear', expected nearest or linear or cubic");
  EXPECT_EQ(refusal(by_scales(
                {2}, {2}, {{"coordinate_transformation_mode", std::string("tf_crop_and_resize")}})),
            "got 0 values of roi, expected 2");
}

TEST(Resize, ScalesOfAbsurdSizeAreRefused) {
  EXPECT_NE(refusal(by_scales({2}, {1e30F})), "");
  EXPECT_NE(refusal(by_scales({2}, {std::numeric_limits<float>::infinity()})), "");
}

// x = (o + 0.5) / scale - 0.5 and its kin, by hand.
TEST(ResizeCoordinate, FollowsTheMode) {
  const ResizeAxis up{.in = 4, .out = 8, .scale = 2.0, .roi_begin = 0.5, .roi_end = 1.0};
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::HalfPixel, up, 3), 1.25);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::HalfPixelSymmetric, up, 3), 1.25);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::PytorchHalfPixel, up, 3), 1.25);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::AlignCorners, up, 7), 3.0);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::Asymmetric, up, 3), 1.5);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::TfCropAndResize, up, 0), 1.5);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::TfCropAndResize, up, 7), 3.0);
}

TEST(ResizeCoordinate, OfASingleOutput) {
  const ResizeAxis one{.in = 4, .out = 1, .scale = 0.25, .roi_begin = 0.0, .roi_end = 0.5};
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::PytorchHalfPixel, one, 0), 0.0);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::AlignCorners, one, 0), 0.0);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::TfCropAndResize, one, 0), 0.75);
}

TEST(ResizeCoordinate, SymmetricCentresWhatTheFloorCutsOff) {
  // 5 * 0.5 = 2.5 outputs, of which 2 are left: half an output, one input, is cut on either side.
  const ResizeAxis down{.in = 5, .out = 2, .scale = 0.5};
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::HalfPixelSymmetric, down, 0), 1.0);
  EXPECT_DOUBLE_EQ(resize_coordinate(CoordinateMode::HalfPixelSymmetric, down, 1), 3.0);
}

TEST(ResizeTaps, NearestRoundsAsAsked) {
  const ResizeAxis axis{.in = 4, .out = 8, .scale = 2.0};
  const auto index = [&axis](NearestMode nearest, std::int64_t o) {
    const ResizeRule rule{.coordinates = CoordinateMode::Asymmetric, .nearest = nearest};
    return resize_taps(rule, axis, o).indices[0];  // of coordinate o / 2
  };
  EXPECT_EQ(index(NearestMode::RoundPreferFloor, 3), 1);
  EXPECT_EQ(index(NearestMode::RoundPreferCeil, 3), 2);
  EXPECT_EQ(index(NearestMode::Floor, 3), 1);
  EXPECT_EQ(index(NearestMode::Ceil, 3), 2);
  EXPECT_EQ(index(NearestMode::Ceil, 7), 3);  // clamped
  EXPECT_EQ(index(NearestMode::Ceil, 2), 1);
}

TEST(ResizeTaps, WeightsSumToOneInEveryInterpolation) {
  for (const ResizeMode mode : {ResizeMode::Linear, ResizeMode::Cubic}) {
    for (const bool exclude : {false, true}) {
      for (const bool antialias : {false, true}) {
        for (const double scale : {0.3, 1.0, 2.5}) {
          const ResizeRule rule{.mode = mode, .exclude_outside = exclude, .antialias = antialias};
          const auto out = static_cast<std::int64_t>(10.0 * scale);
          const ResizeAxis axis{.in = 10, .out = out, .scale = scale};
          for (std::int64_t o = 0; o < out; ++o) {
            const ResizeTaps taps = resize_taps(rule, axis, o);
            EXPECT_NEAR(std::accumulate(taps.weights.begin(), taps.weights.end(), 0.0), 1.0, 1e-12);
          }
        }
      }
    }
  }
}

TEST(ResizeTaps, AntialiasWidensTheFilter) {
  const ResizeRule rule{.mode = ResizeMode::Linear, .antialias = true};
  const ResizeTaps taps = resize_taps(rule, {.in = 8, .out = 4, .scale = 0.5}, 1);  // at 2.5
  EXPECT_EQ(taps.indices, (Ints{1, 2, 3, 4}));
  EXPECT_EQ(taps.weights, (std::vector<double>{0.125, 0.375, 0.375, 0.125}));
}

TEST(ResizeTaps, ExtrapolatesOutsideTheCrop) {
  const ResizeRule rule{.mode = ResizeMode::Linear,
                        .coordinates = CoordinateMode::TfCropAndResize,
                        .extrapolation_value = 7.0};
  const ResizeAxis axis{.in = 3, .out = 3, .scale = 1.0, .roi_begin = -1.0, .roi_end = 1.0};
  EXPECT_TRUE(resize_taps(rule, axis, 0).indices.empty());
  EXPECT_EQ(resize_taps(rule, axis, 0).offset, 7.0);
  EXPECT_EQ(resize_taps(rule, axis, 2).indices, Ints{2});
}

}  // namespace
}  // namespace mtmi::ops
