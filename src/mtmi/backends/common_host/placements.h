// Where the intermediates of an engine lie.
#pragma once

#include "mtmi/device/engine_file.h"

namespace mtmi::host {

/// Fills in `placements` and `arena_bytes`: by liveness, all that lives within one run in one
/// arena. Pre: the graph is static; views are host.View nodes.
void place_intermediates(Engine& engine);

}  // namespace mtmi::host
