#include "mtmi/passes/canonicalize_linear.h"

#include <algorithm>

#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "canonicalize_linear";

bool is_float_constant(const Graph& graph, ValueId value) {
  const Tensor* tensor = constant_of(graph, value);
  return tensor != nullptr && tensor->dtype() == DType::Float32;
}

Tensor scaled(const Tensor& tensor, float factor) {
  Tensor result = tensor.clone();
  for (float& element : result.data<float>()) {
    element *= factor;
  }
  return result;
}

/// Lets input `index` of `id` be a new constant, called after the old one.
void set_constant_input(Graph& graph, NodeId id, std::size_t index, Tensor tensor) {
  const std::string name = derived_name(graph.value(graph.node(id).inputs[index]).name, kName);
  graph.set_input(id, index, graph.add_constant(name, std::move(tensor)));
}

void make_plain(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const float alpha = node.attributes.get_float("alpha", 1.0F);
  const float beta = node.attributes.get_float("beta", 1.0F);
  const bool transposed = node.attributes.get_int("transB", 0) != 0;
  const ValueId weights = node.inputs[1];
  const ValueId bias = input_of(node, 2);
  const bool changes_bias = bias != kNoValue && beta != 1.0F;
  if (!is_float_constant(graph, weights) || (changes_bias && !is_float_constant(graph, bias))) {
    return;
  }
  if (transposed || alpha != 1.0F) {
    const Tensor& old = *constant_of(graph, weights);
    const Tensor straight = transposed ? transposed_matrix(old) : old;
    set_constant_input(graph, id, 1, alpha == 1.0F ? straight : scaled(straight, alpha));
  }
  if (changes_bias) {
    set_constant_input(graph, id, 2, scaled(*constant_of(graph, bias), beta));
  }
  Attributes attributes = graph.node(id).attributes;
  for (const char* name : {"alpha", "beta", "transB"}) {
    attributes.erase(name);
  }
  if (!(attributes == graph.node(id).attributes)) {
    graph.set_attributes(id, std::move(attributes));
  }
}

bool is_linear_on_matrices(const Graph& graph, const Node& node) {
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  return weights != nullptr && weights->dtype() == DType::Float32 && weights->shape().rank() == 2 &&
         shape_of(graph, node.inputs[0]).rank() == 2;
}

}  // namespace

Graph canonicalize_linear(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const Node& node = graph.node(id);
    if (node.op == "Gemm") {
      make_plain(graph, id);
    } else if (node.op == "MatMul" && is_linear_on_matrices(graph, node)) {
      replace_node(graph, id, "Gemm", node.inputs, {});
    }
  }
  return graph;
}

}  // namespace mtmi::passes
