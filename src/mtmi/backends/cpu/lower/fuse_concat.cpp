// Concats of maps that only a 1x1 convolution reads: it reads the maps where they lie.
#include <algorithm>

#include "mtmi/backends/cpu/lower/operators.h"
#include "mtmi/backends/cpu/lower/passes.h"

namespace mtmi::cpu {
namespace {

bool is_point_convolution(const Node& node) {
  const auto is = [&node](std::string_view name, std::int64_t value) {
    return node.attributes.get_ints(name) == std::vector<std::int64_t>{value, value};
  };
  return node.op == "cpu.Conv" && is("kernel", 1) && is("strides", 1) && is("pads", 0) &&
         node.attributes.get_int("groups", 1) == 1;
}

/// Whether the convolution can read the inputs of a concat: maps of one size, that are no inputs or
/// constants and no outputs, so that no caller's buffer is among them.
bool can_read_apart(const Graph& graph, const Node& concat) {
  const std::vector<ValueId>& maps = concat.inputs;
  const Shape shape = *graph.value(maps.front()).shape;
  return concat.op == "cpu.Concat" && shape.rank() == 4 &&
         concat.attributes.get_int("axis", 0) == 3 && maps.size() <= kMaxConvSources &&
         std::all_of(maps.begin(), maps.end(), [&](ValueId map) {
           return graph.producer(map) && !graph.is_output(map) && *graph.value(map).shape == shape;
         });
}

}  // namespace

void fuse_concats(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const ValueId x = is_point_convolution(graph.node(id)) ? graph.node(id).inputs[0] : kNoValue;
    const auto concat = x == kNoValue ? std::nullopt : graph.producer(x);
    if (!concat || !graph.has_single_user(x) || !can_read_apart(graph, graph.node(*concat))) {
      continue;
    }
    const std::vector<ValueId> maps = graph.node(*concat).inputs;
    std::vector<ValueId> inputs = graph.node(id).inputs;
    inputs.resize(kMoreSourcesInput, kNoValue);
    inputs[0] = maps.front();
    inputs.insert(inputs.end(), maps.begin() + 1, maps.end());
    graph.set_inputs(id, std::move(inputs));
  }
  graph.remove_dead_nodes();
}

}  // namespace mtmi::cpu
