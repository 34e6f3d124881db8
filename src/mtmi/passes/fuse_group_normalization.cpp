#include "mtmi/passes/fuse_group_normalization.h"

#include <optional>
#include <string_view>
#include <vector>

#include "mtmi/passes/match.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "fuse_group_normalization";

/// What a GroupNormalization is made of.
struct Normalization {
  NodeId root{-1};  ///< makes the result
  ValueId x = kNoValue;
  std::int64_t groups = 1;
  float epsilon = 1e-5F;
  std::vector<float> scale;  ///< per channel
  std::vector<float> shift;
};

/// The elements of a float32 constant that has one of them per channel of `map`, or one for all.
std::optional<std::vector<float>> per_channel(const Graph& graph, ValueId value, const Shape& map) {
  const Tensor* tensor = constant_of(graph, value);
  if (tensor == nullptr || tensor->dtype() != DType::Float32 ||
      tensor->shape().rank() > map.rank()) {
    return std::nullopt;
  }
  const auto data = tensor->data<float>();
  if (data.size() == 1) {
    return std::vector<float>(static_cast<std::size_t>(map[1]), data[0]);
  }
  const bool fits =
      tensor->num_elements() == map[1] && varies_along_only(tensor->shape(), map.rank() - 2);
  return fits ? std::optional(std::vector<float>(data.begin(), data.end())) : std::nullopt;
}

/// The parameters [groups] of an InstanceNormalization, for every channel of `map`.
std::optional<std::vector<float>> per_group(const Graph& graph, ValueId value, const Shape& map) {
  const Tensor* tensor = constant_of(graph, value);
  if (tensor == nullptr || tensor->dtype() != DType::Float32) {
    return std::nullopt;
  }
  const auto data = tensor->data<float>();
  const std::size_t channels = static_cast<std::size_t>(map[1]) / data.size();
  std::vector<float> result;
  for (const float element : data) {
    result.insert(result.end(), channels, element);
  }
  return result;
}

/// The normalisation that ends with `reshape`, without what may stand behind it.
std::optional<Normalization> match_core(const Graph& graph, NodeId reshape) {
  const ValueId grouped = graph.node(reshape).inputs[0];
  const auto instance = producer_of(graph, grouped, "InstanceNormalization");
  if (!instance || !graph.has_single_user(grouped)) {
    return std::nullopt;
  }
  const Node& node = graph.node(*instance);
  const auto split = producer_of(graph, node.inputs[0], "Reshape");
  if (!split) {
    return std::nullopt;
  }
  const ValueId x = graph.node(*split).inputs[0];
  const Shape& rows = shape_of(graph, node.inputs[0]);
  const Shape& map = shape_of(graph, x);
  const bool fits = map.rank() > 2 && rows.rank() > 2 && rows[0] == map[0] && rows[1] > 0 &&
                    map[1] % rows[1] == 0 && same_type(graph, x, graph.node(reshape).outputs[0]) &&
                    graph.value(x).dtype == DType::Float32;
  const auto scale = fits ? per_group(graph, node.inputs[1], map) : std::nullopt;
  const auto shift = fits ? per_group(graph, node.inputs[2], map) : std::nullopt;
  if (!scale || !shift) {
    return std::nullopt;
  }
  return Normalization{.root = reshape,
                       .x = x,
                       .groups = rows[1],
                       .epsilon = node.attributes.get_float("epsilon", 1e-5F),
                       .scale = *scale,
                       .shift = *shift};
}

/// The only node behind the result, if it is a Mul or Add, `op`, with a constant per channel.
std::optional<NodeId> step_behind(const Graph& graph,
                                  const Normalization& normalization,
                                  std::string_view op,
                                  std::vector<float>& constant) {
  const ValueId result = graph.node(normalization.root).outputs[0];
  const auto next = only_user_of(graph, result, op);
  if (!next || !same_type(graph, result, graph.node(*next).outputs[0])) {
    return std::nullopt;
  }
  const auto operands =
      either_operand(graph.node(*next), [result](ValueId value) { return value == result; });
  const auto elements = per_channel(graph, operands->other, shape_of(graph, result));
  if (!elements) {
    return std::nullopt;
  }
  constant = *elements;
  return next;
}

void take_in_affine(const Graph& graph, Normalization& normalization) {
  std::vector<float> constant;
  if (const auto mul = step_behind(graph, normalization, "Mul", constant)) {
    normalization.root = *mul;
    for (std::size_t c = 0; c < constant.size(); ++c) {
      normalization.scale[c] *= constant[c];
      normalization.shift[c] *= constant[c];
    }
  }
  if (const auto add = step_behind(graph, normalization, "Add", constant)) {
    normalization.root = *add;
    for (std::size_t c = 0; c < constant.size(); ++c) {
      normalization.shift[c] += constant[c];
    }
  }
}

void fuse(Graph& graph, NodeId reshape) {
  auto normalization = match_core(graph, reshape);
  if (!normalization) {
    return;
  }
  take_in_affine(graph, *normalization);
  const std::string name =
      derived_name(graph.value(graph.node(normalization->root).outputs[0]).name, kName);
  const Shape shape{static_cast<std::int64_t>(normalization->scale.size())};
  const auto constant = [&](const char* role, const std::vector<float>& values) {
    return graph.add_constant(name + role, Tensor::from<float>(shape, std::span(values)));
  };
  Attributes attributes{{"num_groups", normalization->groups}};
  if (normalization->epsilon != 1e-5F) {
    attributes.set("epsilon", normalization->epsilon);
  }
  replace_node(graph,
               normalization->root,
               "GroupNormalization",
               {normalization->x,
                constant("/scale", normalization->scale),
                constant("/shift", normalization->shift)},
               std::move(attributes));
}

}  // namespace

Graph fuse_group_normalization(Graph graph) {
  for_each_node(graph, "Reshape", fuse);
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
