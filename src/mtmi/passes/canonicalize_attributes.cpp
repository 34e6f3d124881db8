#include "mtmi/passes/canonicalize_attributes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/graph/structural_hash.h"
#include "mtmi/ops/conv.h"
#include "mtmi/ops/pooling.h"
#include "mtmi/ops/transpose.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {
namespace {

struct IntDefault {
  std::string_view op;
  std::string_view name;
  std::int64_t value;
};

constexpr std::array kIntDefaults{
    IntDefault{"ArgMax", "axis", 0},
    IntDefault{"ArgMax", "keepdims", 1},
    IntDefault{"ArgMax", "select_last_index", 0},
    IntDefault{"ArgMin", "axis", 0},
    IntDefault{"ArgMin", "keepdims", 1},
    IntDefault{"ArgMin", "select_last_index", 0},
    IntDefault{"AveragePool", "ceil_mode", 0},
    IntDefault{"AveragePool", "count_include_pad", 0},
    IntDefault{"BatchNormalization", "training_mode", 0},
    IntDefault{"Conv", "group", 1},
    IntDefault{"ConvTranspose", "group", 1},
    IntDefault{"Gather", "axis", 0},
    IntDefault{"Gemm", "transA", 0},
    IntDefault{"Gemm", "transB", 0},
    IntDefault{"LayerNormalization", "axis", -1},
    IntDefault{"LayerNormalization", "stash_type", 1},
    IntDefault{"LogSoftmax", "axis", -1},
    IntDefault{"MaxPool", "ceil_mode", 0},
    IntDefault{"MaxPool", "storage_order", 0},
    IntDefault{"ReduceMax", "keepdims", 1},
    IntDefault{"ReduceMean", "keepdims", 1},
    IntDefault{"ReduceMin", "keepdims", 1},
    IntDefault{"ReduceSum", "keepdims", 1},
    IntDefault{"Softmax", "axis", -1},
    IntDefault{"Split", "axis", 0},
};

/// Axes that are counted from the back in the canonical form.
bool counts_from_back(std::string_view op) {
  return op == "Softmax" || op == "LogSoftmax" || op == "LayerNormalization";
}

/// Whether `axis` is an axis of the first input (and not of its result, as of Unsqueeze).
bool has_axis_of_input(std::string_view op) {
  static constexpr std::array<std::string_view, 13> kOps{"ArgMax",
                                                         "ArgMin",
                                                         "Concat",
                                                         "CumSum",
                                                         "Flatten",
                                                         "Gather",
                                                         "GatherElements",
                                                         "LayerNormalization",
                                                         "LogSoftmax",
                                                         "Softmax",
                                                         "Split",
                                                         "TopK",
                                                         "DequantizeLinear"};
  return std::find(kOps.begin(), kOps.end(), op) != kOps.end();
}

void canonicalize_axis(const Graph& graph, const Node& node, Attributes& attributes) {
  if (!attributes.has("axis") || !has_axis_of_input(node.op)) {
    return;
  }
  const std::int64_t rank = shape_of(graph, node.inputs[0]).rank();
  std::int64_t axis = attributes.get_int("axis", 0);
  if (axis < 0 && !counts_from_back(node.op)) {
    axis += rank;
  } else if (axis >= 0 && counts_from_back(node.op)) {
    axis -= rank;
  }
  attributes.set("axis", axis);
}

void canonicalize_permutation(const Graph& graph, const Node& node, Attributes& attributes) {
  if (node.op != "Transpose") {
    return;
  }
  const std::vector<int> order =
      ops::transpose_permutation(attributes, shape_of(graph, node.inputs[0]).rank());
  attributes.set("perm", std::vector<std::int64_t>(order.begin(), order.end()));
}

void drop_int_defaults(const Node& node, Attributes& attributes) {
  for (const IntDefault& entry : kIntDefaults) {
    if (entry.op == node.op && attributes.has(entry.name) &&
        attributes.get_int(entry.name, entry.value) == entry.value) {
      attributes.erase(entry.name);
    }
  }
}

void drop_list_filled_with(Attributes& attributes, std::string_view name, std::int64_t value) {
  const std::vector<std::int64_t> list = attributes.get_ints(name);
  if (std::all_of(list.begin(), list.end(), [value](std::int64_t x) { return x == value; })) {
    attributes.erase(name);
  }
}

std::vector<std::int64_t> pads_of(const std::vector<Window>& windows) {
  std::vector<std::int64_t> pads;
  for (const Window& window : windows) {
    pads.push_back(window.pad_begin);
  }
  for (const Window& window : windows) {
    pads.push_back(window.pad_end);
  }
  return pads;
}

void canonicalize_windows(const Graph& graph, const Node& node, Attributes& attributes) {
  const bool is_pool = node.op == "MaxPool" || node.op == "AveragePool";
  if (node.op != "Conv" && node.op != "ConvTranspose" && !is_pool) {
    return;
  }
  const Shape& src = shape_of(graph, node.inputs[0]);
  const bool has_rule = attributes.get_string("auto_pad", "NOTSET") != "NOTSET";
  if (has_rule && node.op == "ConvTranspose") {
    return;  // its rule depends on output_shape
  }
  if (has_rule) {
    attributes.set(
        "pads",
        pads_of(
            is_pool
                ? ops::pool_geometry(node, src).windows
                : ops::conv_geometry(attributes, src, shape_of(graph, node.inputs[1])).windows));
  }
  attributes.erase("auto_pad");
  drop_list_filled_with(attributes, "pads", 0);
  drop_list_filled_with(attributes, "strides", 1);
  drop_list_filled_with(attributes, "dilations", 1);
  if (!is_pool) {
    const auto& extents = shape_of(graph, node.inputs[1]).extents();
    attributes.set("kernel_shape", std::vector<std::int64_t>(extents.begin() + 2, extents.end()));
  }
}

Attributes canonical_attributes(const Graph& graph, const Node& node) {
  Attributes attributes = node.attributes;
  canonicalize_windows(graph, node, attributes);
  canonicalize_axis(graph, node, attributes);
  canonicalize_permutation(graph, node, attributes);
  drop_int_defaults(node, attributes);
  if (node.op == "BatchNormalization") {
    attributes.erase("momentum");  // of training only
  }
  if (node.op == "Gelu" && attributes.get_string("approximate", "none") == "none") {
    attributes.erase("approximate");
  }
  return attributes;
}

std::vector<ValueId> canonical_inputs(const Graph& graph, const Node& node) {
  std::vector<ValueId> inputs = node.inputs;
  if (inputs.size() == 2 && is_commutative(node.op) && graph.is_constant(inputs[0]) &&
      !graph.is_constant(inputs[1])) {
    std::swap(inputs[0], inputs[1]);
  }
  const bool has_bias = node.op == "Conv" || node.op == "ConvTranspose";
  if (has_bias && inputs.size() == 3 && is_filled_with(graph, inputs[2], 0.0)) {
    inputs.pop_back();
  }
  while (!inputs.empty() && inputs.back() == kNoValue) {
    inputs.pop_back();
  }
  return inputs;
}

}  // namespace

Graph canonicalize_attributes(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    Attributes attributes = canonical_attributes(graph, graph.node(id));
    if (!(attributes == graph.node(id).attributes)) {
      graph.set_attributes(id, std::move(attributes));
    }
    std::vector<ValueId> inputs = canonical_inputs(graph, graph.node(id));
    if (inputs != graph.node(id).inputs) {
      graph.set_inputs(id, std::move(inputs));
    }
  }
  return graph;
}

}  // namespace mtmi::passes
