// What the panel kernels of each instruction set want. Private to kernels/int8.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "mtmi/core/checked.h"
#include "mtmi/kernels/int8/convolution.h"

namespace mtmi::kernels::int8 {

inline constexpr std::int64_t kAlignment = 64;

/// As the simd_*.h files say.
struct PanelFormat {
  int lanes;
  int block;
  int step;
  int element_bytes;
  bool offset;
  int segment_multiple;
  int pixel_multiple;  ///< outputs of a row that are computed at a time, past its end too
};

[[nodiscard]] inline PanelFormat format_for(Int8Isa isa, ConvolutionMethod method) {
  static constexpr std::array<PanelFormat, 5> kFormats{
      PanelFormat{4, 8, 2, 2, false, 2, 1},      // Generic
      PanelFormat{8, 16, 2, 2, false, 2, 1},     // Avx2
      PanelFormat{16, 32, 2, 2, false, 2, 1},    // Avx512
      PanelFormat{16, 32, 4, 1, true, 4, 1},     // Avx512Vnni
      PanelFormat{16, 32, 4, 1, false, 64, 32},  // Amx
  };
  if (method != ConvolutionMethod::FewOutputs) {
    return kFormats[static_cast<std::size_t>(isa)];
  }
  // AMX leaves these to VNNI.
  PanelFormat f = kFormats[static_cast<std::size_t>(std::min(isa, Int8Isa::Avx512Vnni))];
  f.segment_multiple = f.lanes * f.step;
  f.pixel_multiple = f.lanes;
  f.lanes = 1;
  f.block = 1;
  return f;
}

[[nodiscard]] constexpr std::int64_t round_up(std::int64_t n, std::int64_t multiple) {
  return (n + multiple - 1) / multiple * multiple;
}

/// Whether a convolution is computed by Winograd's F(2x2, 3x3): where products are of 16 bits
/// anyway, and the transforms are small beside them.
[[nodiscard]] bool winograd_pays(const ConvolutionShape& shape, Int8Isa isa) noexcept;

}  // namespace mtmi::kernels::int8
