#include "mtmi/kernels/grid_sample_ref.h"

#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

std::vector<std::int64_t> indices(const SampleTaps& taps) {
  return {taps.indices.begin(), taps.indices.begin() + taps.count};
}

std::vector<double> weights(const SampleTaps& taps) {
  return {taps.weights.begin(), taps.weights.begin() + taps.count};
}

using Ints = std::vector<std::int64_t>;
using Doubles = std::vector<double>;

TEST(SampleTaps, CoordinatesSpanCentresOrEdges) {
  const SampleRule edges{.mode = SampleMode::Nearest, .padding = SamplePadding::Border};
  EXPECT_EQ(indices(sample_taps(edges, 4, -0.75)), Ints{0});
  EXPECT_EQ(indices(sample_taps(edges, 4, 0.25)), Ints{2});
  const SampleRule centres{.padding = SamplePadding::Zeros, .align_corners = true};
  EXPECT_EQ(indices(sample_taps(centres, 3, 0.5)), (Ints{1, 2}));
  EXPECT_EQ(weights(sample_taps(centres, 3, 0.5)), (Doubles{0.5, 0.5}));
}

TEST(SampleTaps, PaddingSaysWhatStandsOutside) {
  const auto linear = [](SamplePadding padding) {
    return sample_taps({.padding = padding}, 4, -1.0);  // at -0.5
  };
  EXPECT_EQ(weights(linear(SamplePadding::Zeros)), Doubles{0.5});
  EXPECT_EQ(indices(linear(SamplePadding::Zeros)), Ints{0});
  EXPECT_EQ(indices(linear(SamplePadding::Border)), (Ints{0, 0}));
  // At 2 of extent 4 (edges -0.5 and 3.5) elements 5 and 6 are mirrored at 3.5 to 2 and 1.
  EXPECT_EQ(indices(sample_taps({.padding = SamplePadding::Reflection}, 4, 2.0)), (Ints{2, 1}));
}

TEST(SampleTaps, CoordinatesOfAnyValueStayInside) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const SampleMode mode : {SampleMode::Nearest, SampleMode::Linear, SampleMode::Cubic}) {
    for (const SamplePadding padding :
         {SamplePadding::Zeros, SamplePadding::Border, SamplePadding::Reflection}) {
      for (const bool align : {false, true}) {
        for (const std::int64_t extent : {1, 2, 7}) {
          for (const double x :
               {-kInfinity, -1e30, -3.7, 0.1, 1.0, 1e30, kInfinity, std::nan("")}) {
            for (const std::int64_t index :
                 indices(sample_taps({mode, padding, align}, extent, x))) {
              EXPECT_GE(index, 0);
              EXPECT_LT(index, extent);
            }
          }
        }
      }
    }
  }
}

TEST(SampleTaps, CubicWeightsSumToOne) {
  const SampleRule rule{.mode = SampleMode::Cubic, .padding = SamplePadding::Border};
  const Doubles w = weights(sample_taps(rule, 8, 0.3));
  EXPECT_NEAR(std::accumulate(w.begin(), w.end(), 0.0), 1.0, 1e-12);
}

TEST(GridSampleRef, TheFirstNumberOfAPointBelongsToTheInnermostAxis) {
  const std::vector<float> src{0, 1, 2, 3, 4, 5};  // [2,3]
  const std::vector<double> grid{1.0, -1.0};       // right, top
  float dst = 0.0F;
  grid_sample_ref<float>({.align_corners = true},
                         {.n = 1, .c = 1, .in = {1, 2, 3}, .points = 1, .spatial_rank = 2},
                         src.data(),
                         grid,
                         &dst);
  EXPECT_EQ(dst, 2.0F);
}

}  // namespace
}  // namespace mtmi::kernels
