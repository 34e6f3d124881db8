#include "mtmi/core/cpu_features.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "mtmi/core/log.h"

namespace mtmi {
namespace {

constexpr std::array<std::string_view, 3> kNames{"generic", "avx2", "avx512"};

Isa detect() noexcept {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  if (avx2) {
    return avx512 ? Isa::Avx512 : Isa::Avx2;
  }
#endif
  return Isa::Generic;
}

Isa limit() noexcept {
  const char* text = std::getenv("MTMI_MAX_ISA");
  if (text == nullptr) {
    return Isa::Avx512;
  }
  if (const auto isa = parse_isa(text)) {
    return *isa;
  }
  log_warning("MTMI_MAX_ISA is none of generic, avx2, avx512: it is ignored");
  return Isa::Avx512;
}

}  // namespace

std::string_view to_string(Isa isa) noexcept {
  return kNames[static_cast<std::size_t>(isa)];
}

std::optional<Isa> parse_isa(std::string_view name) noexcept {
  const auto* it = std::find(kNames.begin(), kNames.end(), name);
  if (it == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<Isa>(it - kNames.begin());
}

Isa best_isa() noexcept {
  static const Isa best = std::min(detect(), limit());
  return best;
}

bool has_isa(Isa isa) noexcept {
  static const Isa detected = detect();
  return isa <= detected;
}

}  // namespace mtmi
