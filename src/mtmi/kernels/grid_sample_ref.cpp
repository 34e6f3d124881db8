#include "mtmi/kernels/grid_sample_ref.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace mtmi::kernels {
namespace {

// Coordinates are kept where doubles still tell neighbouring elements apart.
constexpr double kFarthest = 0x1p40;

double denormalized(const SampleRule& rule, double extent, double x) noexcept {
  const double position =
      rule.align_corners ? (x + 1.0) / 2.0 * (extent - 1.0) : ((x + 1.0) * extent - 1.0) / 2.0;
  return std::isnan(position) ? -kFarthest : std::clamp(position, -kFarthest, kFarthest);
}

/// `x` mirrored at `low` and `high` until it lies between them.
double reflected(double x, double low, double high) noexcept {
  const double range = high - low;
  if (range <= 0.0) {
    return low;
  }
  const double distance = std::fmod(std::abs(x - low), 2.0 * range);
  return low + (distance > range ? 2.0 * range - distance : distance);
}

/// Where the padding finds the element that stands at `index` outside the axis; nothing for zeros.
std::optional<std::int64_t> padded_index(const SampleRule& rule,
                                         std::int64_t extent,
                                         double index) noexcept {
  const double last = static_cast<double>(extent) - 1.0;
  const double edge = rule.align_corners ? 0.0 : -0.5;
  switch (rule.padding) {
    case SamplePadding::Border:
      return static_cast<std::int64_t>(std::clamp(index, 0.0, last));
    case SamplePadding::Reflection:
      return static_cast<std::int64_t>(std::clamp(reflected(index, edge, last - edge), 0.0, last));
    case SamplePadding::Zeros:
      break;
  }
  return std::nullopt;
}

/// Keys' cubic (1981) with a = -0.75, or a triangle.
double filter_value(SampleMode mode, double x) noexcept {
  constexpr double kA = -0.75;
  x = std::abs(x);
  if (mode == SampleMode::Linear) {
    return std::max(0.0, 1.0 - x);
  }
  if (x <= 1.0) {
    return ((kA + 2.0) * x - (kA + 3.0)) * x * x + 1.0;
  }
  return x < 2.0 ? ((kA * x - 5.0 * kA) * x + 8.0 * kA) * x - 4.0 * kA : 0.0;
}

void add_tap(const SampleRule& rule,
             std::int64_t extent,
             double index,
             double weight,
             SampleTaps& taps) noexcept {
  const bool inside = index >= 0.0 && index < static_cast<double>(extent);
  const std::optional<std::int64_t> found =
      inside ? static_cast<std::int64_t>(index) : padded_index(rule, extent, index);
  if (found) {
    taps.indices[static_cast<std::size_t>(taps.count)] = *found;
    taps.weights[static_cast<std::size_t>(taps.count)] = weight;
    ++taps.count;
  }
}

}  // namespace

SampleTaps sample_taps(const SampleRule& rule, std::int64_t extent, double x) noexcept {
  const double position = denormalized(rule, static_cast<double>(extent), x);
  SampleTaps taps;
  if (rule.mode == SampleMode::Nearest) {
    add_tap(rule, extent, std::nearbyint(position), 1.0, taps);
    return taps;
  }
  const bool is_cubic = rule.mode == SampleMode::Cubic;
  const double first = std::floor(position) - (is_cubic ? 1.0 : 0.0);
  for (int i = 0; i < (is_cubic ? 4 : 2); ++i) {
    add_tap(rule, extent, first + i, filter_value(rule.mode, first + i - position), taps);
  }
  return taps;
}

}  // namespace mtmi::kernels
