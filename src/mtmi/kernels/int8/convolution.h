// INT8 convolution, channels last: exact integer sums, one requantisation.
//
// Weights and everything per channel are packed once, before the first frame; a run reads them and
// a piece of scratch memory of the caller's, and computes the rows of the destination it is told
// to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/core/cpu_features.h"
#include "mtmi/core/window.h"
#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::kernels::int8 {

/// weights[oc][ic / groups][h.kernel][w.kernel]. Outside the source is 0.
struct ConvolutionShape {
  Window h{};
  Window w{};
  std::int64_t ic = 1;
  std::int64_t oc = 1;
  std::int64_t groups = 1;

  /// Products that are summed for one output.
  [[nodiscard]] std::int64_t depth() const noexcept { return ic / groups * h.kernel * w.kernel; }

  bool operator==(const ConvolutionShape&) const = default;
};

/// Sums of more products than this are held in 64 bits.
inline constexpr std::int64_t kMaxDepth32 = 65536;

/// What becomes of the sum n of output channel k, after the bias was added to it.
struct Epilogue {
  std::span<const std::int32_t> bias{};           ///< [oc]; empty: 0
  std::span<const float> multipliers{};           ///< [oc], finite
  std::span<const float> negative_multipliers{};  ///< [oc], for n < 0 (leaky); empty: the same
  Rounding rounding = Rounding::HalfAwayFromZero;
  Bounds bounds{};
  bool half = false;  ///< requantize_half() in place of requantize(): dst is binary16
};

/// Depthwise convolutions of more taps are computed in plain loops.
inline constexpr int kMaxDepthwiseTaps = 64;

/// How a convolution is computed.
enum class ConvolutionMethod : std::uint8_t {
  Panel,       ///< products of source rows, copied with their padding, and packed weights
  FewOutputs,  ///< the same panel; vectors run along the depth, not along the outputs
  Winograd,    ///< the same panel; 3x3 by Winograd's F(2x2, 3x3) in whole numbers
  Depthwise,   ///< each channel by itself
  Plain,       ///< plain loops in 64 bits: what is too long for the others
};

/// How the source panel and the weights lie. Private to the kernels.
///
/// A panel holds `slots` source rows (row r in slot r mod slots), each with its padding: `columns`
/// pixels of `pixel` elements, in `row` elements. An output reads `segments` runs of `segment`
/// elements. Weights: [group][block of outputs][segment][segment / step][width][step], where a
/// block has `block` outputs, the last of a group as few multiples of `lanes` as hold what is left;
/// the rest is zero. Values per channel are padded in the same way, `group_columns` to a group.
struct PanelLayout {
  int lanes = 1;
  int block = 1;
  int step = 1;
  int element_bytes = 1;
  bool offset = false;  ///< elements are the source plus 128, and the bias makes up for it
  std::int64_t pixel = 0;
  std::int64_t columns = 0;
  std::int64_t row = 0;
  std::int64_t slots = 0;
  std::int64_t segments = 0;
  std::int64_t segment = 0;
  std::int64_t group_columns = 0;
  std::int64_t tiles = 0;  ///< Winograd: 2x2 outputs that are computed at a time
};

/// Winograd: places of a 4x4 transform, each a product of its own; weights [place], then as above.
inline constexpr int kWinogradPlaces = 16;

/// What Winograd keeps behind the panel: where its parts begin, and all of it [bytes].
struct WinogradScratch {
  std::int64_t products;  ///< int32 [place][tiles][block]; the transformed source lies before them
  std::int64_t sums;      ///< int32 [2 rows][2 * tiles][block]
  std::int64_t total;
};

[[nodiscard]] constexpr WinogradScratch winograd_scratch(const PanelLayout& panel) noexcept {
  const std::int64_t source = 2 * kWinogradPlaces * panel.tiles * panel.pixel;
  const std::int64_t products = 4 * kWinogradPlaces * panel.tiles * panel.block;
  const std::int64_t sums = 4 * 4 * panel.tiles * panel.block;
  return {.products = source, .sums = source + products, .total = source + products + sums};
}

/// A convolution made ready for the kernels of one instruction set. Immutable; any number of
/// threads may run it at a time.
class PackedConvolution {
 public:
  /// Copies all that it is given. Pre: groups divides ic and oc; the windows fit the sources; for
  /// depth() <= kMaxDepth32 no sum with its bias leaves int32.
  PackedConvolution(const ConvolutionShape& shape,
                    std::span<const std::int8_t> weights,
                    const Epilogue& epilogue,
                    Int8Isa isa);

  [[nodiscard]] const ConvolutionShape& shape() const noexcept { return shape_; }

  [[nodiscard]] Int8Isa isa() const noexcept { return isa_; }

  [[nodiscard]] ConvolutionMethod method() const noexcept { return method_; }

  /// What one run (one thread) needs as ConvolutionArgs::scratch, aligned to 64 [bytes].
  [[nodiscard]] std::int64_t scratch_bytes() const noexcept;

  /// What is packed [bytes].
  [[nodiscard]] std::int64_t size_bytes() const noexcept;

  /// As given, per output channel; negative multipliers always.
  [[nodiscard]] Epilogue epilogue() const noexcept;

  /// As given: [oc][ic / groups][kh][kw].
  [[nodiscard]] std::span<const std::int8_t> weights() const noexcept { return weights_; }

  /// For the kernels: all that read panels.
  [[nodiscard]] const PanelLayout& panel() const noexcept { return panel_; }

  /// For the kernels. Panels: as PanelLayout says. Depthwise: int16 [kh * kw + 1][channels], the
  /// last row zeros.
  [[nodiscard]] const std::byte* packed_weights() const noexcept { return packed_.data(); }

  /// For the kernels: oc rounded up. Depthwise only.
  [[nodiscard]] std::int64_t depthwise_channels() const noexcept {
    return static_cast<std::int64_t>(packed_bias_.size());
  }

  /// For the kernels: bias with what makes up for an offset, multipliers, negative multipliers;
  /// padded with zeros as the weights are.
  [[nodiscard]] const std::int32_t* packed_bias() const noexcept { return packed_bias_.data(); }

  [[nodiscard]] const float* packed_multipliers() const noexcept {
    return packed_multipliers_.data();
  }

  /// nullptr where they are the same.
  [[nodiscard]] const float* packed_negative_multipliers() const noexcept {
    return packed_negative_multipliers_.empty() ? nullptr : packed_negative_multipliers_.data();
  }

 private:
  void pack_panel();
  void pack_winograd();
  void pack_depthwise();
  void pack_channels(std::int64_t group_columns);

  ConvolutionShape shape_;
  Int8Isa isa_;
  ConvolutionMethod method_;
  PanelLayout panel_;
  std::vector<std::int8_t> weights_;
  std::vector<std::int32_t> bias_;
  std::vector<float> multipliers_;
  std::vector<float> negative_multipliers_;
  bool leaky_;
  Rounding rounding_;
  Bounds bounds_;
  bool half_;
  std::vector<std::byte> packed_;
  std::vector<std::int32_t> packed_bias_;
  std::vector<float> packed_multipliers_;
  std::vector<float> packed_negative_multipliers_;
};

/// One image. dst(y, x, k) for y in [row_begin, row_end).
struct ConvolutionArgs {
  const std::int8_t* src = nullptr;  ///< [h.in][w.in], pixels src_pixel bytes apart, first channel
  std::int64_t src_pixel = 0;        ///< >= ic rounded up to a multiple of 32, all of it readable
  void* dst = nullptr;               ///< int8 or binary16 [h.out][w.out], first channel
  std::int64_t dst_pixel = 0;        ///< [elements]
  std::int64_t dst_row = 0;          ///< [elements]; 0: w.out * dst_pixel
  std::int64_t dst_channels = 0;     ///< written per pixel: oc results, then zeros; >= oc
  std::int64_t row_begin = 0;
  std::int64_t row_end = 0;
  std::byte* scratch = nullptr;
};

/// Pre: `packed` is for this table's instruction set; nothing overlaps.
using ConvolutionFn = void (*)(const PackedConvolution& packed, const ConvolutionArgs& args);
void convolution_ref(const PackedConvolution& packed, const ConvolutionArgs& args) noexcept;

}  // namespace mtmi::kernels::int8
