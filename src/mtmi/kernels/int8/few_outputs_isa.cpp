#include "mtmi/kernels/int8/isa_kernels.h"
#include "mtmi/kernels/int8/panel_isa.h"

namespace mtmi::kernels::int8::MTMI_ISA {
namespace {

constexpr int kElements = kLanes * kStep;  // of a panel, in a vector
constexpr int kTogether = 4;               // pixels that share a vector of weights

/// One output channel of kLanes pixels of a row: vectors run along the depth.
struct Dots {
  const PanelElement* const* segments;
  std::int64_t offset;  ///< of the first pixel
  std::int64_t stride;  ///< between pixels
  const PanelLayout& panel;
  const std::byte* weights;
};

I32 sum_pixels(const Dots& dots) {
  I32 sums[kLanes];
  for (int p = 0; p < kLanes; p += kTogether) {
    I32 sum[kTogether];
    MTMI_UNROLL
    for (int i = 0; i < kTogether; ++i) {
      sum[i] = broadcast_i32(0);
    }
    const std::byte* w = dots.weights;
    for (std::int64_t s = 0; s < dots.panel.segments; ++s) {
      const PanelElement* src = dots.segments[s] + dots.offset + p * dots.stride;
      for (std::int64_t k = 0; k < dots.panel.segment; k += kElements) {
        const I32 weights = load_weights(w);
        w += sizeof(weights);
        MTMI_UNROLL
        for (int i = 0; i < kTogether; ++i) {
          sum[i] = dot(sum[i], load_weights(src + k + i * dots.stride), weights);
        }
      }
    }
    MTMI_UNROLL
    for (int i = 0; i < kTogether; ++i) {
      sums[p + i] = sum[i];
    }
  }
  return add_lanes(sums);
}

/// The sums of `count` pixels, at most kLanes, of channel `k`.
void finish_pixels(const PackedConvolution& packed,
                   I32 sums,
                   std::int64_t k,
                   std::int64_t count,
                   std::byte* dst,
                   std::int64_t dst_pixel) {
  const Epilogue e = packed.epilogue();
  const F32 factor = broadcast_f32(packed.packed_multipliers()[k]);
  const float* negative = packed.packed_negative_multipliers();
  const F32 other = negative == nullptr ? factor : broadcast_f32(negative[k]);
  const I32 n = add(sums, broadcast_i32(packed.packed_bias()[k]));
  const F32 x = mul(to_float(n), select_negative(n, other, factor));
  if (e.half) {
    std::uint16_t results[kLanes];
    store_half_partial(
        results, clamp(x, broadcast_f32(-65504.0F), broadcast_f32(65504.0F)), kLanes);
    for (std::int64_t i = 0; i < count; ++i) {
      reinterpret_cast<std::uint16_t*>(dst)[i * dst_pixel] = results[i];
    }
    return;
  }
  std::int8_t results[kLanes] = {};
  store_s8(results,
           saturate(x,
                    {.lo = broadcast_f32(e.bounds.lo),
                     .hi = broadcast_f32(e.bounds.hi),
                     .even = e.rounding == Rounding::HalfToEven}));
  for (std::int64_t i = 0; i < count; ++i) {
    reinterpret_cast<std::int8_t*>(dst)[i * dst_pixel] = results[i];
  }
}

void run_row(const PackedConvolution& packed,
             const ConvolutionArgs& args,
             const PanelElement* const* segments,
             std::byte* row) {
  const ConvolutionShape& shape = packed.shape();
  const PanelLayout& panel = packed.panel();
  const std::int64_t size = packed.epilogue().half ? 2 : 1;
  const std::int64_t depth_bytes = panel.segments * panel.segment * panel.element_bytes;
  for (std::int64_t x = 0; x < shape.w.out; x += kLanes) {
    const std::int64_t count = shape.w.out - x < kLanes ? shape.w.out - x : kLanes;
    for (std::int64_t k = 0; k < shape.oc; ++k) {
      const I32 sums = sum_pixels({.segments = segments,
                                   .offset = x * shape.w.stride * panel.pixel,
                                   .stride = shape.w.stride * panel.pixel,
                                   .panel = panel,
                                   .weights = packed.packed_weights() + k * depth_bytes});
      finish_pixels(packed, sums, k, count, row + (x * args.dst_pixel + k) * size, args.dst_pixel);
    }
  }
}

}  // namespace

void few_outputs(const PackedConvolution& packed, const ConvolutionArgs& args) {
  SourcePanel panel(packed, args);
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    std::byte* row = dst_row(packed, args, y);
    run_row(packed, args, panel.segments(y), row);
    zero_padding(packed, args, row);
  }
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
