// Operators that a backend has no kernel for: they run on the interpreter.
#pragma once

#include <memory>

#include "mtmi/backends/common_host/step.h"

namespace mtmi::host {

/// Any operator of ONNX that can_evaluate(), on row-major values: correct, slow, and it allocates.
/// `graph` must outlive the step.
[[nodiscard]] std::unique_ptr<Step> make_reference_step(const Graph& graph, NodeId id);

}  // namespace mtmi::host
