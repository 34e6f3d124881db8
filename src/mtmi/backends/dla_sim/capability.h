// Which chip and which release of TensorRT an engine is for.
#pragma once

#include <string_view>
#include <vector>

#include "mtmi/device/backend.h"
#include "mtmi/dla/rules.h"

namespace mtmi::dla_sim {

/// The rules that the capability "orin-dla@trt8.6.11" stands for.
/// Throws Error(InvalidArgument) for a name of another form, an unknown chip or release.
[[nodiscard]] dla::CheckOptions rules_of(std::string_view capability_name, Precision precision);

/// The releases that DRIVE OS and JetPack bring, for Orin; the first is the default.
[[nodiscard]] std::vector<Capability> capabilities();

}  // namespace mtmi::dla_sim
