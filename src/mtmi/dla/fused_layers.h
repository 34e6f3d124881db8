// The layers as a DLA computes them: which nodes of a graph run as one.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::dla {

/// Nodes that one layer computes: nothing between them is rounded to INT8, so what passes between
/// them needs no scale. What passes between layers does, but for values that leave as halves.
struct FusedLayer {
  std::vector<NodeId> nodes;     ///< in the graph's order; the first says what kind of layer it is
  std::vector<ValueId> inputs;   ///< what it reads beside constants, each once, in order of reading
  std::vector<ValueId> outputs;  ///< what it hands on
  /// The accumulator leaves as FP16, whatever scale the output has: its only reader is a function
  /// that a DLA computes in FP16 (Sigmoid, Tanh, Softmax).
  bool leaves_as_half = false;

  bool operator==(const FusedLayer&) const = default;
};

/// Every node in exactly one layer. The layers stand in an order in which they can be computed.
///
/// Behind a Conv, ConvTranspose, Gemm or MatMul by a constant, Add, Sub, Sum or
/// BatchNormalization come, each only where it alone reads what the one before made: one
/// BatchNormalization with constant parameters (behind products, and sums of tensors alone), then
/// one activation (Relu, LeakyRelu, or Clip with constant bounds). A comparison and the Casts
/// behind it are one layer. Every other node is a layer of its own.
///
/// The single truth on this: places of Q and DQ, lowering, error budget and cost model use it.
[[nodiscard]] std::vector<FusedLayer> fuse_layers(const Graph& graph);

/// What the layers read and hand on, by name: of other tensors, a Conv's sums before its Relu say,
/// a scale rounds nothing.
[[nodiscard]] std::set<std::string> exchanged_tensors(const Graph& graph);

}  // namespace mtmi::dla
