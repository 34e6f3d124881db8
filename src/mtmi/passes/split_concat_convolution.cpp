#include "mtmi/passes/split_concat_convolution.h"

#include <algorithm>
#include <optional>
#include <string>

#include "mtmi/passes/cost.h"
#include "mtmi/passes/layer_weights.h"
#include "mtmi/passes/match.h"
#include "mtmi/passes/pointwise.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

constexpr std::string_view kName = "split_concat_convolution";

/// The Resize that makes `value` for its one reader, if a 1x1 convolution may go in front of it.
std::optional<NodeId> movable_resize(const Graph& graph, ValueId value) {
  const auto resize = producer_of(graph, value, "Resize");
  return resize && graph.has_single_user(value) && is_spatial_average(graph, *resize)
             ? resize
             : std::nullopt;
}

/// What the split saves, once the convolutions of enlarged parts have moved in front of their
/// resizes, less what it adds [MAC].
double gain_of_split(const Graph& graph, const Node& concat, const Shape& dst) {
  double gain = element_work(shape_of(graph, concat.outputs[0]));  // the Concat itself
  for (const ValueId part : concat.inputs) {
    const Shape& shape = shape_of(graph, part);
    gain -= 2.0 * element_work(dst);  // written by the part's layer, read by an Add
    if (const auto resize = movable_resize(graph, part)) {
      const Shape& source = shape_of(graph, graph.node(*resize).inputs[0]);
      const double kept = static_cast<double>(source.num_elements()) /
                          static_cast<double>(std::max<std::int64_t>(shape.num_elements(), 1));
      gain += static_cast<double>(dst.num_elements()) * static_cast<double>(shape[1]) * (1 - kept);
    }
  }
  return gain;
}

void split(Graph& graph, NodeId id, const Node& concat) {
  const Layer layer = *layer_at(graph, id);
  const Node conv = graph.node(id);
  const std::string result = graph.value(conv.outputs[0]).name;
  ValueId sum = kNoValue;
  std::int64_t begin = 0;
  for (std::size_t i = 0; i < concat.inputs.size(); ++i) {
    const std::string name = derived_name(result + "/part" + std::to_string(i), kName);
    const std::int64_t count = shape_of(graph, concat.inputs[i])[1];
    std::vector<ValueId> inputs{
        concat.inputs[i],
        graph.add_constant(name + "/weights", input_channels(layer.weights, begin, count))};
    if (i == 0 && input_of(conv, 2) != kNoValue) {
      inputs.push_back(conv.inputs[2]);
    }
    const ValueId part = insert_before(graph, id, name, "Conv", std::move(inputs), conv.attributes);
    begin += count;
    if (i == 0) {
      sum = part;
    } else if (i + 1 < concat.inputs.size()) {
      sum = insert_before(graph,
                          id,
                          derived_name(result + "/sum" + std::to_string(i), kName),
                          "Add",
                          {sum, part},
                          {});
    } else {
      replace_node(graph, id, "Add", {sum, part}, {});
    }
  }
}

void visit(Graph& graph, NodeId id) {
  const Node& conv = graph.node(id);
  const auto concat = producer_of(graph, conv.inputs[0], "Concat");
  if (!concat || !graph.has_single_user(conv.inputs[0]) || !is_pointwise(graph, id)) {
    return;
  }
  const Node parts = graph.node(*concat);
  const int rank = shape_of(graph, parts.outputs[0]).rank();
  const bool of_channels = positive_axis(parts.attributes.get_int("axis", 1), rank) == 1;
  if (of_channels && parts.inputs.size() > 1 &&
      gain_of_split(graph, parts, shape_of(graph, conv.outputs[0])) > 0) {
    split(graph, id, parts);
  }
}

}  // namespace

Graph split_concat_convolution(Graph graph) {
  for_each_node(graph, "Conv", visit);
  graph.remove_dead_nodes();
  return graph;
}

}  // namespace mtmi::passes
