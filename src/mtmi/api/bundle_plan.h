// A bundle's parts as a plan for a target.
#pragma once

#include "mtmi/bundle/manifest.h"
#include "mtmi/plan/plan.h"
#include "mtmi/plan/target.h"

namespace mtmi {

/// The engines of EngineUse are paths below the bundle's folder.
///
/// Throws Error(InvalidArgument) if the target names heads that the bundle has not;
/// Error(Unsupported) if it wants a kind of device that a part was not built for; what make_plan()
/// throws.
[[nodiscard]] Plan plan_of(const bundle::Manifest& manifest, const Target& target);

}  // namespace mtmi
