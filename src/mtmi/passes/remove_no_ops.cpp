#include "mtmi/passes/remove_no_ops.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/ops/resize.h"
#include "mtmi/ops/slice.h"
#include "mtmi/ops/transpose.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/node_context.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

/// The input that `id` passes on unchanged, as far as values go; kNoValue if it does something.
/// The types of both are compared by the caller.
using FindSource = ValueId (*)(const Graph& graph, NodeId id);

struct Rule {
  std::string_view op;
  FindSource find_source;
};

ValueId first_input(const Graph& graph, NodeId id) {
  return graph.node(id).inputs[0];
}

ValueId sole_input(const Graph& graph, NodeId id) {
  return graph.node(id).inputs.size() == 1 ? graph.node(id).inputs[0] : kNoValue;
}

ValueId dropout_source(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const ValueId training = input_of(node, 2);
  const Tensor* flag = constant_of(graph, training);
  const bool is_training =
      training != kNoValue && (flag == nullptr || flag->bytes()[0] != std::byte{0});
  return is_training ? kNoValue : node.inputs[0];
}

ValueId transpose_source(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const std::vector<int> permutation =
      ops::transpose_permutation(node.attributes, shape_of(graph, node.inputs[0]).rank());
  return std::is_sorted(permutation.begin(), permutation.end()) ? node.inputs[0] : kNoValue;
}

ValueId slice_source(const Graph& graph, NodeId id) {
  const NodeContext context(graph, id);
  const std::vector<ops::SliceRange> ranges = ops::slice_ranges(context.get());
  const bool keeps_order = std::all_of(ranges.begin(), ranges.end(), [](const auto& range) {
    return range.step > 0 || range.extent <= 1;
  });
  return keeps_order ? graph.node(id).inputs[0] : kNoValue;
}

ValueId pad_source(const Graph& graph, NodeId id) {
  const auto pads = constant_ints(graph, input_of(graph.node(id), 1));
  const bool is_nothing =
      pads && std::all_of(pads->begin(), pads->end(), [](std::int64_t pad) { return pad == 0; });
  return is_nothing ? graph.node(id).inputs[0] : kNoValue;
}

ValueId resize_source(const Graph& graph, NodeId id) {
  const NodeContext context(graph, id);
  const ops::ResizeGeometry geometry = ops::resize_geometry(context.get());
  const bool is_copy =
      std::all_of(geometry.axes.begin(), geometry.axes.end(), [&](const auto& axis) {
        return ops::is_identity(geometry.rule, axis);
      });
  return is_copy ? graph.node(id).inputs[0] : kNoValue;
}

template <int kNumber>
ValueId other_than(const Graph& graph, NodeId id) {
  const auto operands = either_operand(
      graph.node(id), [&graph](ValueId value) { return is_filled_with(graph, value, kNumber); });
  return operands ? operands->other : kNoValue;
}

template <int kNumber>
ValueId first_if_second_is(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  return is_filled_with(graph, node.inputs[1], kNumber) ? node.inputs[0] : kNoValue;
}

constexpr std::array kRules{
    Rule{"Identity", first_input},
    Rule{"Dropout", dropout_source},
    Rule{"Cast", first_input},
    Rule{"Reshape", first_input},
    Rule{"Flatten", first_input},
    Rule{"Squeeze", first_input},
    Rule{"Unsqueeze", first_input},
    Rule{"Expand", first_input},
    Rule{"Tile", first_input},
    Rule{"Transpose", transpose_source},
    Rule{"Slice", slice_source},
    Rule{"Pad", pad_source},
    Rule{"Resize", resize_source},
    Rule{"Split", first_input},
    Rule{"Concat", sole_input},
    Rule{"Sum", sole_input},
    Rule{"Mean", sole_input},
    Rule{"Max", sole_input},
    Rule{"Min", sole_input},
    Rule{"ReduceSum", first_input},
    Rule{"ReduceMean", first_input},
    Rule{"ReduceMax", first_input},
    Rule{"ReduceMin", first_input},
    Rule{"Add", other_than<0>},
    Rule{"Mul", other_than<1>},
    Rule{"Sub", first_if_second_is<0>},
    Rule{"Div", first_if_second_is<1>},
    Rule{"Pow", first_if_second_is<1>},
};

ValueId find_source(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const auto* const rule = std::find_if(
      kRules.begin(), kRules.end(), [&node](const Rule& r) { return r.op == node.op; });
  if (rule == kRules.end() || node.outputs[0] == kNoValue) {
    return kNoValue;
  }
  const ValueId source = rule->find_source(graph, id);
  const bool changes_nothing = source != kNoValue && same_type(graph, source, node.outputs[0]);
  return changes_nothing ? source : kNoValue;
}

/// Whether every number of type `from` is one of type `to`.
bool is_lossless(DType from, DType to) {
  const bool narrow_integer = from == DType::Int8 || from == DType::UInt8;
  switch (to) {
    case DType::Float64:
      return is_floating_point(from) || narrow_integer || from == DType::Int32;
    case DType::Float32:
      return from == DType::Float16 || from == DType::BFloat16 || narrow_integer;
    case DType::Int32:
      return narrow_integer;
    case DType::Int64:
      return narrow_integer || from == DType::Int32;
    default:
      return from == to;
  }
}

/// Cast(Cast(x)) becomes one Cast where the first one lost nothing.
void merge_cast(Graph& graph, NodeId id) {
  const auto first = producer_of(graph, graph.node(id).inputs[0], "Cast");
  if (!first) {
    return;
  }
  const ValueId source = graph.node(*first).inputs[0];
  if (is_lossless(*graph.value(source).dtype, *graph.value(graph.node(id).inputs[0]).dtype)) {
    graph.set_input(id, 0, source);
  }
}

}  // namespace

Graph remove_no_ops(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (graph.node(id).op == "Cast") {
      merge_cast(graph, id);
    }
    const ValueId source = find_source(graph, id);
    if (source != kNoValue) {
      static_cast<void>(bypass_node(graph, id, source));
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
