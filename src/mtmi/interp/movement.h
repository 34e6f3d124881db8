// Copies of boxes between whole tensors, by element size.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/tensor.h"

namespace mtmi::interp {

/// Where a box of elements lies in a tensor [elements].
struct Placement {
  std::int64_t offset = 0;
  std::vector<std::int64_t> strides;
};

/// Copies a box of `extents` from its place in `src` to its place in `dst`. Pre: both are of one
/// element size; the box lies inside both.
void copy_box(const std::vector<std::int64_t>& extents,
              Tensor& dst,
              const Placement& to,
              const Tensor& src,
              const Placement& from);

/// A dense tensor of `shape` read from a box of `src`.
[[nodiscard]] Tensor copy_of_box(const Shape& shape, const Tensor& src, const Placement& from);

/// dst[.., i, ..] = src[.., indices[i], ..] along `axis`. Pre: every index lies in the axis.
[[nodiscard]] Tensor take(const Tensor& src, int axis, std::span<const std::int64_t> indices);

}  // namespace mtmi::interp
