// Einsum: an equation such as "bhid,bhjd->bhij" brought to one loop nest.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "mtmi/shape.h"

namespace mtmi::ops {

/// dst[out labels] = sum over the other labels of the product of all operands.
struct EinsumGeometry {
  /// Of every label, those of the output first, in its order.
  std::vector<std::int64_t> extents;
  int output_rank = 0;
  /// Per operand, how far a step of each label is [elements]; 0 where the operand has it not.
  std::vector<std::vector<std::int64_t>> strides;

  [[nodiscard]] Shape dst_shape() const;
};

/// Parses `equation` for operands of the given shapes: labels a-z and A-Z, ellipses, implicit or
/// explicit output, spaces anywhere. A label twice in one term runs along the diagonal; axes of
/// extent 1 broadcast.
/// Throws Error(InvalidModel) for an equation that is damaged or does not fit the operands.
[[nodiscard]] EinsumGeometry einsum_geometry(std::string_view equation,
                                             std::span<const Shape> operands);

}  // namespace mtmi::ops
