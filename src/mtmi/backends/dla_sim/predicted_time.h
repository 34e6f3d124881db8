// The time that the model of an Orin DLA predicts, and its place in an engine.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <vector>

#include "mtmi/device/backend.h"

namespace mtmi::dla_sim {

/// Of a run of the whole graph (dla/cost.h). Throws as int8::plan_precision().
[[nodiscard]] std::chrono::nanoseconds predict_time(const Graph& graph,
                                                    const CompileOptions& options);

/// A layer's cost stands at its first node; the nodes that are computed with it cost nothing more.
[[nodiscard]] std::vector<NodeEstimate> estimate_nodes(const Graph& graph,
                                                       const CompileOptions& options);

/// As Engine::blob.
[[nodiscard]] std::vector<std::byte> write_predicted_time(std::chrono::nanoseconds time);
/// Throws Error(InvalidModel) for anything else.
[[nodiscard]] std::chrono::nanoseconds read_predicted_time(std::span<const std::byte> blob);

}  // namespace mtmi::dla_sim
