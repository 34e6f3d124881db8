#include "mtmi/backends/common_host/placements.h"

#include <unordered_map>
#include <vector>

#include "mtmi/backends/common_host/memory_plan.h"
#include "mtmi/backends/common_host/storage.h"

namespace mtmi::host {
namespace {

std::uint64_t bytes_of(const Graph& graph, ValueId id) {
  const TensorType type = graph.type(id);
  return static_cast<std::uint64_t>(type.shape.num_elements()) * size_of(type.dtype);
}

/// The roots that live in the arena, in the order in which they are made.
struct ArenaValues {
  std::vector<ValueId> roots;
  std::vector<Lifetime> lifetimes;
};

ArenaValues arena_values(const Graph& graph, const Storage& storage) {
  ArenaValues arena;
  std::unordered_map<ValueId, std::size_t> index;
  const auto outside = [&](ValueId root) {
    return graph.is_input(root) || graph.is_constant(root) || storage.outputs().contains(root);
  };
  int step = 0;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    for (const ValueId output : node.outputs) {
      if (output != kNoValue && storage.root(output) == output && !outside(output)) {
        index.emplace(output, arena.roots.size());
        arena.roots.push_back(output);
        arena.lifetimes.push_back({.name = graph.value(output).name,
                                   .first = step,
                                   .last = step,
                                   .size = bytes_of(graph, output)});
      }
    }
    for (const auto& list : {node.inputs, node.outputs}) {
      for (const ValueId value : list) {
        const auto it = value == kNoValue ? index.end() : index.find(storage.root(value));
        if (it != index.end()) {
          arena.lifetimes[it->second].last = step;
        }
      }
    }
    ++step;
  }
  return arena;
}

}  // namespace

void place_intermediates(Engine& engine) {
  const Graph& graph = engine.graph;
  const Storage storage(graph);
  const ArenaValues arena = arena_values(graph, storage);
  const MemoryPlan plan = plan_memory(arena.lifetimes);
  engine.arena_bytes = plan.arena_bytes;
  for (std::size_t i = 0; i < arena.roots.size(); ++i) {
    engine.placements.push_back(
        {.value = arena.roots[i], .offset = plan.offsets[i], .size = arena.lifetimes[i].size});
  }
}

}  // namespace mtmi::host
