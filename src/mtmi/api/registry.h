// The backends of this build, for the public API.
#pragma once

#include "mtmi/device/registry.h"

namespace mtmi {

/// Filled at the first call, never destroyed: pipelines may leave devices behind that hang.
[[nodiscard]] const Registry& built_in_registry();

}  // namespace mtmi
