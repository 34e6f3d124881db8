// The largest or smallest elements along one axis, by sorting every line.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "mtmi/core/axis_split.h"
#include "mtmi/kernels/element.h"

namespace mtmi::kernels {

/// dst[o,j,k] = the j-th largest (smallest unless `largest`) of src[o,:,k] and indices[o,j,k] where
/// it stands, for j < count; of equal ones the first comes first. NaN counts as larger than all
/// else.
///
/// `order` holds split.extent elements of scratch; `indices` may be nullptr.
/// Pre: 0 <= count <= split.extent.
template <class T>
void top_k_ref(const AxisSplit& split,
               std::int64_t count,
               bool largest,
               const T* src,
               T* dst,
               std::int64_t* indices,
               std::span<std::int64_t> order) {
  const auto is_less = [](auto x, auto y) { return x < y || (x == x && y != y); };
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t k = 0; k < split.inner; ++k) {
      const T* const line = src + o * split.extent * split.inner + k;
      const auto value = [&](std::int64_t i) { return load(line[i * split.inner]); };
      for (std::size_t i = 0; i < order.size(); ++i) {
        order[i] = static_cast<std::int64_t>(i);
      }
      std::sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        const auto x = value(a);
        const auto y = value(b);
        if (is_less(x, y) || is_less(y, x)) {
          return largest ? is_less(y, x) : is_less(x, y);
        }
        return a < b;
      });
      for (std::int64_t j = 0; j < count; ++j) {
        const std::int64_t at = (o * count + j) * split.inner + k;
        const std::int64_t index = order[static_cast<std::size_t>(j)];
        dst[at] = line[index * split.inner];
        if (indices != nullptr) {
          indices[at] = index;
        }
      }
    }
  }
}

}  // namespace mtmi::kernels
