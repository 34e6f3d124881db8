// Reading an image at given coordinates as the definition says.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mtmi/kernels/element.h"
#include "mtmi/kernels/saturate.h"

namespace mtmi::kernels {

enum class SampleMode { Nearest, Linear, Cubic };

/// What stands outside the image, to be read or mixed like the image itself: 0, the nearest border
/// element, or the image mirrored.
enum class SamplePadding { Zeros, Border, Reflection };

struct SampleRule {
  SampleMode mode = SampleMode::Linear;
  SamplePadding padding = SamplePadding::Zeros;
  /// Whether -1 and 1 are the centres of the first and last element, or their outer edges.
  bool align_corners = false;
};

/// src [n, c, in...], grid [n, points, spatial_rank], dst [n, c, points]: always three spatial
/// axes; those that the source lacks have extent 1, in front.
struct SampleProblem {
  std::int64_t n = 1;
  std::int64_t c = 1;
  std::array<std::int64_t, 3> in{1, 1, 1};  ///< each > 0
  std::int64_t points = 1;                  ///< of one element of the batch
  int spatial_rank = 2;                     ///< 1 to 3
};

/// The elements along one axis that a sample mixes.
struct SampleTaps {
  int count = 0;
  std::array<std::int64_t, 4> indices{};  ///< inside the axis
  std::array<double, 4> weights{};
};

/// The taps for normalised coordinate `x` (-1 to 1) along an axis of `extent` elements. Coordinates
/// beyond 2^40 elements, and NaN, count as that far outside. Pre: extent > 0.
[[nodiscard]] SampleTaps sample_taps(const SampleRule& rule,
                                     std::int64_t extent,
                                     double x) noexcept;

/// dst[n,c,p] = src[n,c] at grid[n,p], whose last number belongs to the outermost axis.
/// Interpolates in double; integers are rounded half to even and clamped.
template <class T>
void grid_sample_ref(const SampleRule& rule,
                     const SampleProblem& problem,
                     const T* src,
                     std::span<const double> grid,
                     T* dst) noexcept {
  const auto& in = problem.in;
  const std::int64_t plane = in[0] * in[1] * in[2];
  for (std::int64_t n = 0; n < problem.n; ++n) {
    for (std::int64_t p = 0; p < problem.points; ++p) {
      std::array<SampleTaps, 3> taps;
      taps.fill({.count = 1, .indices = {0}, .weights = {1.0}});
      for (int i = 0; i < problem.spatial_rank; ++i) {
        const auto axis = static_cast<std::size_t>(2 - i);
        const std::int64_t at = (n * problem.points + p) * problem.spatial_rank + i;
        taps[axis] = sample_taps(rule, in[axis], grid[static_cast<std::size_t>(at)]);
      }
      for (std::int64_t c = n * problem.c; c < (n + 1) * problem.c; ++c) {
        double sum = 0.0;
        for (std::size_t d = 0; d < static_cast<std::size_t>(taps[0].count); ++d) {
          for (std::size_t h = 0; h < static_cast<std::size_t>(taps[1].count); ++h) {
            for (std::size_t w = 0; w < static_cast<std::size_t>(taps[2].count); ++w) {
              const std::int64_t at =
                  (taps[0].indices[d] * in[1] + taps[1].indices[h]) * in[2] + taps[2].indices[w];
              sum += taps[0].weights[d] * taps[1].weights[h] * taps[2].weights[w] *
                     static_cast<double>(load(src[c * plane + at]));
            }
          }
        }
        dst[c * problem.points + p] = store<T>(saturate_rounded<ComputeType<T>>(sum));
      }
    }
  }
}

}  // namespace mtmi::kernels
