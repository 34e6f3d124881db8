// The names under which engines remember which instructions they need.
#pragma once

#include <optional>
#include <string_view>

#include "mtmi/core/cpu_features.h"
#include "mtmi/device/backend.h"

namespace mtmi::cpu {

/// "x86-avx512", "x86-avx2", "generic".
[[nodiscard]] Capability capability_of(Isa isa);
[[nodiscard]] std::optional<Isa> isa_of(std::string_view capability_name);
/// The same, of what this machine can run. Throws Error(Unsupported) where it cannot.
Isa require_isa(std::string_view capability_name);

/// What this machine has, the best first; then what it can only compile for.
[[nodiscard]] std::vector<Capability> all_capabilities();

}  // namespace mtmi::cpu
