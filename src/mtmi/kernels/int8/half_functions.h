// Functions of one binary16, as tables.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/kernels/int8/requantize.h"

namespace mtmi::kernels::int8 {

/// Computed in double and rounded once to binary16. NaN gives NaN.
enum class HalfFunction : std::uint8_t { Sigmoid, Tanh };

/// [65536], by the bits of the argument; the entries are binary16.
[[nodiscard]] std::vector<std::uint16_t> half_table(HalfFunction f);

/// The same to INT8: saturate(round(fl(h / scale))) of the binary16 result h; NaN gives 0.
/// Pre: scale > 0 and finite.
[[nodiscard]] std::vector<std::int8_t> half_to_int8_table(HalfFunction f,
                                                          float scale,
                                                          Rounding rounding);

/// dst[i] = table[src[i] + 128] as binary16; `table` has 256 entries.
void look_up_half(const std::int8_t* src,
                  std::uint16_t* dst,
                  std::int64_t n,
                  const std::uint16_t* table) noexcept;

/// dst[i] = table[src[i]]: `src` holds binary16, `table` has 65,536 entries.
void look_up_from_half(const std::uint16_t* src,
                       std::uint16_t* dst,
                       std::int64_t n,
                       const std::uint16_t* table) noexcept;
void look_up_from_half(const std::uint16_t* src,
                       std::int8_t* dst,
                       std::int64_t n,
                       const std::int8_t* table) noexcept;

}  // namespace mtmi::kernels::int8
