// A window that slides along one axis: the geometry of convolution and pooling.
#pragma once

#include <algorithm>
#include <cstdint>

#include "mtmi/core/checked.h"

namespace mtmi {

/// One spatial axis of a convolution or pooling. Tap k of output o reads the source at
/// position(o, k); what falls outside [0, in) is padding.
struct Window {
  std::int64_t in = 1;      ///< extent of the source
  std::int64_t out = 1;     ///< extent of the destination
  std::int64_t kernel = 1;  ///< taps
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad_begin = 0;
  std::int64_t pad_end = 0;

  bool operator==(const Window&) const = default;

  /// From the first to the last tap, both counted.
  [[nodiscard]] std::int64_t reach() const noexcept { return (kernel - 1) * dilation + 1; }

  [[nodiscard]] std::int64_t position(std::int64_t o, std::int64_t k) const noexcept {
    return o * stride - pad_begin + k * dilation;
  }
};

/// Half-open.
struct IndexRange {
  std::int64_t begin = 0;
  std::int64_t end = 0;
  bool operator==(const IndexRange&) const = default;
};

/// The taps of output `o` that lie inside the source. May be empty.
[[nodiscard]] inline IndexRange taps_inside(const Window& w, std::int64_t o) noexcept {
  const std::int64_t start = w.position(o, 0);
  const std::int64_t begin = std::clamp<std::int64_t>(ceil_div(-start, w.dilation), 0, w.kernel);
  const std::int64_t end =
      std::clamp<std::int64_t>(ceil_div(w.in - start, w.dilation), begin, w.kernel);
  return {begin, end};
}

/// The outputs whose tap `k` lies inside the source. May be empty.
[[nodiscard]] inline IndexRange outputs_inside(const Window& w, std::int64_t k) noexcept {
  const std::int64_t start = w.position(0, k);
  const std::int64_t begin = std::clamp<std::int64_t>(ceil_div(-start, w.stride), 0, w.out);
  const std::int64_t end = std::clamp<std::int64_t>(ceil_div(w.in - start, w.stride), begin, w.out);
  return {begin, end};
}

}  // namespace mtmi
