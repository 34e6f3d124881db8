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

/// "generic", "avx2", "avx512".
[[nodiscard]] std::string_view to_string(Isa isa) noexcept;
[[nodiscard]] std::optional<Isa> parse_isa(std::string_view name) noexcept;

/// The best that this processor has, limited by the environment variable MTMI_MAX_ISA (read once).
[[nodiscard]] Isa best_isa() noexcept;

/// Whether this processor can run kernels written for `isa`; the environment does not count.
[[nodiscard]] bool has_isa(Isa isa) noexcept;

}  // namespace mtmi
