#include "mtmi/passes/row_nodes.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

using Inputs = std::vector<std::size_t>;

constexpr std::array<std::string_view, 21> kUnary{
    "Abs",       "Clip",     "Elu",       "Erf",      "Exp",  "Gelu", "HardSigmoid",
    "HardSwish", "Identity", "LeakyRelu", "Log",      "Mish", "Neg",  "Reciprocal",
    "Relu",      "Sigmoid",  "Softplus",  "Softsign", "Sqrt", "Tanh", "Selu"};

constexpr std::array<std::string_view, 7> kBinary{
    "Add", "Div", "Max", "Min", "Mul", "PRelu", "Sub"};

/// All axes of `shape` but the last.
std::vector<std::int64_t> leading(const Shape& shape) {
  std::vector<std::int64_t> extents = shape.extents();
  extents.pop_back();
  return extents;
}

bool are_rows_of(const Graph& graph, ValueId value, const Shape& result) {
  const Shape& shape = shape_of(graph, value);
  return !graph.is_constant(value) && shape.rank() == result.rank() &&
         leading(shape) == leading(result);
}

bool is_last_axis(const Node& node, int rank, std::int64_t fallback) {
  return positive_axis(node.attributes.get_int("axis", fallback), rank) + 1 ==
         static_cast<std::size_t>(rank);
}

/// A constant that does the same to every row.
bool acts_per_row(const Graph& graph, ValueId value) {
  const Tensor* tensor = constant_of(graph, value);
  return tensor != nullptr && varies_along_only(tensor->shape(), 0);
}

/// Both operands rows, or one of them and a constant.
std::optional<Inputs> binary_inputs(const Graph& graph, const Node& node, const Shape& result) {
  Inputs rows;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (are_rows_of(graph, node.inputs[i], result)) {
      rows.push_back(i);
    } else if (!acts_per_row(graph, node.inputs[i])) {
      return std::nullopt;
    }
  }
  return rows.empty() || node.inputs.size() != 2 ? std::nullopt : std::optional(rows);
}

/// The weights [k, n] of a linear layer on rows, and its bias; nothing for other nodes.
std::optional<Layer> linear_layer(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.op == "Gemm") {
    std::optional<Layer> layer = layer_at(graph, id);
    if (layer && node.attributes.get_int("transB", 0) != 0) {
      layer->weights = transposed_matrix(layer->weights);
    }
    return layer;
  }
  const Tensor* weights = constant_of(graph, node.inputs[1]);
  if (weights == nullptr || weights->dtype() != DType::Float32 || weights->shape().rank() != 2) {
    return std::nullopt;
  }
  return Layer{.node = id, .weights = *weights, .bias = {}};
}

bool is_linear(std::string_view op) {
  return op == "Gemm" || op == "MatMul";
}

/// `constant` for channels on the third axis from the back instead of the last.
ValueId constant_on_maps(Graph& graph, ValueId constant, std::string_view pass) {
  const Tensor tensor = *constant_of(graph, constant);
  if (tensor.num_elements() == 1) {
    return constant;
  }
  return graph.add_constant(derived_name(graph.value(constant).name, pass),
                            tensor.reshaped(Shape{tensor.num_elements(), 1, 1}));
}

ValueId insert_convolution(
    Graph& graph, NodeId id, ValueId map, const std::string& name, std::string_view pass) {
  const Layer layer = *linear_layer(graph, id);
  const Node node = graph.node(id);
  const Shape& shape = layer.weights.shape();
  std::vector<ValueId> inputs{
      map,
      graph.add_constant(derived_name(graph.value(node.inputs[1]).name, pass),
                         transposed_matrix(layer.weights).reshaped({shape[1], shape[0], 1, 1}))};
  if (input_of(node, 2) != kNoValue) {
    inputs.push_back(
        graph.add_constant(derived_name(graph.value(node.inputs[2]).name, pass),
                           Tensor::from<float>(Shape{shape[1]}, std::span(layer.bias))));
  }
  return insert_before(graph,
                       id,
                       name,
                       "Conv",
                       std::move(inputs),
                       {{"kernel_shape", std::vector<std::int64_t>{1, 1}}});
}

}  // namespace

std::optional<Inputs> row_inputs(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.outputs.size() != 1 || node.outputs[0] == kNoValue) {
    return std::nullopt;
  }
  const Shape& result = shape_of(graph, node.outputs[0]);
  if (result.rank() < 2 || result.num_elements() == 0) {
    return std::nullopt;
  }
  if (is_one_of(node.op, kBinary)) {
    return binary_inputs(graph, node, result);
  }
  if (node.op == "Concat") {
    const bool all = std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
      return are_rows_of(graph, input, result);
    });
    Inputs rows(node.inputs.size());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    return all && is_last_axis(node, result.rank(), 0) ? std::optional(rows) : std::nullopt;
  }
  const bool fits = is_one_of(node.op, kUnary) ||
                    (node.op == "Softmax" && is_last_axis(node, result.rank(), -1)) ||
                    (is_linear(node.op) && linear_layer(graph, id));
  return fits && are_rows_of(graph, node.inputs[0], result) ? std::optional(Inputs{0})
                                                            : std::nullopt;
}

ValueId insert_on_maps(Graph& graph,
                       NodeId id,
                       const std::vector<ValueId>& maps,
                       std::string_view pass) {
  const Node node = graph.node(id);
  const std::string name = derived_name(graph.value(node.outputs[0]).name, pass);
  if (is_linear(node.op)) {
    return insert_convolution(graph, id, maps[0], name, pass);
  }
  std::vector<ValueId> inputs = node.inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (maps[i] != kNoValue) {
      inputs[i] = maps[i];
    } else if (inputs[i] != kNoValue && is_one_of(node.op, kBinary)) {
      inputs[i] = constant_on_maps(graph, inputs[i], pass);
    }
  }
  Attributes attributes = node.attributes;
  if (node.op == "Concat") {
    attributes.set("axis", std::int64_t{1});
  } else if (node.op == "Softmax") {
    attributes.set("axis", std::int64_t{-3});
  }
  return insert_before(graph, id, name, node.op, std::move(inputs), std::move(attributes));
}

}  // namespace mtmi::passes
