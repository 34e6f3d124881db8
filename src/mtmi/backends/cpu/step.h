// The steps of this backend: nodes of the lowered graph, ready to run.
#pragma once

#include <memory>

#include "mtmi/backends/common_host/pieces.h"
#include "mtmi/backends/common_host/step.h"
#include "mtmi/core/cpu_features.h"

namespace mtmi::cpu {

using host::Frame;
using host::Pieces;
using host::Step;

/// The step of one node for `isa`. A node of an operator of ONNX runs on the reference kernels.
/// Throws Error(InvalidModel) for a node that no lowering makes.
[[nodiscard]] std::unique_ptr<Step> make_step(const Graph& graph, NodeId id, Isa isa);

}  // namespace mtmi::cpu
