// The order in which a product's constant matrix of bfloat16 lies: the same for every instruction
// set, so that engines do not depend on which one multiplies.
#pragma once

#include <cstdint>
#include <span>

#include "mtmi/dtype.h"

namespace mtmi::kernels {

/// A matrix whose depth (what is summed over) has `segments` times `segment_length` rows; its
/// columns are outputs. Two neighbours of the depth lie together, as instructions that add two
/// products take them; missing rows and columns are zero:
/// [ceil(columns / 64)][segments][segment_pairs()][width][2], where `width` is 64, and for the last
/// block as few multiples of 16 as hold what is left.
struct PackedPairs {
  std::int64_t segments = 1;
  std::int64_t segment_length = 0;
  std::int64_t columns = 0;

  static constexpr std::int64_t kBlock = 64;
  static constexpr std::int64_t kLanes = 16;
  /// Rows of the depth are filled up to a multiple: what a tile register holds.
  static constexpr std::int64_t kDepthStep = 32;

  [[nodiscard]] constexpr std::int64_t segment_pairs() const noexcept {
    return (segment_length + kDepthStep - 1) / kDepthStep * (kDepthStep / 2);
  }

  /// Of the block that begins at `column`.
  [[nodiscard]] constexpr std::int64_t width(std::int64_t column) const noexcept {
    const std::int64_t left = (columns - column + kLanes - 1) / kLanes * kLanes;
    return left < kBlock ? left : kBlock;
  }

  [[nodiscard]] constexpr std::int64_t num_elements() const noexcept {
    return segments * segment_pairs() * 2 * ((columns + kLanes - 1) / kLanes * kLanes);
  }
};

/// packed <- element (k, n) at src[k * row_stride + n * column_stride], rounded.
/// Pre: packed.size() == shape.num_elements().
void pack_pairs(const PackedPairs& shape,
                const float* src,
                std::int64_t row_stride,
                std::int64_t column_stride,
                std::span<BFloat16> packed) noexcept;

/// The inverse, as floats: matrix[k * columns + n] <- element (k, n).
/// Pre: sizes as of pack_pairs(); `matrix` has segments * segment_length * columns elements.
void unpack_pairs(const PackedPairs& shape,
                  std::span<const BFloat16> packed,
                  std::span<float> matrix) noexcept;

}  // namespace mtmi::kernels
