// Does the device take the part?
#pragma once

#include <string>

#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/registry.h"

namespace mtmi::deploy {

/// Why the part's device refuses it: the first node that it does not run, with rule and advice, and
/// how many more there are. Empty: it takes the part.
[[nodiscard]] std::string find_refusal(StepStore& store,
                                       const Registry& registry,
                                       const Part& part);

}  // namespace mtmi::deploy
