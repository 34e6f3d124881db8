#include "mtmi/kernels/fast/packed_weights.h"

#include <algorithm>

#include "mtmi/core/assert.h"

namespace mtmi::kernels {

std::int64_t PackedShape::num_floats() const noexcept {
  return depth * ((columns + lanes - 1) / lanes * lanes);
}

void pack_weights(const PackedShape& shape,
                  const float* src,
                  std::int64_t row_stride,
                  std::int64_t column_stride,
                  std::span<float> packed) noexcept {
  MTMI_ASSERT(packed.size() == static_cast<std::size_t>(shape.num_floats()));
  float* to = packed.data();
  for (std::int64_t first = 0; first < shape.columns; first += shape.block) {
    const std::int64_t used = std::min<std::int64_t>(shape.block, shape.columns - first);
    const std::int64_t width = (used + shape.lanes - 1) / shape.lanes * shape.lanes;
    for (std::int64_t k = 0; k < shape.depth; ++k) {
      const float* from = src + k * row_stride + first * column_stride;
      if (column_stride == 1) {
        std::copy_n(from, used, to);
      } else {
        for (std::int64_t n = 0; n < used; ++n) {
          to[n] = from[n * column_stride];
        }
      }
      std::fill(to + used, to + width, 0.0F);
      to += width;
    }
  }
}

}  // namespace mtmi::kernels
