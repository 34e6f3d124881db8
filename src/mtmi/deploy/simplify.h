// The network in its canonical form, and what its inputs and outputs mean.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/graph/graph.h"

namespace mtmi::deploy {

/// What simplify_network() gives.
struct Simplified {
  bundle::HashedFile model;  ///< ONNX
  bundle::HashedFile card;   ///< TOML, everything filled in
  std::string network;       ///< the card's name
  bool takes_one_image = false;
  std::map<std::string, std::string> tasks;  ///< "depth", "segmentation" or "raw", by output
};

/// Those of `outputs` that are depth.
[[nodiscard]] std::vector<std::string> depths_among(const std::vector<std::string>& outputs,
                                                    const Simplified& simplified);

/// Throws what Source, passes::simplify() and onnx::serialize_model() throw.
[[nodiscard]] Simplified simplify_network(StepStore& store, Source& source);

}  // namespace mtmi::deploy
