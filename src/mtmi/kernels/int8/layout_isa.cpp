#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

constexpr std::int64_t kBlock = 16;  // bytes that are transposed at a time, in both directions

std::int64_t size_of(ElementType type) {
  switch (type) {
    case ElementType::Float32:
      return 4;
    case ElementType::Float16:
      return 2;
    case ElementType::Int8:
      return 1;
  }
  return 0;
}

std::int64_t offset(const Layout& l, std::int64_t c, std::int64_t y) {
  return c / l.block * l.block_stride + y * l.row + c % l.block;
}

std::int64_t smaller(std::int64_t a, std::int64_t b) {
  return a < b ? a : b;
}

MTMI_INLINE F32 load_floats(ElementType type, const void* p, std::int64_t at, std::int64_t n) {
  if (type == ElementType::Float32) {
    return load_f32_partial(static_cast<const float*>(p) + at, n);
  }
  return load_half_partial(static_cast<const std::uint16_t*>(p) + at, n);
}

MTMI_INLINE void store_floats(ElementType type, void* p, std::int64_t at, F32 x, std::int64_t n) {
  if (type == ElementType::Float32) {
    store_f32_partial(static_cast<float*>(p) + at, x, n);
  } else {
    store_half_partial(static_cast<std::uint16_t*>(p) + at, x, n);
  }
}

/// `n` elements that lie side by side, from one type to the other.
void convert_run(const ConvertArgs& args,
                 ElementType from,
                 const void* src,
                 ElementType to,
                 void* dst,
                 std::int64_t n) {
  if (from == to) {
    copy_bytes(
        static_cast<std::int8_t*>(dst), static_cast<const std::int8_t*>(src), n * size_of(to));
    return;
  }
  const F32 scale = broadcast_f32(args.scale);
  const bool half = to == ElementType::Float16;
  const F32 most = broadcast_f32(half ? 65504.0F : 3.402823466e38F);
  const F32 least = broadcast_f32(half ? -65504.0F : -3.402823466e38F);
  const Saturation saturation{.lo = broadcast_f32(-128.0F),
                              .hi = broadcast_f32(127.0F),
                              .even = args.rounding == Rounding::HalfToEven};
  for (std::int64_t i = 0; i < n; i += kLanes) {
    const std::int64_t count = smaller(kLanes, n - i);
    if (to == ElementType::Int8) {
      const F32 x = zero_nan(div(load_floats(from, src, i, count), scale));
      store_s8_partial(static_cast<std::int8_t*>(dst) + i, saturate(x, saturation), count);
    } else if (from == ElementType::Int8) {
      const I32 q = load_s8_partial(static_cast<const std::int8_t*>(src) + i, count);
      const F32 x = mul(to_float(q), scale);
      store_floats(to, dst, i, half ? clamp(x, least, most) : x, count);
    } else {
      const F32 x = load_floats(from, src, i, count);
      store_floats(to,
                   dst,
                   i,
                   half && args.src_type == ElementType::Int8 ? clamp(x, least, most) : x,
                   count);
    }
  }
}

const std::byte* at(const void* p, ElementType type, std::int64_t index) {
  return static_cast<const std::byte*>(p) + index * size_of(type);
}

std::byte* at(void* p, ElementType type, std::int64_t index) {
  return static_cast<std::byte*>(p) + index * size_of(type);
}

/// Channels that lie side by side in both layouts, pixel by pixel.
void convert_channels(const ConvertArgs& args) {
  const Layout& s = args.src_layout;
  const Layout& d = args.dst_layout;
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    std::int64_t run = 0;
    for (std::int64_t c = 0; c < args.channels; c += run) {
      run = smaller(args.channels - c, smaller(s.block - c % s.block, d.block - c % d.block));
      for (std::int64_t x = 0; x < args.width; ++x) {
        convert_run(args,
                    args.src_type,
                    at(args.src, args.src_type, offset(s, c, y) + x * s.pixel),
                    args.dst_type,
                    at(args.dst, args.dst_type, offset(d, c, y) + x * d.pixel),
                    run);
      }
    }
  }
}

/// Pixels that lie side by side in both layouts, channel by channel.
void convert_rows(const ConvertArgs& args) {
  for (std::int64_t c = 0; c < args.channels; ++c) {
    for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
      convert_run(args,
                  args.src_type,
                  at(args.src, args.src_type, offset(args.src_layout, c, y)),
                  args.dst_type,
                  at(args.dst, args.dst_type, offset(args.dst_layout, c, y)),
                  args.width);
    }
  }
}

/// Planes to INT8 blocks of channels: rows of pixels become bytes, which are transposed.
void planes_to_blocks(const ConvertArgs& args) {
  alignas(64) std::int8_t rows[kBlock * kBlock] = {};
  alignas(64) std::int8_t pixels[kBlock * kBlock];
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    for (std::int64_t c = 0; c < args.channels; c += kBlock) {
      const std::int64_t channels = smaller(kBlock, args.channels - c);
      std::int8_t* dst = static_cast<std::int8_t*>(args.dst) + offset(args.dst_layout, c, y);
      for (std::int64_t x = 0; x < args.width; x += kBlock) {
        const std::int64_t width = smaller(kBlock, args.width - x);
        for (std::int64_t i = 0; i < channels; ++i) {
          const std::int64_t from = offset(args.src_layout, c + i, y) + x;
          convert_run(args,
                      args.src_type,
                      at(args.src, args.src_type, from),
                      ElementType::Int8,
                      rows + i * kBlock,
                      width);
        }
        transpose_16x16(rows, pixels);
        for (std::int64_t i = 0; i < width; ++i) {
          copy_bytes(dst + (x + i) * args.dst_layout.pixel, pixels + i * kBlock, channels);
        }
      }
    }
  }
}

/// INT8 blocks of channels to planes: bytes are transposed and become rows of pixels.
void blocks_to_planes(const ConvertArgs& args) {
  alignas(64) std::int8_t pixels[kBlock * kBlock] = {};
  alignas(64) std::int8_t rows[kBlock * kBlock];
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    for (std::int64_t c = 0; c < args.channels; c += kBlock) {
      const std::int64_t channels = smaller(kBlock, args.channels - c);
      const std::int8_t* src =
          static_cast<const std::int8_t*>(args.src) + offset(args.src_layout, c, y);
      for (std::int64_t x = 0; x < args.width; x += kBlock) {
        const std::int64_t width = smaller(kBlock, args.width - x);
        for (std::int64_t i = 0; i < width; ++i) {
          copy_bytes(pixels + i * kBlock, src + (x + i) * args.src_layout.pixel, channels);
        }
        transpose_16x16(pixels, rows);
        for (std::int64_t i = 0; i < channels; ++i) {
          const std::int64_t to = offset(args.dst_layout, c + i, y) + x;
          convert_run(args,
                      ElementType::Int8,
                      rows + i * kBlock,
                      args.dst_type,
                      at(args.dst, args.dst_type, to),
                      width);
        }
      }
    }
  }
}

/// Rows of kBlock floats.
using FloatBlock = float[kBlock * kBlock];

void transpose_floats(const FloatBlock& from, FloatBlock& to) {
  for (std::int64_t i = 0; i < kBlock; ++i) {
    MTMI_UNROLL
    for (std::int64_t j = 0; j < kBlock; ++j) {
      to[j * kBlock + i] = from[i * kBlock + j];
    }
  }
}

/// A block of channels by pixels, whatever the layouts, as floats: exact for all types. Rows are of
/// pixels where those lie side by side, else of channels.
struct Corner {
  std::int64_t c;
  std::int64_t y;
  std::int64_t x;
  std::int64_t channels;
  std::int64_t width;
};

/// Calls run(element of the layout, float of the block, count) for each run of the block's rows.
template <class Run>
void for_each_run(const Layout& l, const Corner& corner, bool by_pixels, Run run) {
  if (by_pixels) {
    for (std::int64_t i = 0; i < corner.channels; ++i) {
      run(offset(l, corner.c + i, corner.y) + corner.x, i * kBlock, corner.width);
    }
    return;
  }
  std::int64_t length = 0;
  for (std::int64_t i = 0; i < corner.channels; i += length) {
    const std::int64_t c = corner.c + i;
    length = smaller(corner.channels - i, l.block - c % l.block);
    for (std::int64_t x = 0; x < corner.width; ++x) {
      run(offset(l, c, corner.y) + (corner.x + x) * l.pixel, x * kBlock + i, length);
    }
  }
}

void convert_block(const ConvertArgs& args, const Corner& corner) {
  alignas(64) FloatBlock read = {};
  alignas(64) FloatBlock turned;
  const Layout& s = args.src_layout;
  const Layout& d = args.dst_layout;
  for_each_run(s, corner, s.pixel == 1, [&](std::int64_t from, std::int64_t to, std::int64_t n) {
    convert_run(
        args, args.src_type, at(args.src, args.src_type, from), ElementType::Float32, read + to, n);
  });
  const bool turn = (s.pixel == 1) != (d.pixel == 1);
  if (turn) {
    transpose_floats(read, turned);
  }
  const float* block = turn ? turned : read;
  for_each_run(d, corner, d.pixel == 1, [&](std::int64_t to, std::int64_t from, std::int64_t n) {
    convert_run(args,
                ElementType::Float32,
                block + from,
                args.dst_type,
                at(args.dst, args.dst_type, to),
                n);
  });
}

/// Whatever the layouts, through floats.
void convert_blocks(const ConvertArgs& given) {
  ConvertArgs args = given;
  if (args.src_type == args.dst_type) {
    args.scale = 1.0F;
  }
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    for (std::int64_t c = 0; c < args.channels; c += kBlock) {
      for (std::int64_t x = 0; x < args.width; x += kBlock) {
        convert_block(args,
                      {.c = c,
                       .y = y,
                       .x = x,
                       .channels = smaller(kBlock, args.channels - c),
                       .width = smaller(kBlock, args.width - x)});
      }
    }
  }
}

/// The channels behind the last.
void zero_padding(const ConvertArgs& args) {
  const std::int64_t to = args.dst_zero_to;
  const std::int64_t all = (args.channels + to - 1) / to * to;
  for (std::int64_t c = args.channels; c < all; ++c) {
    for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
      std::int64_t index = offset(args.dst_layout, c, y);
      for (std::int64_t x = 0; x < args.width; ++x, index += args.dst_layout.pixel) {
        __builtin_memset(at(args.dst, args.dst_type, index),
                         0,
                         static_cast<std::size_t>(size_of(args.dst_type)));
      }
    }
  }
}

bool whole_blocks(const Layout& l) {
  return l.block % kBlock == 0;
}

}  // namespace

void convert(const ConvertArgs& args) {
  const Layout& s = args.src_layout;
  const Layout& d = args.dst_layout;
  if (s.pixel == 1 && d.pixel == 1) {
    convert_rows(args);
  } else if (s.block > 1 && d.block > 1) {
    convert_channels(args);
  } else if (s.pixel == 1 && args.dst_type == ElementType::Int8 && whole_blocks(d)) {
    planes_to_blocks(args);
  } else if (d.pixel == 1 && args.src_type == ElementType::Int8 && whole_blocks(s)) {
    blocks_to_planes(args);
  } else {
    convert_blocks(args);
  }
  zero_padding(args);
}

void arg_max(const ArgMaxArgs& args) {
  for (std::int64_t p = 0; p < args.pixels; ++p) {
    args.labels[p] = first_largest(args.src + p * args.src_pixel, args.channels);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
