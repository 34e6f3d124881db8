#include "mtmi/passes/fuse_gelu.h"

#include <cmath>
#include <numbers>
#include <optional>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

/// Exporters round these constants, some to float16: a tenth of a percent tells them apart.
constexpr double kTolerance = 1e-3;

bool is_about(const Graph& graph, ValueId value, double number) {
  const auto uniform = uniform_constant(graph, value);
  return uniform && std::abs(*uniform - number) <= kTolerance * std::abs(number);
}

/// The other factor of `value` = factor * other, or `value` = other / (1 / factor).
ValueId without_factor(const Graph& graph, ValueId value, double factor) {
  if (const auto mul = producer_of(graph, value, "Mul")) {
    const auto operands = either_operand(
        graph.node(*mul), [&](ValueId input) { return is_about(graph, input, factor); });
    return operands ? operands->other : kNoValue;
  }
  const auto div = producer_of(graph, value, "Div");
  return div && is_about(graph, graph.node(*div).inputs[1], 1.0 / factor)
             ? graph.node(*div).inputs[0]
             : kNoValue;
}

bool is_product(const Graph& graph, ValueId value, ValueId a, ValueId b) {
  const auto mul = producer_of(graph, value, "Mul");
  if (!mul) {
    return false;
  }
  const auto& inputs = graph.node(*mul).inputs;
  return (inputs[0] == a && inputs[1] == b) || (inputs[0] == b && inputs[1] == a);
}

/// Whether `value` is x^3: Pow(x, 3) or x * (x * x).
bool is_cube(const Graph& graph, ValueId value, ValueId x) {
  if (const auto pow = producer_of(graph, value, "Pow")) {
    const Node& node = graph.node(*pow);
    return node.inputs[0] == x && is_filled_with(graph, node.inputs[1], 3.0);
  }
  const auto mul = producer_of(graph, value, "Mul");
  if (!mul) {
    return false;
  }
  const auto operands = either_operand(graph.node(*mul), [x](ValueId input) { return input == x; });
  return operands && is_product(graph, operands->other, x, x);
}

/// The x of `value` = x + 0.044715 * x^3; kNoValue for anything else.
ValueId match_cubic(const Graph& graph, ValueId value) {
  const auto add = producer_of(graph, value, "Add");
  if (!add) {
    return kNoValue;
  }
  const auto& inputs = graph.node(*add).inputs;
  for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
    const ValueId cube = without_factor(graph, inputs[1 - i], 0.044715);
    if (cube != kNoValue && is_cube(graph, cube, inputs[i])) {
      return inputs[i];
    }
  }
  return kNoValue;
}

/// The x of an Erf or Tanh node as it stands in a GELU; kNoValue for others.
ValueId match_argument(const Graph& graph, const Node& node) {
  if (node.op == "Erf") {
    return without_factor(graph, node.inputs[0], 1.0 / std::numbers::sqrt2);
  }
  const ValueId cubic = without_factor(graph, node.inputs[0], std::sqrt(2.0 / std::numbers::pi));
  return cubic == kNoValue ? kNoValue : match_cubic(graph, cubic);
}

/// The node that completes x * 0.5 * `one_plus`, following the products of `one_plus`.
std::optional<NodeId> match_products(const Graph& graph, ValueId one_plus, ValueId x) {
  bool has_x = false;
  bool has_half = false;
  ValueId product = one_plus;
  while (!has_x || !has_half) {
    if (const auto div = only_user_of(graph, product, "Div");
        div && !has_half && is_filled_with(graph, graph.node(*div).inputs[1], 2.0)) {
      has_half = true;
      product = graph.node(*div).outputs[0];
      continue;
    }
    const auto mul = only_user_of(graph, product, "Mul");
    if (!mul) {
      return std::nullopt;
    }
    const Node& node = graph.node(*mul);
    const ValueId factor = node.inputs[node.inputs[0] == product ? 1 : 0];
    if (!has_half && is_filled_with(graph, factor, 0.5)) {
      has_half = true;
    } else if (!has_x && factor == x) {
      has_x = true;
    } else if (!has_x && !has_half && without_factor(graph, factor, 0.5) == x) {
      has_x = has_half = true;
    } else {
      return std::nullopt;
    }
    product = node.outputs[0];
  }
  return graph.producer(product);
}

void fuse(Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  const ValueId x = match_argument(graph, node);
  const auto add = only_user_of(graph, node.outputs[0], "Add");
  if (x == kNoValue || !add || !either_operand(graph.node(*add), [&graph](ValueId input) {
        return is_filled_with(graph, input, 1.0);
      })) {
    return;
  }
  const auto root = match_products(graph, graph.node(*add).outputs[0], x);
  if (root && same_type(graph, graph.node(*root).outputs[0], x)) {
    const Attributes attributes =
        node.op == "Erf" ? Attributes{} : Attributes{{"approximate", std::string("tanh")}};
    replace_node(graph, *root, "Gelu", {x}, attributes);
  }
}

}  // namespace

Graph fuse_gelu(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const std::string& op = graph.node(id).op;
    if (op == "Erf" || op == "Tanh") {
      fuse(graph, id);
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
