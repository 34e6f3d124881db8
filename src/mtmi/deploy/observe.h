// The first half of calibration: what the tensors of INT8 heads hold, over all images.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/deploy/known_hashes.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/simplify.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/registry.h"
#include "mtmi/graph/graph.h"
#include "mtmi/quant/observations.h"

namespace mtmi::deploy {

/// What images are run through.
struct ObserveInputs {
  Source* source = nullptr;
  const Simplified* simplified = nullptr;
  const std::vector<std::filesystem::path>* images = nullptr;
  KnownHashes* hashes = nullptr;
};

/// The contents of the images, in whatever order they came: what is counted does not depend on it.
void add_images(StepKey& key, const ObserveInputs& inputs);

/// Runs the encoder and, on what it gives, all `heads` over all images, one image at a time, in
/// float32 on the CPU, and counts what every tensor of the heads holds. The features stay in
/// memory. No choice of a range goes in, so that another method needs no image again. An
/// interrupted run goes on behind the last image that was saved.
///
/// Pre: the network takes one image, and there are images. Throws what quant::observe_images()
/// throws.
[[nodiscard]] bundle::HashedFile observe_heads(StepStore& store,
                                               const Registry& registry,
                                               const ObserveInputs& inputs,
                                               const Part& encoder,
                                               const std::vector<const Part*>& heads);

/// What was counted of one head, by the names of its own tensors.
/// Throws Error(InvalidModel) if the file is damaged.
[[nodiscard]] quant::Observations observations_of(const std::filesystem::path& file,
                                                  const std::string& head,
                                                  const Graph& graph);

}  // namespace mtmi::deploy
