// Which instructions kernels may use on this machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace mtmi {

/// Instruction sets that kernels are written for; each includes those before it.
enum class Isa : std::uint8_t {
  Generic,  ///< what the compiler's baseline has: SSE2 on x86-64, NEON on AArch64
  Avx2,     ///< AVX2, FMA3
  Avx512,   ///< AVX-512 F, BW, DQ, VL
};

/// Those that INT8 kernels are written for; each includes those before it.
enum class Int8Isa : std::uint8_t {
  Generic,
  Avx2,        ///< AVX2, F16C
  Avx512,      ///< AVX-512 F, BW, DQ, VL
  Avx512Vnni,  ///< and VNNI: products of bytes
  Amx,         ///< and AMX-INT8: products of tiles
};

/// Those that products of bfloat16 are written for; each includes those before it.
enum class Bf16Isa : std::uint8_t {
  Generic,
  Avx2,        ///< AVX2, FMA3
  Avx512,      ///< AVX-512 F, BW, DQ, VL
  Avx512Bf16,  ///< and BF16: sums of two products
  Amx,         ///< and AMX-BF16: products of tiles
};

/// "generic", "avx2", "avx512".
[[nodiscard]] std::string_view to_string(Isa isa) noexcept;
[[nodiscard]] std::optional<Isa> parse_isa(std::string_view name) noexcept;

/// "generic", "avx2", "avx512", "avx512vnni", "amx".
[[nodiscard]] std::string_view to_string(Int8Isa isa) noexcept;
[[nodiscard]] std::optional<Int8Isa> parse_int8_isa(std::string_view name) noexcept;

/// "generic", "avx2", "avx512", "avx512bf16", "amx".
[[nodiscard]] std::string_view to_string(Bf16Isa isa) noexcept;

/// The best that this processor has, limited by the environment variable MTMI_MAX_ISA (read once):
/// one of the names above, which limits all three. "avx512bf16" allows VNNI too.
[[nodiscard]] Isa best_isa() noexcept;
[[nodiscard]] Int8Isa best_int8_isa() noexcept;
[[nodiscard]] Bf16Isa best_bf16_isa() noexcept;

/// Whether this processor can run kernels written for `isa`; the environment does not count.
/// The first question about AMX asks the operating system to let this process use its registers.
[[nodiscard]] bool has_isa(Isa isa) noexcept;
[[nodiscard]] bool has_isa(Int8Isa isa) noexcept;
[[nodiscard]] bool has_isa(Bf16Isa isa) noexcept;

}  // namespace mtmi
