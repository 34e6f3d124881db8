// From the graph of ONNX operators to one of steps that the CPU runs: the list of passes.
#pragma once

#include <string_view>
#include <vector>

#include "mtmi/core/cpu_features.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::cpu {

/// A graph of steps: every value lies row-major in the order of its shape (channels last where a
/// kernel wants them so), and every output has storage of its own.
struct Lowered {
  Graph graph;
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
};

/// Whether lower() makes steps of an operator of ONNX.
[[nodiscard]] bool can_lower(std::string_view op);

/// Pre: graph.is_static(). Throws Error(InvalidArgument) where options.io or options.observe name
/// what is not there, Error(Unsupported) for formats that this backend does not read or write.
[[nodiscard]] Lowered lower(const Graph& graph, Isa isa, const CompileOptions& options);

}  // namespace mtmi::cpu
