// Which graph scales belong to, and which of its tensors have one.
#pragma once

#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::quant {

/// A digest (32 hexadecimal digits) of a graph and of the names of what it computes. It changes
/// with every operator, attribute, connection, constant (by type and bits), input type and name of
/// an input or of a node's output; not with the names of nodes and constants, the order of nodes,
/// inferred types, and constants that nobody reads. So a graph keeps it through an ONNX file.
[[nodiscard]] std::string graph_hash(const Graph& graph);

/// The tensors that have a scale: inputs of the graph, then results of nodes in topological order,
/// as far as they are of float32. Throws Error(InvalidModel) naming a value of unknown type.
[[nodiscard]] std::vector<ValueId> activations(const Graph& graph);

}  // namespace mtmi::quant
