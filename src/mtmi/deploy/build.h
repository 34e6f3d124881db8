// Parts compiled into engines.
#pragma once

#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/deploy/hand_off.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/backend.h"
#include "mtmi/device/layout.h"
#include "mtmi/device/registry.h"
#include "mtmi/graph/graph.h"

namespace mtmi::deploy {

/// What the part's device can best be compiled for on this machine. Throws Error(Unsupported).
[[nodiscard]] Capability best_capability(const Backend& backend, const Part& part);

/// The sum of the backend's estimates of all nodes; 0 where it has no cost model [ms].
[[nodiscard]] double predict_ms(const Backend& backend,
                                const Graph& graph,
                                const Capability& capability,
                                const CompileOptions& options);

/// A part's engine.
struct Built {
  bundle::HashedFile engine;
  std::string capability;
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
  double predicted_ms = 0.0;  ///< by the backend's cost model; 0 where it has none [ms]
};

/// `graph` with the names and copies that `io` wants. Pre: its inputs and values are there.
[[nodiscard]] Graph with_hand_offs(Graph graph, const PartIo& io);

/// Compiles the part for the best that its device has here.
/// Throws Error(Unsupported) naming the part where the device takes it not.
[[nodiscard]] Built build_part(StepStore& store,
                               const Registry& registry,
                               const Part& part,
                               const PartIo& io);

}  // namespace mtmi::deploy
