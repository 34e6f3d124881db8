// From a graph with scales to an INT8 engine.
#pragma once

#include "mtmi/device/backend.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/dla/int8_arithmetic.h"

namespace mtmi::int8 {

/// The engine of `graph`, rounding as `rounding` says, whose steps make_step() makes. Backend,
/// capability and hash are left to the caller. Throws as lower() does.
[[nodiscard]] Engine compile(const Graph& graph,
                             const CompileOptions& options,
                             dla::Rounding rounding);

}  // namespace mtmi::int8
