// How float32 results of a layer in FP16 leave it. Private to steps/.
#pragma once

#include <cstdint>

#include "mtmi/backends/common_int8/steps/node_reader.h"
#include "mtmi/kernels/int8/int8_kernels.h"

namespace mtmi::int8 {

/// x < 0 ? slope * x : x, then within [least, most], which lies within what halves hold.
struct HalfExit {
  float slope = 1.0F;
  float least = 0.0F;
  float most = 0.0F;

  void apply(float* values, std::int64_t count) const noexcept {
    for (std::int64_t i = 0; i < count; ++i) {
      const float x = values[i] < 0.0F ? slope * values[i] : values[i];
      values[i] = x < least ? least : x > most ? most : x;
    }
  }
};

/// Attributes slope, least and most. Throws as NodeReader does.
[[nodiscard]] inline HalfExit read_half_exit(const NodeReader& node) {
  return {
      .slope = node.number("slope"), .least = node.number("least"), .most = node.number("most")};
}

/// `count` elements that lie together, from one type to another.
inline void convert_row(const kernels::int8::Int8Kernels& with,
                        const void* src,
                        kernels::int8::ElementType src_type,
                        void* dst,
                        kernels::int8::ElementType dst_type,
                        std::int64_t count) {
  const auto layout = kernels::int8::Layout::channels_last(1, count);
  with.convert({.src = src,
                .src_type = src_type,
                .src_layout = layout,
                .dst = dst,
                .dst_type = dst_type,
                .dst_layout = layout,
                .channels = count,
                .width = 1,
                .row_begin = 0,
                .row_end = 1,
                .dst_zero_to = 1,
                .scale = 1.0F,
                .rounding = kernels::int8::Rounding::HalfToEven});
}

}  // namespace mtmi::int8
