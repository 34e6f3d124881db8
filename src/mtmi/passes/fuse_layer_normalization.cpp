#include "mtmi/passes/fuse_layer_normalization.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "fuse_layer_normalization";

/// The first of the last axes that a ReduceMean with kept axes is over; nothing for other means.
std::optional<int> first_of_last_axes(const Graph& graph, NodeId mean) {
  const Node& node = graph.node(mean);
  const int rank = shape_of(graph, node.inputs[0]).rank();
  const auto given = constant_ints(graph, input_of(node, 1));
  if (!given || given->empty() || node.attributes.get_int("keepdims", 1) == 0) {
    return std::nullopt;
  }
  std::vector<std::size_t> axes;
  for (const std::int64_t axis : *given) {
    axes.push_back(positive_axis(axis, rank));
  }
  std::sort(axes.begin(), axes.end());
  const auto first = static_cast<std::size_t>(rank) - axes.size();
  for (std::size_t i = 0; i < axes.size(); ++i) {
    if (axes[i] != first + i) {
      return std::nullopt;
    }
  }
  return static_cast<int>(first);
}

struct Centered {
  ValueId x = kNoValue;
  ValueId centered = kNoValue;  ///< x - mean(x)
  int axis = 0;
};

/// `value` as x - mean(x).
std::optional<Centered> match_centered(const Graph& graph, ValueId value) {
  const auto sub = producer_of(graph, value, "Sub");
  const auto mean =
      sub ? producer_of(graph, graph.node(*sub).inputs[1], "ReduceMean") : std::nullopt;
  if (!mean || graph.node(*mean).inputs[0] != graph.node(*sub).inputs[0]) {
    return std::nullopt;
  }
  const auto axis = first_of_last_axes(graph, *mean);
  return axis ? std::optional(Centered{graph.node(*sub).inputs[0], value, *axis}) : std::nullopt;
}

/// Whether `value` is the square of `base`, or of something that computes the same.
bool is_square_of(const Graph& graph, ValueId value, const Centered& base) {
  const auto is_base = [&](ValueId candidate) {
    if (candidate == base.centered) {
      return true;
    }
    const auto twin = match_centered(graph, candidate);
    return twin && twin->x == base.x && twin->axis == base.axis;
  };
  if (const auto pow = producer_of(graph, value, "Pow")) {
    const Node& node = graph.node(*pow);
    return is_base(node.inputs[0]) && is_filled_with(graph, node.inputs[1], 2.0);
  }
  const auto mul = producer_of(graph, value, "Mul");
  return mul && is_base(graph.node(*mul).inputs[0]) && is_base(graph.node(*mul).inputs[1]);
}

/// The epsilon of `value` = mean(centered^2) + epsilon.
std::optional<float> match_variance(const Graph& graph, ValueId value, const Centered& base) {
  const auto add = producer_of(graph, value, "Add");
  const auto operands = add ? either_operand(graph.node(*add),
                                             [&graph](ValueId input) {
                                               return uniform_constant(graph, input).has_value();
                                             })
                            : std::nullopt;
  const auto mean = operands ? producer_of(graph, operands->other, "ReduceMean") : std::nullopt;
  if (!mean || first_of_last_axes(graph, *mean) != base.axis ||
      !is_square_of(graph, graph.node(*mean).inputs[0], base)) {
    return std::nullopt;
  }
  return static_cast<float>(*uniform_constant(graph, operands->matched));
}

/// The value under a square root: of Sqrt, or of Pow with `exponent`.
ValueId under_root(const Graph& graph, ValueId value, double exponent) {
  if (const auto sqrt = producer_of(graph, value, "Sqrt"); sqrt && exponent > 0) {
    return graph.node(*sqrt).inputs[0];
  }
  const auto pow = producer_of(graph, value, "Pow");
  return pow && is_filled_with(graph, graph.node(*pow).inputs[1], exponent)
             ? graph.node(*pow).inputs[0]
             : kNoValue;
}

/// The value v of `value` = 1 / sqrt(v).
ValueId under_inverse_root(const Graph& graph, ValueId value) {
  if (const auto reciprocal = producer_of(graph, value, "Reciprocal")) {
    return under_root(graph, graph.node(*reciprocal).inputs[0], 0.5);
  }
  if (const auto div = producer_of(graph, value, "Div");
      div && is_filled_with(graph, graph.node(*div).inputs[0], 1.0)) {
    return under_root(graph, graph.node(*div).inputs[1], 0.5);
  }
  return under_root(graph, value, -0.5);
}

struct Normalized {
  ValueId x = kNoValue;
  int axis = 0;
  float epsilon = 0.0F;
};

std::optional<Normalized> match_quotient(const Graph& graph, ValueId centered, ValueId variance) {
  const auto base = variance == kNoValue ? std::nullopt : match_centered(graph, centered);
  const auto epsilon = base ? match_variance(graph, variance, *base) : std::nullopt;
  return epsilon ? std::optional(Normalized{base->x, base->axis, *epsilon}) : std::nullopt;
}

/// `id` as (x - mean(x)) / sqrt(var(x) + eps).
std::optional<Normalized> match_normalized(const Graph& graph, NodeId id) {
  const Node& node = graph.node(id);
  if (node.op == "Div") {
    return match_quotient(graph, node.inputs[0], under_root(graph, node.inputs[1], 0.5));
  }
  if (node.op != "Mul") {
    return std::nullopt;
  }
  const auto normalized =
      match_quotient(graph, node.inputs[0], under_inverse_root(graph, node.inputs[1]));
  return normalized
             ? normalized
             : match_quotient(graph, node.inputs[1], under_inverse_root(graph, node.inputs[0]));
}

/// The constant that the only user of `value`, an `op`, combines it with, brought to `shape`.
struct Affine {
  NodeId user;
  Tensor constant;
};

std::optional<Affine> match_affine(const Graph& graph,
                                   ValueId value,
                                   std::string_view op,
                                   const Shape& shape) {
  const auto user = only_user_of(graph, value, op);
  if (!user) {
    return std::nullopt;
  }
  const Node& node = graph.node(*user);
  const Tensor* constant = constant_of(graph, node.inputs[node.inputs[0] == value ? 1 : 0]);
  if (constant == nullptr || constant->num_elements() != shape.num_elements() ||
      constant->shape().rank() > shape_of(graph, value).rank()) {
    return std::nullopt;
  }
  // The extents must stand at the back; equal counts allow only leading ones beside them.
  const auto& extents = constant->shape().extents();
  const auto rank = shape.extents().size();
  if (extents.size() < rank ||
      !std::equal(shape.extents().rbegin(), shape.extents().rend(), extents.rbegin())) {
    return std::nullopt;
  }
  return Affine{*user, constant->reshaped(shape)};
}

Shape normalized_shape(const Graph& graph, const Normalized& match) {
  const auto& extents = shape_of(graph, match.x).extents();
  return Shape(std::vector<std::int64_t>(extents.begin() + match.axis, extents.end()));
}

void fuse(Graph& graph, NodeId id, const Normalized& match) {
  const Shape shape = normalized_shape(graph, match);
  const DType dtype = *graph.value(match.x).dtype;
  NodeId root = id;
  std::optional<Affine> gamma = match_affine(graph, graph.node(id).outputs[0], "Mul", shape);
  std::optional<Affine> beta;
  if (gamma) {
    root = gamma->user;
    beta = match_affine(graph, graph.node(root).outputs[0], "Add", shape);
  }
  if (!gamma && dtype != DType::Float32) {
    return;  // a scale of ones would have to be made
  }
  if (!gamma) {
    Tensor ones(dtype, shape);
    std::fill(ones.data<float>().begin(), ones.data<float>().end(), 1.0F);
    gamma = Affine{id, ones};
  }
  if (beta) {
    root = beta->user;
  }
  const std::string name = graph.value(graph.node(root).outputs[0]).name;
  std::vector<ValueId> inputs{
      match.x, graph.add_constant(derived_name(name + "/scale", kName), gamma->constant)};
  if (beta) {
    inputs.push_back(graph.add_constant(derived_name(name + "/shift", kName), beta->constant));
  }
  const std::int64_t axis = match.axis - shape_of(graph, match.x).rank();
  replace_node(graph,
               root,
               "LayerNormalization",
               std::move(inputs),
               {{"axis", axis}, {"epsilon", match.epsilon}});
}

}  // namespace

Graph fuse_layer_normalization(Graph graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    if (const auto match = match_normalized(graph, id)) {
      fuse(graph, id, *match);
    }
  }
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
