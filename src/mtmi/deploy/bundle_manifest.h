// manifest.json: what makes a bundle of the files in a folder.
#pragma once

#include <filesystem>

#include "mtmi/bundle/manifest.h"
#include "mtmi/deploy/hand_off.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/simplify.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/deploy/verify.h"
#include "mtmi/plan/target.h"

namespace mtmi::deploy {

/// Somebody else's manifest.json is not written over; one of ours that is damaged stands beside the
/// steps that made it. Throws Error(InvalidArgument) naming the file; Error(Io).
void require_own_manifest(const std::filesystem::path& folder);

/// The network, the target (a file of its own, a step of `store`) and what is handed over. Parts
/// and what was verified are still to be added.
[[nodiscard]] bundle::Manifest begin_manifest(StepStore& store,
                                              const Source& source,
                                              const Simplified& simplified,
                                              const Outline& outline,
                                              const HandOffs& hand_offs,
                                              const Target& target);

/// The part's entry.
[[nodiscard]] bundle::Part entry_of(const BuiltPart& part);

/// Writes manifest.json into the store's folder unless it says the same already; one that is
/// damaged is reported. Throws Error(Io).
void write_manifest(StepStore& store, const bundle::Manifest& manifest);

}  // namespace mtmi::deploy
