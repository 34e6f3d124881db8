// The order in which a product's constant matrix lies, so that a register tile reads it in a row.
#pragma once

#include <cstdint>
#include <span>

namespace mtmi::kernels {

/// A matrix of `depth` rows (what is summed over) and `columns` (outputs), cut into blocks of
/// `block` columns: [ceil(columns / block)][depth][width], where `width` is `block`, and for the
/// last block as few multiples of `lanes` as hold what is left. Missing columns are zero.
struct PackedShape {
  std::int64_t depth = 0;
  std::int64_t columns = 0;
  int block = 0;
  int lanes = 0;

  [[nodiscard]] std::int64_t num_floats() const noexcept;
};

/// packed <- element (k, n) at src[k * row_stride + n * column_stride].
/// Pre: packed.size() == shape.num_floats().
void pack_weights(const PackedShape& shape,
                  const float* src,
                  std::int64_t row_stride,
                  std::int64_t column_stride,
                  std::span<float> packed) noexcept;

}  // namespace mtmi::kernels
