// What the convolutions of every instruction set share: source panels, and the end of a sum.
//
// Included only by *_isa.cpp files.
#pragma once

#include <type_traits>

#include "mtmi/kernels/int8/convolution.h"
#include "mtmi/kernels/int8/simd.h"

namespace mtmi::kernels::int8::MTMI_ISA {

/// Pixels that no variant computes past: a row of a multiple of these is read to its end at most.
inline constexpr std::int64_t kWholePixels = 32;

/// One block of outputs of one row.
struct Block {
  const PackedConvolution& packed;
  const ConvolutionArgs& args;
  const PanelElement* const* segments;
  std::byte* row;  ///< of the destination
  std::int64_t group;
  std::int64_t column;  ///< of the group, the first
  const std::byte* weights;
};

/// Some pixels of one row by one block of outputs: sums = bias + products.
struct Tile {
  const PanelElement* const* segments;
  std::int64_t offset;  ///< of the first pixel and the group, from the segments' begin
  std::int64_t stride;  ///< between pixels
  std::int64_t num_segments;
  std::int64_t segment;
  const std::byte* weights;
  const std::int32_t* bias;
  std::int32_t* sums;  ///< a row for each pixel
};

/// The rows of the source that an output row reads, with their padding; see PanelLayout.
class SourcePanel {
 public:
  SourcePanel(const PackedConvolution& packed, const ConvolutionArgs& args)
      : shape_(packed.shape()),
        layout_(packed.panel()),
        args_(args),
        segments_(reinterpret_cast<const PanelElement**>(args.scratch)),
        rows_(reinterpret_cast<PanelElement*>(
            args.scratch +
            (layout_.segments * static_cast<std::int64_t>(sizeof(void*)) + 63) / 64 * 64)) {}

  /// Makes the rows from `begin` on be there, counted from the first of the padding; `begin` must
  /// ascend.
  void hold(std::int64_t begin) {
    const std::int64_t end = begin + layout_.slots;
    for (std::int64_t r = begin > filled_ ? begin : filled_; r < end; ++r) {
      fill(r);
    }
    filled_ = end;
  }

  /// A row that is held.
  [[nodiscard]] const PanelElement* row(std::int64_t r) const { return slot(r); }

  /// For output column 0 of row `y`: where each segment begins. Rows must ascend.
  const PanelElement* const* segments(std::int64_t y) {
    if (is_source()) {
      segments_[0] =
          reinterpret_cast<const PanelElement*>(args_.src + y * shape_.w.in * args_.src_pixel);
      return segments_;
    }
    const std::int64_t begin = y * shape_.h.stride;
    hold(begin);
    const bool runs = layout_.segments == shape_.h.kernel;
    for (std::int64_t s = 0; s < layout_.segments; ++s) {
      const std::int64_t i = runs ? s : s / shape_.w.kernel;
      const std::int64_t j = runs ? 0 : s % shape_.w.kernel;
      segments_[s] = slot(begin + i * shape_.h.dilation) + j * shape_.w.dilation * layout_.pixel;
    }
    return segments_;
  }

 private:
  /// Whether a row of the source is a row of the panel already: 1x1 over whole tiles.
  [[nodiscard]] bool is_source() const {
    const auto whole = [](const Window& w) {
      return w.kernel == 1 && w.stride == 1 && w.pad_begin == 0 && w.out <= w.in;
    };
    return std::is_same_v<PanelElement, std::int8_t> && whole(shape_.h) && whole(shape_.w) &&
           shape_.w.out % kWholePixels == 0 && layout_.pixel == args_.src_pixel &&
           layout_.segment == layout_.pixel && layout_.segments == 1;
  }

  [[nodiscard]] PanelElement* slot(std::int64_t r) const {
    return rows_ + r % layout_.slots * layout_.row;
  }

  /// Row `r`, counted from the first of the padding.
  void fill(std::int64_t r) {
    PanelElement* to = slot(r);
    const Window& w = shape_.w;
    const std::int64_t y = r - shape_.h.pad_begin;
    const std::int64_t columns = layout_.columns;
    if (y < 0 || y >= shape_.h.in) {
      fill_zeros(to, columns * layout_.pixel);
      return;
    }
    const auto clip = [columns](std::int64_t x) { return x < 0 ? 0 : x > columns ? columns : x; };
    const std::int64_t begin = clip(w.pad_begin);
    const std::int64_t end = clip(w.pad_begin + w.in);
    fill_zeros(to, begin * layout_.pixel);
    const std::int8_t* from = args_.src + (y * w.in + begin - w.pad_begin) * args_.src_pixel;
    copy(to + begin * layout_.pixel, from, end - begin);
    fill_zeros(to + end * layout_.pixel, (columns - end) * layout_.pixel);
  }

  void copy(PanelElement* to, const std::int8_t* from, std::int64_t pixels) const {
    if (layout_.pixel == args_.src_pixel) {
      to_panel(to, from, pixels * layout_.pixel);
      return;
    }
    for (std::int64_t x = 0; x < pixels; ++x, to += layout_.pixel, from += args_.src_pixel) {
      to_panel(to, from, layout_.pixel);
    }
  }

  static void fill_zeros(PanelElement* to, std::int64_t n) {
    for (std::int64_t i = 0; i < n; ++i) {
      to[i] = kPanelZero;
    }
  }

  const ConvolutionShape& shape_;
  const PanelLayout& layout_;
  const ConvolutionArgs& args_;
  const PanelElement** segments_;
  PanelElement* rows_;
  std::int64_t filled_ = 0;
};

/// Sums [pixels][sum_stride] of the output channels from `column` on (as packed) become elements.
struct FinishArgs {
  const PackedConvolution& packed;
  const std::int32_t* sums;
  std::int64_t sum_stride;
  std::int64_t pixels;
  std::int64_t column;  ///< of the values per channel
  std::int64_t count;   ///< channels that are written
  std::byte* dst;       ///< of the first of them, at the first pixel
  std::int64_t dst_pixel;
};

enum class FinishMode : std::uint8_t { Away, Even, Half };

template <FinishMode kMode>
inline void finish_as(const FinishArgs& a) {
  const Epilogue e = a.packed.epilogue();
  const float* multipliers = a.packed.packed_multipliers() + a.column;
  const float* negative = a.packed.packed_negative_multipliers();
  constexpr bool kHalf = kMode == FinishMode::Half;
  const F32 lo = broadcast_f32(kHalf ? -65504.0F : static_cast<float>(e.bounds.lo));
  const F32 hi = broadcast_f32(kHalf ? 65504.0F : static_cast<float>(e.bounds.hi));
  for (std::int64_t c = 0; c < a.count; c += kLanes) {
    const F32 factor = load_f32(multipliers + c);
    const F32 other = negative == nullptr ? factor : load_f32(negative + a.column + c);
    const std::int64_t left = a.count - c < kLanes ? a.count - c : kLanes;
    for (std::int64_t p = 0; p < a.pixels; ++p) {
      const I32 n = load_i32(a.sums + p * a.sum_stride + c);
      const F32 x = clamp(mul(to_float(n), select_negative(n, other, factor)), lo, hi);
      if constexpr (kHalf) {
        store_half_partial(reinterpret_cast<std::uint16_t*>(a.dst) + p * a.dst_pixel + c, x, left);
      } else {
        const I32 q = kMode == FinishMode::Even ? round_even(x) : round_away(x);
        auto* to = reinterpret_cast<std::int8_t*>(a.dst) + p * a.dst_pixel + c;
        if (left == kLanes) {
          store_s8(to, q);
        } else {
          store_s8_partial(to, q, left);
        }
      }
    }
  }
}

inline void finish(const FinishArgs& a) {
  const Epilogue e = a.packed.epilogue();
  if (e.half) {
    finish_as<FinishMode::Half>(a);
  } else if (e.rounding == Rounding::HalfToEven) {
    finish_as<FinishMode::Even>(a);
  } else {
    finish_as<FinishMode::Away>(a);
  }
}

/// The zeros behind the channels of one row of pixels.
inline void zero_padding(const PackedConvolution& packed,
                         const ConvolutionArgs& args,
                         std::byte* row) {
  const std::int64_t size = packed.epilogue().half ? 2 : 1;
  const std::int64_t from = packed.shape().oc * size;
  const std::int64_t to = args.dst_channels * size;
  for (std::int64_t x = 0; from < to && x < packed.shape().w.out; ++x) {
    __builtin_memset(
        row + x * args.dst_pixel * size + from, 0, static_cast<std::size_t>(to - from));
  }
}

/// Where row `y` of the destination begins.
inline std::byte* dst_row(const PackedConvolution& packed,
                          const ConvolutionArgs& args,
                          std::int64_t y) {
  const std::int64_t row = args.dst_row != 0 ? args.dst_row : packed.shape().w.out * args.dst_pixel;
  return static_cast<std::byte*>(args.dst) + y * row * (packed.epilogue().half ? 2 : 1);
}

}  // namespace mtmi::kernels::int8::MTMI_ISA
