#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/panel_isa.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

constexpr int kPixels = 8;

/// One tap of one pixel that lies inside the source.
struct TapAt {
  const std::int8_t* src;       // channel 0
  const std::int16_t* weights;  // channel 0
};

/// What some neighbouring pixels of a row read.
struct Taps {
  TapAt at[kPixels][kMaxDepthwiseTaps + 1];
  int count[kPixels];
};

void find_taps(const PackedConvolution& packed,
               const ConvolutionArgs& args,
               std::int64_t y,
               std::int64_t x,
               int pixel,
               Taps& taps) {
  const Window& h = packed.shape().h;
  const Window& w = packed.shape().w;
  const auto* weights = reinterpret_cast<const std::int16_t*>(packed.packed_weights());
  int count = 0;
  for (std::int64_t i = 0; i < h.kernel; ++i) {
    const std::int64_t sy = y * h.stride - h.pad_begin + i * h.dilation;
    for (std::int64_t j = 0; sy >= 0 && sy < h.in && j < w.kernel; ++j) {
      const std::int64_t sx = x * w.stride - w.pad_begin + j * w.dilation;
      if (sx >= 0 && sx < w.in) {
        taps.at[pixel][count++] = {args.src + (sy * w.in + sx) * args.src_pixel,
                                   weights + (i * w.kernel + j) * packed.depthwise_channels()};
      }
    }
  }
  if (count % 2 != 0) {  // pairs: a tap of any source and no weights
    taps.at[pixel][count] = {taps.at[pixel][count - 1].src,
                             weights + h.kernel * w.kernel * packed.depthwise_channels()};
    ++count;
  }
  taps.count[pixel] = count;
}

/// Sums of the kLanes16 channels from `c` on.
void sum_pixel(
    const TapAt* taps, int count, std::int64_t c, const std::int32_t* bias, std::int32_t* sums) {
  Pairs sum{broadcast_i32(0), broadcast_i32(0)};
  for (int t = 0; t < count; t += 2) {
    const Pairs x =
        interleave(load_s8_as_i16(taps[t].src + c), load_s8_as_i16(taps[t + 1].src + c));
    const Pairs w = interleave(load_i16(taps[t].weights + c), load_i16(taps[t + 1].weights + c));
    sum.low = dot16(sum.low, x.low, w.low);
    sum.high = dot16(sum.high, x.high, w.high);
  }
  const Pairs ordered = in_order(sum);
  store_i32(sums, add(ordered.low, load_i32(bias + c)));
  store_i32(sums + kLanes, add(ordered.high, load_i32(bias + c + kLanes)));
}

void run_row(const PackedConvolution& packed,
             const ConvolutionArgs& args,
             std::int64_t y,
             std::byte* row) {
  const std::int64_t channels = packed.shape().oc;
  const std::int64_t size = packed.epilogue().half ? 2 : 1;
  const std::int64_t columns = packed.shape().w.out;
  alignas(64) std::int32_t sums[kPixels * kLanes16];
  Taps taps;
  for (std::int64_t x = 0; x < columns; x += kPixels) {
    const int pixels = static_cast<int>(columns - x < kPixels ? columns - x : kPixels);
    for (int p = 0; p < pixels; ++p) {
      find_taps(packed, args, y, x + p, p, taps);
    }
    for (std::int64_t c = 0; c < channels; c += kLanes16) {
      for (int p = 0; p < pixels; ++p) {
        sum_pixel(taps.at[p], taps.count[p], c, packed.packed_bias(), sums + p * kLanes16);
      }
      finish({.packed = packed,
              .sums = sums,
              .sum_stride = kLanes16,
              .pixels = pixels,
              .column = c,
              .count = channels - c < kLanes16 ? channels - c : kLanes16,
              .dst = row + (x * args.dst_pixel + c) * size,
              .dst_pixel = args.dst_pixel});
    }
  }
}

}  // namespace

void depthwise(const PackedConvolution& packed, const ConvolutionArgs& args) {
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    std::byte* row = dst_row(packed, args, y);
    run_row(packed, args, y, row);
    zero_padding(packed, args, row);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
