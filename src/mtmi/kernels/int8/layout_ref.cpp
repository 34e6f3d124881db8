#include <algorithm>
#include <cstddef>
#include <cstring>

#include "mtmi/core/half.h"
#include "mtmi/kernels/int8/layout.h"

namespace mtmi::kernels::int8 {
namespace {

std::int64_t offset(const Layout& l, std::int64_t c, std::int64_t y, std::int64_t x) noexcept {
  return c / l.block * l.block_stride + y * l.row + x * l.pixel + c % l.block;
}

float read(const ConvertArgs& args, std::int64_t at) noexcept {
  switch (args.src_type) {
    case ElementType::Float32:
      return static_cast<const float*>(args.src)[at];
    case ElementType::Float16:
      return to_float(static_cast<const Float16*>(args.src)[at]);
    case ElementType::Int8:
      return static_cast<const std::int8_t*>(args.src)[at];
  }
  return 0.0F;
}

float scaled(const ConvertArgs& args, float x) noexcept {
  if (args.src_type == ElementType::Int8 && args.dst_type != ElementType::Int8) {
    const float product = x * args.scale;
    return args.dst_type == ElementType::Float16
               ? std::clamp(product, -kLargestFloat16, kLargestFloat16)
               : product;
  }
  if (args.src_type != ElementType::Int8 && args.dst_type == ElementType::Int8) {
    return x / args.scale;
  }
  return x;
}

std::size_t size_of(ElementType type) noexcept {
  return type == ElementType::Float32 ? 4 : type == ElementType::Float16 ? 2 : 1;
}

void write(const ConvertArgs& args, std::int64_t at, float x) noexcept {
  switch (args.dst_type) {
    case ElementType::Float32:
      static_cast<float*>(args.dst)[at] = x;
      return;
    case ElementType::Float16:
      static_cast<Float16*>(args.dst)[at] = to_float16(x);
      return;
    case ElementType::Int8:
      static_cast<std::int8_t*>(args.dst)[at] = saturate_s8(x, args.rounding, Bounds{});
      return;
  }
}

void copy(const ConvertArgs& args, std::int64_t from, std::int64_t to) noexcept {
  const std::size_t size = size_of(args.dst_type);
  std::memcpy(static_cast<std::byte*>(args.dst) + static_cast<std::size_t>(to) * size,
              static_cast<const std::byte*>(args.src) + static_cast<std::size_t>(from) * size,
              size);
}

}  // namespace

void convert_ref(const ConvertArgs& args) noexcept {
  const std::int64_t all =
      (args.channels + args.dst_zero_to - 1) / args.dst_zero_to * args.dst_zero_to;
  for (std::int64_t c = 0; c < all; ++c) {
    for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
      for (std::int64_t x = 0; x < args.width; ++x) {
        const std::int64_t to = offset(args.dst_layout, c, y, x);
        if (c >= args.channels) {
          write(args, to, 0.0F);
          continue;
        }
        const std::int64_t from = offset(args.src_layout, c, y, x);
        if (args.src_type == args.dst_type) {
          copy(args, from, to);
        } else {
          write(args, to, scaled(args, read(args, from)));
        }
      }
    }
  }
}

void arg_max_ref(const ArgMaxArgs& args) noexcept {
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    const std::int8_t* pixel = args.src + p * args.src_pixel;
    args.labels[p] =
        static_cast<std::int32_t>(std::max_element(pixel, pixel + args.channels) - pixel);
  }
}

}  // namespace mtmi::kernels::int8
