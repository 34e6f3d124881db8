#include "mtmi/kernels/fast/packed_pairs.h"

#include <algorithm>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"

namespace mtmi::kernels {
namespace {

/// Rows 2 * pair and the next of one segment, `used` columns of them.
struct PairRow {
  const float* src;
  std::int64_t row_stride;
  std::int64_t column_stride;
  std::int64_t used;
  bool has_second;
};

void write_row(const PairRow& row, BFloat16* to) {
  const float* second = row.src + (row.has_second ? row.row_stride : 0);
  for (std::int64_t n = 0; n < row.used; ++n) {
    to[2 * n] = to_bfloat16(row.src[n * row.column_stride]);
    to[2 * n + 1] = row.has_second ? to_bfloat16(second[n * row.column_stride]) : BFloat16{};
  }
}

}  // namespace

void pack_pairs(const PackedPairs& shape,
                const float* src,
                std::int64_t row_stride,
                std::int64_t column_stride,
                std::span<BFloat16> packed) noexcept {
  MTMI_ASSERT(packed.size() == static_cast<std::size_t>(shape.num_elements()));
  std::fill(packed.begin(), packed.end(), BFloat16{});
  BFloat16* to = packed.data();
  for (std::int64_t first = 0; first < shape.columns; first += PackedPairs::kBlock) {
    const std::int64_t row_size = 2 * shape.width(first);
    PairRow row{.src = nullptr,
                .row_stride = row_stride,
                .column_stride = column_stride,
                .used = std::min(PackedPairs::kBlock, shape.columns - first),
                .has_second = true};
    for (std::int64_t s = 0; s < shape.segments; ++s) {
      for (std::int64_t k = 0; k < shape.segment_length; k += 2) {
        row.src = src + (s * shape.segment_length + k) * row_stride + first * column_stride;
        row.has_second = k + 1 < shape.segment_length;
        write_row(row, to + k / 2 * row_size);
      }
      to += shape.segment_pairs() * row_size;
    }
  }
}

void unpack_pairs(const PackedPairs& shape,
                  std::span<const BFloat16> packed,
                  std::span<float> matrix) noexcept {
  MTMI_ASSERT(packed.size() == static_cast<std::size_t>(shape.num_elements()));
  const BFloat16* from = packed.data();
  for (std::int64_t first = 0; first < shape.columns; first += PackedPairs::kBlock) {
    const std::int64_t row_size = 2 * shape.width(first);
    const std::int64_t used = std::min(PackedPairs::kBlock, shape.columns - first);
    for (std::int64_t s = 0; s < shape.segments; ++s) {
      float* to = matrix.data() + s * shape.segment_length * shape.columns + first;
      for (std::int64_t k = 0; k < shape.segment_length; ++k, to += shape.columns) {
        const BFloat16* row = from + k / 2 * row_size + k % 2;
        for (std::int64_t n = 0; n < used; ++n) {
          to[n] = to_float(row[2 * n]);
        }
      }
      from += shape.segment_pairs() * row_size;
    }
  }
}

}  // namespace mtmi::kernels
