// Whether a target speaks of what the network has: what it asks for in vain is refused.
#pragma once

#include <vector>

#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/simplify.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/plan/target.h"

namespace mtmi::deploy {

/// Throws Error(InvalidArgument) naming a head of the target that the network has not.
void require_known_heads(const Target& target, const Outline& outline);

/// A limit that judges nothing would pass for a gate that was passed: throws Error(InvalidArgument)
/// saying which (find_idle_limit()). Reads the network only where there are limits.
void require_fitting_limits(const Target& target,
                            const std::vector<Part>& parts,
                            const Outline& outline,
                            const Simplified& simplified,
                            Source& source);

/// A stand-by takes over with the same engine: throws Error(InvalidArgument) naming a part whose
/// stand-by is a device of another kind.
void require_fitting_stand_bys(const Target& target, const std::vector<Part>& parts);

/// What is to stay in FP16 is there: of one head's tensors all, of those for all heads each in one.
/// Throws Error(InvalidArgument) naming one that is not, and what load_part() throws.
/// Pre: the parts are rewritten.
void require_kept_tensors(const Target& target,
                          const std::vector<Part>& parts,
                          const StepStore& store);

}  // namespace mtmi::deploy
