// The backends of this build.
#pragma once

#include "mtmi/device/registry.h"

namespace mtmi {

/// Adds every backend that this build has to `registry`, and names those it leaves out and why.
void register_all_backends(Registry& registry);

}  // namespace mtmi
