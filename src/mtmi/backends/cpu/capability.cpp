#include "mtmi/backends/cpu/capability.h"

#include <array>
#include <string>

#include "mtmi/error.h"

namespace mtmi::cpu {
namespace {

struct Named {
  Isa isa;
  const char* name;
  const char* description;
};

// The fastest first.
constexpr std::array<Named, 3> kNamed{{
    {Isa::Avx512, "x86-avx512", "x86-64 with AVX-512 (F, BW, DQ, VL)"},
    {Isa::Avx2, "x86-avx2", "x86-64 with AVX2 and FMA"},
    {Isa::Generic, "generic", "any processor: 128-bit vectors of the baseline"},
}};

/// What this machine multiplies the narrower types with.
std::string narrow_products() {
  return "; bf16 by " + std::string(to_string(best_bf16_isa())) + ", int8 by " +
         std::string(to_string(best_int8_isa()));
}

}  // namespace

Capability capability_of(Isa isa) {
  for (const Named& named : kNamed) {
    if (named.isa == isa) {
      return {.name = named.name, .description = named.description};
    }
  }
  return {};
}

std::optional<Isa> isa_of(std::string_view capability_name) {
  for (const Named& named : kNamed) {
    if (named.name == capability_name) {
      return named.isa;
    }
  }
  return std::nullopt;
}

Isa require_isa(std::string_view capability_name) {
  const std::optional<Isa> isa = isa_of(capability_name);
  if (!isa || !has_isa(*isa)) {
    throw Error(ErrorCode::Unsupported,
                "cpu::require_isa",
                "the engine was built for " + std::string(capability_name) +
                    ", this processor is " + capability_of(best_isa()).name +
                    ": build it again here");
  }
  return *isa;
}

std::vector<Capability> all_capabilities() {
  std::vector<Capability> here;
  std::vector<Capability> elsewhere;
  for (const Named& named : kNamed) {
    (named.isa <= best_isa() ? here : elsewhere).push_back(capability_of(named.isa));
  }
  here.front().description += narrow_products();
  here.insert(here.end(), elsewhere.begin(), elsewhere.end());
  return here;
}

}  // namespace mtmi::cpu
