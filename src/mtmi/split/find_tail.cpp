#include "mtmi/split/find_tail.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/ops/data_movement.h"

namespace mtmi::split {
namespace {

constexpr std::array<std::string_view, 4> kDecisions{"ArgMax", "ArgMin", "Cast", "TopK"};
constexpr std::array<std::string_view, 4> kArithmetic{"Add", "Div", "Mul", "Sub"};

bool is_view(const Node& node) {
  return ops::movement_of(node.op) == ops::Movement::View || node.op == "Transpose";
}

/// The one input of `node` that is computed; nothing if there are more or none.
std::optional<ValueId> computed_input(const Graph& graph, const Node& node) {
  std::optional<ValueId> found;
  for (const ValueId input : node.inputs) {
    if (input == kNoValue || graph.is_constant(input)) {
      continue;
    }
    if (found) {
      return std::nullopt;
    }
    found = input;
  }
  return found;
}

bool other_inputs_are_single_numbers(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId input) {
    return input == kNoValue || !graph.is_constant(input) ||
           graph.value(input).constant->num_elements() == 1;
  });
}

bool is_left_to_the_host(const Graph& graph, const Node& node) {
  return is_one_of(node.op, kDecisions) ||
         (is_one_of(node.op, kArithmetic) && other_inputs_are_single_numbers(graph, node));
}

bool contains(const std::vector<ValueId>& values, ValueId value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

}  // namespace

ValueId tail_start(const Graph& graph,
                   ValueId result,
                   const std::vector<ValueId>& named,
                   const std::vector<ValueId>& cut) {
  ValueId start = result;
  ValueId at = result;
  while (!contains(cut, at)) {
    if (contains(named, at)) {
      return at;
    }
    const auto producer = graph.producer(at);
    if (!producer) {
      break;
    }
    const Node& node = graph.node(*producer);
    const auto input = computed_input(graph, node);
    const bool passes = is_left_to_the_host(graph, node) || is_view(node);
    if (!input || (named.empty() && (!passes || !graph.has_single_user(*input)))) {
      break;
    }
    at = *input;
    if (is_left_to_the_host(graph, node)) {
      start = at;
    }
  }
  return named.empty() ? start : result;
}

}  // namespace mtmi::split
