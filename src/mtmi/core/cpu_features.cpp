#include "mtmi/core/cpu_features.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#if defined(__x86_64__)
#include <cpuid.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include "mtmi/core/log.h"

namespace mtmi {
namespace {

/// The first three are those of Isa too.
constexpr std::array<std::string_view, 5> kNames{"generic", "avx2", "avx512", "avx512vnni", "amx"};
constexpr std::size_t kFloatNames = 3;
constexpr std::array<std::string_view, 5> kBf16Names{
    "generic", "avx2", "avx512", "avx512bf16", "amx"};

/// What a value of MTMI_MAX_ISA allows.
struct Limit {
  std::string_view name;
  Isa isa;
  Int8Isa int8;
  Bf16Isa bf16;
};

constexpr std::array kLimits{
    Limit{"generic", Isa::Generic, Int8Isa::Generic, Bf16Isa::Generic},
    Limit{"avx2", Isa::Avx2, Int8Isa::Avx2, Bf16Isa::Avx2},
    Limit{"avx512", Isa::Avx512, Int8Isa::Avx512, Bf16Isa::Avx512},
    Limit{"avx512vnni", Isa::Avx512, Int8Isa::Avx512Vnni, Bf16Isa::Avx512},
    Limit{"avx512bf16", Isa::Avx512, Int8Isa::Avx512Vnni, Bf16Isa::Avx512Bf16},
    Limit{"amx", Isa::Avx512, Int8Isa::Amx, Bf16Isa::Amx}};

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

#if defined(__x86_64__)
bool has_f16c() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & (1U << 29)) != 0;
}

bool has_avx512_bf16() noexcept {
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & (1U << 5)) != 0;
}

// Bits of the processor's answer that say which tiles it multiplies.
constexpr unsigned kAmxBf16 = 1U << 22;
constexpr unsigned kAmxInt8 = 1U << 25;

/// Linux gives a process the tile registers when it asks for them.
bool has_amx([[maybe_unused]] unsigned elements) noexcept {
#if defined(__linux__)
  constexpr unsigned kTile = 1U << 24;
  unsigned a = 0;
  unsigned b = 0;
  unsigned c = 0;
  unsigned d = 0;
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & kTile) == 0 || (d & elements) == 0) {
    return false;
  }
  constexpr long kRequestPermission = 0x1023;  // ARCH_REQ_XCOMP_PERM of asm/prctl.h
  constexpr long kTileData = 18;               // XFEATURE_XTILEDATA
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
#else
  return false;
#endif
}
#endif

Int8Isa detect_int8() noexcept {
#if defined(__x86_64__)
  const Isa isa = detect();
  if (isa == Isa::Generic || !has_f16c()) {
    return Int8Isa::Generic;
  }
  if (isa == Isa::Avx2) {
    return Int8Isa::Avx2;
  }
  if (!__builtin_cpu_supports("avx512vnni")) {
    return Int8Isa::Avx512;
  }
  return has_amx(kAmxInt8) ? Int8Isa::Amx : Int8Isa::Avx512Vnni;
#else
  return Int8Isa::Generic;
#endif
}

Bf16Isa detect_bf16() noexcept {
  const Isa isa = detect();
  if (isa != Isa::Avx512) {
    return isa == Isa::Avx2 ? Bf16Isa::Avx2 : Bf16Isa::Generic;
  }
#if defined(__x86_64__)
  if (has_avx512_bf16()) {
    return has_amx(kAmxBf16) ? Bf16Isa::Amx : Bf16Isa::Avx512Bf16;
  }
#endif
  return Bf16Isa::Avx512;
}

const Limit& read_limit() noexcept {
  const char* text = std::getenv("MTMI_MAX_ISA");
  if (text == nullptr) {
    return kLimits.back();
  }
  for (const Limit& known : kLimits) {
    if (known.name == text) {
      return known;
    }
  }
  log_warning(
      "MTMI_MAX_ISA is none of generic, avx2, avx512, avx512vnni, avx512bf16, amx: it is ignored");
  return kLimits.back();
}

const Limit& limit() noexcept {
  static const Limit& read = read_limit();
  return read;
}

}  // namespace

std::string_view to_string(Isa isa) noexcept {
  return kNames[static_cast<std::size_t>(isa)];
}

std::string_view to_string(Int8Isa isa) noexcept {
  return kNames[static_cast<std::size_t>(isa)];
}

std::string_view to_string(Bf16Isa isa) noexcept {
  return kBf16Names[static_cast<std::size_t>(isa)];
}

std::optional<Isa> parse_isa(std::string_view name) noexcept {
  const auto* end = kNames.begin() + kFloatNames;
  const auto* it = std::find(kNames.begin(), end, name);
  if (it == end) {
    return std::nullopt;
  }
  return static_cast<Isa>(it - kNames.begin());
}

std::optional<Int8Isa> parse_int8_isa(std::string_view name) noexcept {
  const auto* it = std::find(kNames.begin(), kNames.end(), name);
  if (it == kNames.end()) {
    return std::nullopt;
  }
  return static_cast<Int8Isa>(it - kNames.begin());
}

Isa best_isa() noexcept {
  static const Isa best = std::min(detect(), limit().isa);
  return best;
}

Int8Isa best_int8_isa() noexcept {
  static const Int8Isa best = std::min(detect_int8(), limit().int8);
  return best;
}

Bf16Isa best_bf16_isa() noexcept {
  static const Bf16Isa best = std::min(detect_bf16(), limit().bf16);
  return best;
}

bool has_isa(Isa isa) noexcept {
  static const Isa detected = detect();
  return isa <= detected;
}

bool has_isa(Int8Isa isa) noexcept {
  static const Int8Isa detected = detect_int8();
  return isa <= detected;
}

bool has_isa(Bf16Isa isa) noexcept {
  static const Bf16Isa detected = detect_bf16();
  return isa <= detected;
}

}  // namespace mtmi
