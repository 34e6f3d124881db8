#include "mtmi/passes/expand_hard_activations.h"

#include <array>
#include <cmath>
#include <optional>
#include <string_view>

#include "mtmi/passes/cure_refusals.h"
#include "mtmi/passes/expansion.h"
#include "mtmi/passes/match.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "expand_hard_activations";

/// Where a DLA's clipped activation may end.
constexpr double kMinEnd = 1.0;
constexpr double kMaxEnd = 127.0;

/// x * alpha + beta, which is one Scale layer of a DLA.
ValueId scaled_and_shifted(Expansion& expansion, ValueId x, float alpha, float beta) {
  const ValueId product = expansion.add("Mul", {x, expansion.number(alpha)});
  return expansion.add("Add", {product, expansion.number(beta)});
}

void expand_hard_sigmoid(Expansion& expansion, float alpha, float beta) {
  const ValueId line = scaled_and_shifted(expansion, expansion.input(0), alpha, beta);
  expansion.finish("Clip", {line, expansion.number(0.0F), expansion.number(1.0F)});
}

void expand_hard_swish(Expansion& expansion) {
  const ValueId x = expansion.input(0);
  const ValueId line = scaled_and_shifted(expansion, x, 1.0F / 6.0F, 0.5F);
  const ValueId gate =
      expansion.add("Clip", {line, expansion.number(0.0F), expansion.number(1.0F)});
  expansion.finish("Mul", {x, gate});
}

/// max(x, low) as low + Relu(x - low).
void expand_lower_bound(Expansion& expansion, float low) {
  const ValueId x = expansion.input(0);
  if (low == 0.0F) {
    expansion.finish("Relu", {x});
    return;
  }
  const ValueId moved = expansion.add("Add", {x, expansion.number(-low)});
  const ValueId clipped = expansion.add("Relu", {moved});
  expansion.finish("Add", {clipped, expansion.number(low)});
}

/// min(x, high) as high - Relu(high - x).
void expand_upper_bound(Expansion& expansion, float high) {
  const ValueId distance = scaled_and_shifted(expansion, expansion.input(0), -1.0F, high);
  const ValueId clipped = expansion.add("Relu", {distance});
  const ValueId negative = expansion.add("Mul", {clipped, expansion.number(-1.0F)});
  expansion.finish("Add", {negative, expansion.number(high)});
}

/// The power of two that brings `width` into the bounds of a DLA.
float factor_into_bounds(double width) {
  double factor = 1.0;
  while (width * factor < kMinEnd) {
    factor *= 2.0;
  }
  while (width * factor > kMaxEnd) {
    factor /= 2.0;
  }
  return static_cast<float>(factor);
}

void expand_both_bounds(Expansion& expansion, float low, float high) {
  const float factor = factor_into_bounds(static_cast<double>(high) - static_cast<double>(low));
  ValueId value = expansion.input(0);
  if (low != 0.0F) {
    value = expansion.add("Add", {value, expansion.number(-low)});
  }
  if (factor != 1.0F) {
    value = expansion.add("Mul", {value, expansion.number(factor)});
  }
  value = expansion.add("Clip",
                        {value, expansion.number(0.0F), expansion.number((high - low) * factor)});
  if (low == 0.0F) {
    expansion.finish("Mul", {value, expansion.number(1.0F / factor)});
    return;
  }
  if (factor != 1.0F) {
    value = expansion.add("Mul", {value, expansion.number(1.0F / factor)});
  }
  expansion.finish("Add", {value, expansion.number(low)});
}

/// The bound that input `index` sets: infinite where it is left out; nothing where it is computed.
std::optional<float> bound_of(const Graph& graph, const Node& node, std::size_t index) {
  const ValueId value = input_of(node, index);
  if (value == kNoValue) {
    return index == 1 ? -INFINITY : INFINITY;
  }
  const auto number = uniform_constant(graph, value);
  return number ? std::optional(static_cast<float>(*number)) : std::nullopt;
}

bool expand_clip(Graph& graph, NodeId id) {
  const auto low = bound_of(graph, graph.node(id), 1);
  const auto high = bound_of(graph, graph.node(id), 2);
  // A width that is no normal number could not be scaled exactly.
  if (!low || !high || !(*low < *high) || *high - *low < 1e-30F) {
    return false;
  }
  Expansion expansion(graph, id, kName);
  if (std::isfinite(*low) && std::isfinite(*high - *low)) {
    expand_both_bounds(expansion, *low, *high);
  } else if (std::isfinite(*low) && !std::isfinite(*high)) {
    expand_lower_bound(expansion, *low);
  } else if (std::isfinite(*high) && !std::isfinite(*low)) {
    expand_upper_bound(expansion, *high);
  } else {
    return false;
  }
  return true;
}

bool expand(Graph& graph, NodeId id) {
  const Node node = graph.node(id);
  if (node.op == "Clip") {
    return expand_clip(graph, id);
  }
  Expansion expansion(graph, id, kName);
  if (node.op == "HardSwish") {
    expand_hard_swish(expansion);
  } else {
    expand_hard_sigmoid(expansion,
                        node.attributes.get_float("alpha", 0.2F),
                        node.attributes.get_float("beta", 0.5F));
  }
  return true;
}

}  // namespace

Graph expand_hard_activations(Graph graph) {
  static constexpr std::array<std::string_view, 3> kOps{"Clip", "HardSigmoid", "HardSwish"};
  return cure_refusals(std::move(graph), kOps, expand);
}

}  // namespace mtmi::passes
