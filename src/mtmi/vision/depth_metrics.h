// How far predicted distances are from the true ones: the measures of the KITTI benchmark and of
// Eigen, Puhrsch, Fergus (2014).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "mtmi/core/exact_sum.h"

namespace mtmi::vision {

/// Predictions below this count as this far [m], as is usual on KITTI.
inline constexpr float kNearestDepth = 0.001F;
/// What DepthErrors::add() takes at most for a cap [m].
inline constexpr float kLargestDepthCap = 256.0F;

/// Sums over the pixels that have a true distance. Exact: they do not depend on the order.
struct DepthErrors {
  std::uint64_t pixels = 0;
  ExactSum abs_rel;                      ///< |p - t| / t
  ExactSum sq_rel;                       ///< (p - t)^2 / t [m]
  ExactSum squared;                      ///< (p - t)^2 [m^2]
  ExactSum log_squared;                  ///< (ln p - ln t)^2
  ExactSum log;                          ///< ln p - ln t
  std::array<std::uint64_t, 3> close{};  ///< pixels with max(p / t, t / p) < 1.25^(k + 1)

  /// Adds the pixels with 1/256 m <= truth <= cap (0 is no value); p is `predicted` [m] brought to
  /// kNearestDepth .. cap, NaN to kNearestDepth.
  /// Pre: equal sizes, `truth` finite, 1 <= cap <= kLargestDepthCap.
  void add(std::span<const float> truth, std::span<const float> predicted, float cap);

  DepthErrors& operator+=(const DepthErrors& other) noexcept;
  bool operator==(const DepthErrors&) const = default;
};

struct DepthMetrics {
  double abs_rel = 0.0;           ///< mean of |p - t| / t [1]
  double sq_rel = 0.0;            ///< mean of (p - t)^2 / t [m]
  double rmse = 0.0;              ///< root of the mean of (p - t)^2 [m]
  double rmse_log = 0.0;          ///< root of the mean of (ln p - ln t)^2 [1]
  double si_log = 0.0;            ///< 100 x the standard deviation of ln p - ln t, as KITTI's [1]
  std::array<double, 3> delta{};  ///< share of pixels with max(p / t, t / p) < 1.25^(k + 1) [1]

  bool operator==(const DepthMetrics&) const = default;
};

/// All 0 where there is no pixel.
[[nodiscard]] DepthMetrics depth_metrics(const DepthErrors& errors);

/// The mean of each measure over images that have pixels: how KITTI averages.
[[nodiscard]] DepthMetrics mean_depth_metrics(std::span<const DepthErrors> images);

}  // namespace mtmi::vision
