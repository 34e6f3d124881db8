#include "mtmi/passes/sink_reshapes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "mtmi/passes/layout_chain.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "sink_reshapes";

using Extents = std::vector<std::int64_t>;

/// How far up a reshape is looked for: the layers between two of them in a block are a handful.
constexpr int kMaxSteps = 32;

bool is_unary(std::string_view op) {
  static constexpr std::array<std::string_view, 20> kOps{
      "Abs",       "Cast",      "Elu",      "Erf",  "Exp",  "Gelu",       "HardSigmoid",
      "HardSwish", "LeakyRelu", "Log",      "Mish", "Neg",  "Reciprocal", "Relu",
      "Sigmoid",   "Sign",      "Softplus", "Sqrt", "Tanh", "Identity"};
  return is_one_of(op, kOps);
}

bool is_binary(std::string_view op) {
  static constexpr std::array<std::string_view, 4> kOps{"Add", "Sub", "Mul", "Div"};
  return is_one_of(op, kOps);
}

/// Whether the constant `value` treats every row of `other` the same way.
bool acts_per_row(const Graph& graph, ValueId value, ValueId other, ValueId result) {
  const Tensor* tensor = constant_of(graph, value);
  return tensor != nullptr && varies_along_only(tensor->shape(), 0) &&
         same_type(graph, other, result);
}

/// The input whose rows `id` treats one by one, the others being constants; nothing for other
/// nodes.
std::optional<std::size_t> row_input(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.outputs.size() != 1) {
    return std::nullopt;
  }
  if (is_unary(node.op)) {
    return 0;
  }
  if (node.op == "LayerNormalization" || node.op == "Softmax") {
    const int rank = shape_of(graph, node.inputs[0]).rank();
    const bool is_last = positive_axis(node.attributes.get_int("axis", -1), rank) + 1 ==
                         static_cast<std::size_t>(rank);
    return is_last && rank > 1 ? std::optional<std::size_t>(0) : std::nullopt;
  }
  if (node.op == "MatMul") {
    const bool is_linear = constant_of(graph, node.inputs[1]) != nullptr &&
                           shape_of(graph, node.inputs[1]).rank() == 2 &&
                           shape_of(graph, node.inputs[0]).rank() > 1;
    return is_linear ? std::optional<std::size_t>(0) : std::nullopt;
  }
  if (is_binary(node.op)) {
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
      if (acts_per_row(graph, node.inputs[1 - i], node.inputs[i], node.outputs[0])) {
        return i;
      }
    }
  }
  return std::nullopt;
}

/// How many axes of `shape` are longer than one.
std::int64_t long_axes(const Shape& shape) {
  const auto& extents = shape.extents();
  return std::count_if(extents.begin(), extents.end(), [](std::int64_t e) { return e > 1; });
}

/// The value before a Reshape that merges axes in front of the last one; kNoValue for others.
ValueId before_merge(const Graph& graph, ValueId value) {
  const auto reshape = producer_of(graph, value, "Reshape");
  if (!reshape) {
    return kNoValue;
  }
  const ValueId source = graph.node(*reshape).inputs[0];
  const Shape& from = shape_of(graph, source);
  const Shape& to = shape_of(graph, value);
  const bool merges = to.rank() > 1 && from.rank() > 1 && from[-1] == to[-1] &&
                      from.num_elements() > 0 && long_axes(from) > long_axes(to);
  return merges ? source : kNoValue;
}

/// Inserts a copy of `id` in front of `position` that reads `inputs`.
ValueId insert_copy(Graph& graph, NodeId position, NodeId id, std::vector<ValueId> inputs) {
  const Node node = graph.node(id);
  return insert_before(graph,
                       position,
                       derived_name(graph.value(node.outputs[0]).name, kName),
                       node.op,
                       std::move(inputs),
                       node.attributes);
}

/// Lets `id` be the Reshape of `value` to the shape that its result has.
void become_reshape(Graph& graph, NodeId id, ValueId value) {
  const ValueId output = graph.node(id).outputs[0];
  const ValueId shape =
      add_ints(graph, graph.value(value).name + "/shape", shape_of(graph, output).extents());
  replace_node(graph, id, "Reshape", {value, shape}, {});
}

/// The layout node above `value` that a reshape of its rows could be merged into, with only
/// row-wise nodes of no other use between; nothing if there is none.
std::optional<NodeId> layout_above(const Graph& graph, ValueId value) {
  for (int step = 0; step < kMaxSteps && graph.has_single_user(value); ++step) {
    const auto producer = graph.producer(value);
    if (!producer) {
      return std::nullopt;
    }
    if (is_layout_node(graph, *producer)) {
      return producer;
    }
    const auto row = row_input(graph, *producer);
    if (!row) {
      return std::nullopt;
    }
    value = graph.node(*producer).inputs[*row];
  }
  return std::nullopt;
}

/// `value` with its rows on the axes `leading`, reshaped directly below `layout`, which
/// layout_above() gave.
ValueId with_rows(
    Graph& graph, NodeId position, ValueId value, NodeId layout, const Extents& leading) {
  const NodeId producer = *graph.producer(value);
  if (producer == layout) {
    Extents extents = leading;
    extents.push_back(shape_of(graph, value)[-1]);
    const std::string name = derived_name(graph.value(value).name, kName);
    const ValueId shape = add_ints(graph, name + "/shape", extents);
    return insert_before(graph, position, name, "Reshape", {value, shape}, {});
  }
  const std::size_t row = *row_input(graph, producer);
  std::vector<ValueId> inputs = graph.node(producer).inputs;
  inputs[row] = with_rows(graph, position, inputs[row], layout, leading);
  return insert_copy(graph, position, producer, std::move(inputs));
}

/// The sum (or the like) of two tensors of rows, of which one could have finer axes.
void sink_below_pair(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (!is_binary(node.op) || !same_type(graph, node.inputs[0], node.inputs[1])) {
    return;
  }
  const std::vector<ValueId> inputs = node.inputs;
  const std::array<ValueId, 2> sources{before_merge(graph, inputs[0]),
                                       before_merge(graph, inputs[1])};
  const auto fineness = [&](std::size_t i) {
    return sources[i] == kNoValue ? 0 : long_axes(shape_of(graph, sources[i]));
  };
  const std::size_t finer = fineness(1) > fineness(0) ? 1 : 0;
  if (sources[finer] == kNoValue) {
    return;
  }
  std::vector<ValueId> rows = {sources[0], sources[1]};
  if (rows[1 - finer] == kNoValue || !same_type(graph, rows[0], rows[1])) {
    const auto layout = layout_above(graph, inputs[1 - finer]);
    if (!layout) {
      return;
    }
    Extents leading = shape_of(graph, sources[finer]).extents();
    leading.pop_back();
    rows[1 - finer] = with_rows(graph, id, inputs[1 - finer], *layout, leading);
  }
  become_reshape(graph, id, insert_copy(graph, id, id, std::move(rows)));
}

void sink_below(Graph& graph, NodeId id) {
  const auto row = row_input(graph, id);
  if (!row) {
    sink_below_pair(graph, id);
    return;
  }
  std::vector<ValueId> inputs = graph.node(id).inputs;
  const ValueId source = before_merge(graph, inputs[*row]);
  if (source != kNoValue) {
    inputs[*row] = source;
    become_reshape(graph, id, insert_copy(graph, id, id, std::move(inputs)));
  }
}

}  // namespace

Graph sink_reshapes(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    sink_below(graph, id);
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
