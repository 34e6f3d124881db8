#include "mtmi/kernels/int8/convolution.h"

#include <algorithm>
#include <cstring>

#include "mtmi/core/assert.h"
#include "mtmi/kernels/int8/panel_format.h"

namespace mtmi::kernels::int8 {
namespace {

/// Beyond these a vector of outputs is full enough.
constexpr std::int64_t kMostFewOutputs = 3;

ConvolutionMethod method_for(const ConvolutionShape& s, Int8Isa isa) {
  if (s.depth() > kMaxDepth32) {
    return ConvolutionMethod::Plain;
  }
  if (s.groups == 1 && s.oc <= kMostFewOutputs) {
    return ConvolutionMethod::FewOutputs;
  }
  if (winograd_pays(s, isa)) {
    return ConvolutionMethod::Winograd;
  }
  if (s.groups == 1 || s.groups != s.ic || s.groups != s.oc) {
    return ConvolutionMethod::Panel;
  }
  return s.depth() <= kMaxDepthwiseTaps ? ConvolutionMethod::Depthwise : ConvolutionMethod::Plain;
}

PanelLayout panel_layout(const ConvolutionShape& s, const PanelFormat& f) {
  // Taps of a row lie side by side where nothing lies between them.
  const bool runs = s.groups == 1 && (s.w.dilation == 1 || s.w.kernel == 1);
  const std::int64_t pixel = round_up(s.ic, f.step);
  const std::int64_t run = runs ? s.w.kernel * pixel : s.ic / s.groups;
  const std::int64_t columns = (s.w.out - 1) * s.w.stride + s.w.reach();
  // The last pixels that are computed together, and their segments, may end past the last pixel:
  // what is read there meets zero weights, or its results are not written.
  const std::int64_t more = (round_up(s.w.out, f.pixel_multiple) - s.w.out) * s.w.stride;
  return {.lanes = f.lanes,
          .block = f.block,
          .step = f.step,
          .element_bytes = f.element_bytes,
          .offset = f.offset,
          .pixel = pixel,
          .columns = columns,
          .row = round_up((columns + more) * pixel + f.segment_multiple, kAlignment),
          .slots = s.h.reach(),
          .segments = runs ? s.h.kernel : s.h.kernel * s.w.kernel,
          .segment = round_up(run, f.segment_multiple),
          .group_columns = round_up(s.oc / s.groups, f.lanes),
          .tiles = 0};
}

/// Where the kernel and the channel of element `i` of segment `s` lie; no weight where c is past
/// the group's channels.
struct Tap {
  std::int64_t i;
  std::int64_t j;
  std::int64_t c;
};

Tap tap_of(const ConvolutionShape& shape,
           const PanelLayout& panel,
           std::int64_t segment,
           std::int64_t element) {
  if (panel.segments == shape.h.kernel && shape.groups == 1 &&
      (shape.w.dilation == 1 || shape.w.kernel == 1)) {
    return {segment, element / panel.pixel, element % panel.pixel};
  }
  return {segment / shape.w.kernel, segment % shape.w.kernel, element};
}

}  // namespace

PackedConvolution::PackedConvolution(const ConvolutionShape& shape,
                                     std::span<const std::int8_t> weights,
                                     const Epilogue& epilogue,
                                     Int8Isa isa)
    : shape_(shape),
      isa_(isa),
      method_(method_for(shape, isa)),
      weights_(weights.begin(), weights.end()),
      bias_(epilogue.bias.begin(), epilogue.bias.end()),
      multipliers_(epilogue.multipliers.begin(), epilogue.multipliers.end()),
      negative_multipliers_(epilogue.negative_multipliers.begin(),
                            epilogue.negative_multipliers.end()),
      leaky_(!epilogue.negative_multipliers.empty()),
      rounding_(epilogue.rounding),
      bounds_(epilogue.bounds),
      half_(epilogue.half) {
  MTMI_ASSERT(shape.ic % shape.groups == 0 && shape.oc % shape.groups == 0);
  MTMI_ASSERT(weights.size() == static_cast<std::size_t>(shape.oc * shape.depth()));
  const auto oc = static_cast<std::size_t>(shape.oc);
  MTMI_ASSERT(multipliers_.size() == oc);
  MTMI_ASSERT(bias_.empty() || bias_.size() == oc);
  bias_.resize(oc);
  if (!leaky_) {
    negative_multipliers_ = multipliers_;
  }
  MTMI_ASSERT(negative_multipliers_.size() == oc);
  switch (method_) {
    case ConvolutionMethod::Panel:
    case ConvolutionMethod::FewOutputs:
      pack_panel();
      break;
    case ConvolutionMethod::Winograd:
      pack_winograd();
      break;
    case ConvolutionMethod::Depthwise:
      pack_depthwise();
      break;
    case ConvolutionMethod::Plain:
      break;
  }
}

void PackedConvolution::pack_channels(std::int64_t group_columns) {
  const auto size = static_cast<std::size_t>(group_columns * shape_.groups);
  packed_bias_.assign(size, 0);
  packed_multipliers_.assign(size, 0.0F);
  packed_negative_multipliers_.assign(leaky_ ? size : 0, 0.0F);
  const std::int64_t group_oc = shape_.oc / shape_.groups;
  for (std::int64_t k = 0; k < shape_.oc; ++k) {
    const auto from = static_cast<std::size_t>(k);
    const auto to = static_cast<std::size_t>(k / group_oc * group_columns + k % group_oc);
    packed_bias_[to] = bias_[from];
    packed_multipliers_[to] = multipliers_[from];
    if (leaky_) {
      packed_negative_multipliers_[to] = negative_multipliers_[from];
    }
  }
}

void PackedConvolution::pack_panel() {
  panel_ = panel_layout(shape_, format_for(isa_, method_));
  pack_channels(panel_.group_columns);
  const std::int64_t depth = panel_.segments * panel_.segment;
  const std::int64_t group_oc = shape_.oc / shape_.groups;
  const std::int64_t group_ic = shape_.ic / shape_.groups;
  packed_.assign(
      static_cast<std::size_t>(depth * panel_.group_columns * shape_.groups * panel_.element_bytes),
      std::byte{0});
  for (std::int64_t k = 0; k < shape_.oc; ++k) {
    const std::int64_t group = k / group_oc;
    const std::int64_t column = k % group_oc;
    const std::int64_t block_begin = column / panel_.block * panel_.block;
    const std::int64_t width =
        std::min<std::int64_t>(panel_.block, panel_.group_columns - block_begin);
    std::uint32_t sum = 0;
    for (std::int64_t s = 0; s < panel_.segments; ++s) {
      for (std::int64_t e = 0; e < panel_.segment; ++e) {
        const Tap tap = tap_of(shape_, panel_, s, e);
        if (tap.j >= shape_.w.kernel || tap.c >= group_ic) {
          continue;
        }
        const std::int8_t weight = weights_[static_cast<std::size_t>(
            ((k * group_ic + tap.c) * shape_.h.kernel + tap.i) * shape_.w.kernel + tap.j)];
        const std::int64_t position = s * panel_.segment + e;
        const std::int64_t at =
            group * depth * panel_.group_columns + block_begin * depth +
            (position / panel_.step * width + column - block_begin) * panel_.step +
            position % panel_.step;
        const std::int16_t wide = weight;
        std::memcpy(packed_.data() + at * panel_.element_bytes,
                    &wide,  // little-endian: the first byte alone where elements are bytes
                    static_cast<std::size_t>(panel_.element_bytes));
        sum += static_cast<std::uint32_t>(static_cast<std::int32_t>(weight));
      }
    }
    if (panel_.offset) {  // modulo 2^32, as the sums are
      std::int32_t& bias =
          packed_bias_[static_cast<std::size_t>(group * panel_.group_columns + column)];
      bias = static_cast<std::int32_t>(static_cast<std::uint32_t>(bias) - 128U * sum);
    }
  }
}

void PackedConvolution::pack_depthwise() {
  const std::int64_t taps = shape_.h.kernel * shape_.w.kernel;
  const std::int64_t padded = round_up(shape_.oc, kAlignment);
  pack_channels(1);
  packed_bias_.resize(static_cast<std::size_t>(padded));
  packed_multipliers_.resize(static_cast<std::size_t>(padded));
  if (leaky_) {
    packed_negative_multipliers_.resize(static_cast<std::size_t>(padded));
  }
  packed_.assign(static_cast<std::size_t>((taps + 1) * padded) * sizeof(std::int16_t),
                 std::byte{0});
  for (std::int64_t t = 0; t < taps; ++t) {
    for (std::int64_t c = 0; c < shape_.oc; ++c) {
      const std::int16_t wide = weights_[static_cast<std::size_t>(c * taps + t)];
      std::memcpy(packed_.data() + static_cast<std::size_t>(t * padded + c) * sizeof(wide),
                  &wide,
                  sizeof(wide));
    }
  }
}

std::int64_t PackedConvolution::scratch_bytes() const noexcept {
  if (method_ == ConvolutionMethod::Depthwise || method_ == ConvolutionMethod::Plain) {
    return 0;
  }
  const std::int64_t pointers =
      round_up(panel_.segments * static_cast<std::int64_t>(sizeof(void*)), kAlignment);
  const std::int64_t rows = panel_.slots * panel_.row * panel_.element_bytes;
  return pointers + rows + winograd_scratch(panel_).total;
}

std::int64_t PackedConvolution::size_bytes() const noexcept {
  return static_cast<std::int64_t>(weights_.size() + packed_.size() +
                                   12 * (bias_.size() + packed_bias_.size()));
}

Epilogue PackedConvolution::epilogue() const noexcept {
  return {.bias = bias_,
          .multipliers = multipliers_,
          .negative_multipliers = negative_multipliers_,
          .rounding = rounding_,
          .bounds = bounds_,
          .half = half_};
}

}  // namespace mtmi::kernels::int8
