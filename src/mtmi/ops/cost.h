// What a node costs, whatever runs it: multiply-accumulates, elements, parameters, bytes.
#pragma once

#include <cstdint>

#include "mtmi/graph/graph.h"

namespace mtmi::ops {

/// Counts that do not fit into 64 bits stay at the largest number.
struct NodeCost {
  /// Multiply-accumulates of Conv, ConvTranspose, MatMul, Gemm, Einsum and Attention; 0 for others.
  /// Padding counts like any element, a bias not at all.
  std::int64_t macs = 0;
  /// For all others that compute: the elements of their first input or first output, whichever are
  /// more. 0 for those that only move elements.
  std::int64_t element_operations = 0;
  /// Elements of constants of a floating-point or 8-bit type (so no shapes or axes).
  std::int64_t parameters = 0;
  std::int64_t parameter_bytes = 0;  ///< [bytes]
  /// The other inputs and the outputs, each once [bytes]. 0 for those that only give the same
  /// elements another shape.
  std::int64_t activation_bytes = 0;

  bool operator==(const NodeCost&) const = default;
};

/// Throws Error(InvalidModel) naming a value whose type is not known. Pre: infer_types() accepts
/// the node.
[[nodiscard]] NodeCost cost_of(const Graph& graph, NodeId id);

/// The sum over all nodes; a constant that several nodes read is counted once. Throws as above.
[[nodiscard]] NodeCost cost_of(const Graph& graph);

}  // namespace mtmi::ops
