#include "mtmi/passes/spell_out_arithmetic.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/expansion.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "spell_out_arithmetic";

bool spell_out_negation(Expansion& expansion) {
  expansion.finish("Mul", {expansion.input(0), expansion.number(-1.0F)});
  return true;
}

/// x / c as x * (1 / c), for constants none of whose reciprocals is infinite or 0.
bool spell_out_division(const Graph& graph, Expansion& expansion) {
  const Tensor* divisor = constant_of(graph, expansion.input(1));
  if (divisor == nullptr || divisor->dtype() != DType::Float32) {
    return false;
  }
  Tensor reciprocal = divisor->clone();
  const auto data = reciprocal.data<float>();
  std::transform(data.begin(), data.end(), data.begin(), [](float c) { return 1.0F / c; });
  if (!std::all_of(data.begin(), data.end(), [](float r) { return std::isnormal(r); })) {
    return false;
  }
  expansion.finish("Mul", {expansion.input(0), expansion.constant(std::move(reciprocal))});
  return true;
}

bool spell_out_power(const Graph& graph, Expansion& expansion) {
  const ValueId x = expansion.input(0);
  if (is_filled_with(graph, expansion.input(1), 2.0)) {
    expansion.finish("Mul", {x, x});
    return true;
  }
  if (is_filled_with(graph, expansion.input(1), 3.0)) {
    expansion.finish("Mul", {expansion.add("Mul", {x, x}), x});
    return true;
  }
  return false;
}

bool spell_out_mean(Expansion& expansion, const std::vector<ValueId>& inputs) {
  const ValueId sum = expansion.add("Sum", inputs);
  expansion.finish("Mul", {sum, expansion.number(1.0F / static_cast<float>(inputs.size()))});
  return true;
}

bool spell_out_minimum(const Graph& graph,
                       Expansion& expansion,
                       const std::vector<ValueId>& inputs) {
  const bool all_computed = std::none_of(
      inputs.begin(), inputs.end(), [&graph](ValueId value) { return graph.is_constant(value); });
  if (inputs.size() != 2 || !all_computed) {
    return false;
  }
  const ValueId a = expansion.add("Mul", {inputs[0], expansion.number(-1.0F)});
  const ValueId b = expansion.add("Mul", {inputs[1], expansion.number(-1.0F)});
  expansion.finish("Mul", {expansion.add("Max", {a, b}), expansion.number(-1.0F)});
  return true;
}

bool rewrite(Graph& graph, NodeId id) {
  const Node node = graph.node(id);
  Expansion expansion(graph, id, kName);
  if (node.op == "Neg") {
    return spell_out_negation(expansion);
  }
  if (node.op == "Div") {
    return spell_out_division(graph, expansion);
  }
  if (node.op == "Pow") {
    return spell_out_power(graph, expansion);
  }
  return node.op == "Mean" ? spell_out_mean(expansion, node.inputs)
                           : spell_out_minimum(graph, expansion, node.inputs);
}

}  // namespace

Graph spell_out_arithmetic(Graph graph) {
  static constexpr std::array<std::string_view, 5> kOps{"Div", "Mean", "Min", "Neg", "Pow"};
  return cure_refusals(std::move(graph), kOps, rewrite);
}

}  // namespace mtmi::passes
