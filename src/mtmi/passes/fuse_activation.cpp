#include "mtmi/passes/fuse_activation.h"

#include <cmath>
#include <optional>
#include <string_view>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

/// Whether `value` is HardSigmoid(x) with the coefficients of HardSwish.
bool is_hard_sigmoid(const Graph& graph, ValueId value, ValueId x) {
  const auto id = producer_of(graph, value, "HardSigmoid");
  if (!id) {
    return false;
  }
  const Node& node = graph.node(*id);
  return node.inputs[0] == x && node.attributes.get_float("beta", 0.5F) == 0.5F &&
         std::abs(node.attributes.get_float("alpha", 0.2F) - 1.0F / 6.0F) < 1e-6F;
}

/// Whether `value` is Clip(x + 3, 0, 6).
bool is_clipped(const Graph& graph, ValueId value, ValueId x) {
  const auto clip = producer_of(graph, value, "Clip");
  if (!clip || !is_filled_with(graph, input_of(graph.node(*clip), 1), 0.0) ||
      !is_filled_with(graph, input_of(graph.node(*clip), 2), 6.0)) {
    return false;
  }
  const auto add = producer_of(graph, graph.node(*clip).inputs[0], "Add");
  const auto operands =
      add ? either_operand(graph.node(*add), [x](ValueId input) { return input == x; })
          : std::nullopt;
  return operands && is_filled_with(graph, operands->other, 3.0);
}

/// The value of `value` = v / 6 or v * (1 / 6); kNoValue for anything else.
ValueId without_sixth(const Graph& graph, ValueId value) {
  if (const auto div = producer_of(graph, value, "Div")) {
    return is_filled_with(graph, graph.node(*div).inputs[1], 6.0) ? graph.node(*div).inputs[0]
                                                                  : kNoValue;
  }
  const auto mul = producer_of(graph, value, "Mul");
  const auto operands = mul ? either_operand(graph.node(*mul),
                                             [&graph](ValueId input) {
                                               return is_filled_with(graph, input, 1.0 / 6.0);
                                             })
                            : std::nullopt;
  return operands ? operands->other : kNoValue;
}

bool is_softplus_tanh(const Graph& graph, ValueId value, ValueId x) {
  const auto tanh = producer_of(graph, value, "Tanh");
  const auto softplus =
      tanh ? producer_of(graph, graph.node(*tanh).inputs[0], "Softplus") : std::nullopt;
  return softplus && graph.node(*softplus).inputs[0] == x;
}

/// x and gate of a Mul, if gate is a function of x as `is_gate` says.
template <class Predicate>
std::optional<ValueId> gated(const Graph& graph, const Node& mul, Predicate is_gate) {
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    if (is_gate(graph, mul.inputs[1 - i], mul.inputs[i])) {
      return mul.inputs[i];
    }
  }
  return std::nullopt;
}

void fuse_mul(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (const auto x = gated(graph, node, is_softplus_tanh)) {
    replace_node(graph, id, "Mish", {*x}, {});
    return;
  }
  const auto is_gate = [](const Graph& g, ValueId gate, ValueId x) {
    const ValueId clipped = without_sixth(g, gate);
    return is_hard_sigmoid(g, gate, x) || (clipped != kNoValue && is_clipped(g, clipped, x));
  };
  if (const auto x = gated(graph, node, is_gate)) {
    replace_node(graph, id, "HardSwish", {*x}, {});
  }
}

/// (x * Clip(x + 3, 0, 6)) / 6, the sixth last.
void fuse_sixth(Graph& graph, NodeId id) {
  const ValueId value = without_sixth(graph, graph.node(id).outputs[0]);
  const auto mul = value == kNoValue ? std::nullopt : producer_of(graph, value, "Mul");
  const auto x = mul ? gated(graph, graph.node(*mul), is_clipped) : std::nullopt;
  if (x && same_type(graph, *x, graph.node(id).outputs[0])) {
    replace_node(graph, id, "HardSwish", {*x}, {});
  }
}

}  // namespace

Graph fuse_activation(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (graph.node(id).op == "Mul") {
      fuse_mul(graph, id);
    }
    if (graph.node(id).op == "Mul" || graph.node(id).op == "Div") {
      fuse_sixth(graph, id);
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
