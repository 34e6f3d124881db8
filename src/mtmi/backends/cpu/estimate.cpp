#include "mtmi/backends/cpu/estimate.h"

#include <algorithm>

namespace mtmi::cpu {
namespace {

/// What one machine of each kind reached on two threads [multiply-adds per us, bytes per us].
struct Rates {
  double macs;
  double bytes;
};

Rates rates_of(Isa isa) {
  constexpr double kBytes = 16e3;
  switch (isa) {
    case Isa::Avx512:
      return {.macs = 100e3, .bytes = kBytes};
    case Isa::Avx2:
      return {.macs = 50e3, .bytes = kBytes};
    case Isa::Generic:
      return {.macs = 8e3, .bytes = kBytes};
  }
  return {.macs = 1e3, .bytes = kBytes};
}

std::int64_t bytes_of(const Graph& graph, ValueId id) {
  const TensorType type = graph.type(id);
  return type.shape.num_elements() * static_cast<std::int64_t>(size_of(type.dtype));
}

/// Multiply-adds per element of the first output; 1 for what is no product.
double macs_per_output(const Graph& graph, const Node& node) {
  if (node.op == "Conv" && node.inputs.size() >= 2) {
    const Shape weights = graph.type(node.inputs[1]).shape;
    return static_cast<double>(weights.num_elements()) / static_cast<double>(weights[0]);
  }
  if (node.op == "MatMul" || node.op == "Gemm") {
    return static_cast<double>(graph.type(node.inputs[0]).shape[-1]);
  }
  if (node.op == "Attention" && node.inputs.size() >= 2) {
    return 2.0 * static_cast<double>(graph.type(node.inputs[1]).shape[-2]);
  }
  return 1.0;
}

}  // namespace

std::vector<NodeEstimate> estimate_nodes(const Graph& graph, Isa isa) {
  const Rates rates = rates_of(isa);
  std::vector<NodeEstimate> estimates;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    NodeEstimate estimate{.node = id};
    double outputs = 0.0;
    for (const ValueId input : node.inputs) {
      estimate.bytes += input == kNoValue ? 0 : bytes_of(graph, input);
    }
    for (const ValueId output : node.outputs) {
      if (output != kNoValue) {
        estimate.bytes += bytes_of(graph, output);
        outputs += static_cast<double>(graph.type(output).shape.num_elements());
      }
    }
    estimate.time_us = std::max(outputs * macs_per_output(graph, node) / rates.macs,
                                static_cast<double>(estimate.bytes) / rates.bytes);
    estimates.push_back(estimate);
  }
  return estimates;
}

}  // namespace mtmi::cpu
