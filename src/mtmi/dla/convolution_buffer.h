// The convolution buffer of a DLA core: how many of its banks a convolution needs.
#pragma once

#include <cstdint>

namespace mtmi::dla {

inline constexpr std::int64_t kConvolutionBankBytes = 32768;

/// What a core computes in. Int8: in INT8, and in FP16 where a layer has no INT8 form (Softmax).
enum class Precision { Int8, Fp16 };

/// The extents that the rule asks for.
struct ConvolutionTile {
  std::int64_t channels = 1;  ///< of the source, in one group
  std::int64_t kernel_height = 1;
  std::int64_t kernel_width = 1;
  std::int64_t dilation_height = 1;
  std::int64_t src_width = 1;
};

/// Banks that must be there at the same time.
struct ConvolutionBanks {
  std::int64_t weights = 0;  ///< for one kernel
  std::int64_t data = 0;     ///< for the rows of the source under one kernel

  [[nodiscard]] std::int64_t total() const noexcept { return weights + data; }
};

/// With e bytes per element (1 in INT8, 2 in FP16):
///   weights = ceil(round_up(channels * kernel_height * kernel_width * e, 128) / 32768)
///   entries = ceil(ceil(channels * e / 32) * src_width / 4)
///   data    = ceil(entries * ((kernel_height - 1) * dilation_height + 1) / 256)
///
/// Source: TensorRT developer guide, DLA restrictions of convolution. Necessary, not always
/// sufficient: the compiler refuses some that fit. Throws Error(InvalidModel) on overflow.
/// Pre: every extent is at least 1.
[[nodiscard]] ConvolutionBanks convolution_banks(const ConvolutionTile& tile, Precision precision);

}  // namespace mtmi::dla
