#include "mtmi/split/find_cut.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "mtmi/split/data_movement.h"
#include "mtmi/split/min_cut.h"
#include "mtmi/split/reach.h"

namespace mtmi::split {
namespace {

/// Bytes first; of equal bytes the most maps; then the fewest values.
std::int64_t capacity_of(const Graph& graph, ValueId value) {
  constexpr std::int64_t kPerByte = 1 << 12;
  constexpr std::int64_t kPerNonMap = 1 << 6;
  const TensorType type = graph.type(value);
  const std::int64_t bytes =
      type.shape.num_elements() * static_cast<std::int64_t>(size_of(type.dtype));
  // Beyond this any cut is as bad as another; the sum of all stays far below kInfinite.
  const std::int64_t counted = std::min(bytes, std::int64_t{1} << 38);
  return counted * kPerByte + (type.shape.rank() == 4 ? 0 : kPerNonMap) + 1;
}

/// The vertices of the flow network that stand for a graph.
class CutNetwork {
 public:
  explicit CutNetwork(const Graph& graph) : graph_(graph), network_(2) {
    for (const NodeId id : graph.order()) {
      vertex_.emplace(id, network_.add_vertex());
    }
    for (const ValueId input : graph.inputs()) {
      add_value(input, kSource);
    }
    for (const NodeId id : graph.order()) {
      for (const ValueId output : graph.node(id).outputs) {
        if (output != kNoValue) {
          add_value(output, vertex_.at(id));
        }
      }
    }
  }

  void force_encoder(NodeId id) {
    network_.add_edge(kSource, vertex_.at(id), FlowNetwork::kInfinite);
  }

  void force_heads(NodeId id) { network_.add_edge(vertex_.at(id), kSink, FlowNetwork::kInfinite); }

  /// The values that cross from the encoder's side.
  std::vector<ValueId> solve() {
    const std::vector<bool> encoder = network_.source_side(kSource, kSink);
    const auto in_encoder = [&](NodeId id) {
      return static_cast<bool>(encoder[static_cast<std::size_t>(vertex_.at(id))]);
    };
    std::vector<ValueId> cut;
    const auto add_if_crossing = [&](ValueId value) {
      const auto users = graph_.users(value);
      if (std::any_of(users.begin(), users.end(), [&](NodeId user) { return !in_encoder(user); })) {
        cut.push_back(value);
      }
    };
    for (const ValueId input : graph_.inputs()) {
      add_if_crossing(input);
    }
    for (const NodeId id : graph_.order()) {
      if (in_encoder(id)) {
        for (const ValueId output : graph_.node(id).outputs) {
          if (output != kNoValue) {
            add_if_crossing(output);
          }
        }
      }
    }
    return cut;
  }

 private:
  static constexpr int kSource = 0;
  static constexpr int kSink = 1;

  /// A value costs its bytes once, however many nodes of the heads read it; and who reads it in the
  /// encoder needs its producer there.
  void add_value(ValueId value, int producer) {
    if (graph_.users(value).empty()) {
      return;
    }
    const int crossing = network_.add_vertex();
    network_.add_edge(producer, crossing, capacity_of(graph_, value));
    for (const NodeId user : graph_.users(value)) {
      network_.add_edge(crossing, vertex_.at(user), FlowNetwork::kInfinite);
      network_.add_edge(vertex_.at(user), producer, FlowNetwork::kInfinite);
    }
  }

  const Graph& graph_;
  FlowNetwork network_;
  std::unordered_map<NodeId, int> vertex_;
};

std::vector<ValueId> cheapest_cut(const Graph& graph,
                                  const std::unordered_set<NodeId>& trunk,
                                  const Reach& reach) {
  CutNetwork network(graph);
  for (const NodeId id : graph.order()) {
    if (reach.count(id) == 0) {
      continue;  // feeds feature outputs only: either side
    }
    const bool computes = !only_moves_data(graph.node(id));
    const bool depends_on_inputs = reach.depends_on_inputs(id);
    if (computes && depends_on_inputs && trunk.contains(id)) {
      network.force_encoder(id);
    } else if (computes && depends_on_inputs) {
      network.force_heads(id);
    }
  }
  // The results themselves are the heads', even where a head only moves data.
  for (const ValueId output : reach.outputs()) {
    const auto producer = graph.producer(output);
    if (producer && !trunk.contains(*producer)) {
      network.force_heads(*producer);
    }
  }
  return network.solve();
}

bool computes_from_inputs(const Graph& graph, NodeId id, const Reach& reach) {
  return !only_moves_data(graph.node(id)) && reach.depends_on_inputs(id);
}

/// How many heads are left when the nodes of `trunk` are taken away.
std::size_t count_heads(const Graph& graph,
                        const std::unordered_set<NodeId>& trunk,
                        const Reach& reach) {
  OutputGroups groups(reach.outputs().size());
  for (const NodeId id : graph.order()) {
    if (!trunk.contains(id) && computes_from_inputs(graph, id, reach)) {
      groups.join(reach.outputs_behind(id));
    }
  }
  return groups.count();
}

/// Makes results that nothing else is computed from: the end of a head, however many of its outputs
/// are results (TopK, Split).
bool ends_head(const Graph& graph, NodeId id, const Reach& reach) {
  const std::vector<ValueId>& outputs = graph.node(id).outputs;
  return std::none_of(outputs.begin(), outputs.end(), [&](ValueId output) {
    if (output == kNoValue) {
      return false;
    }
    const auto users = graph.users(output);
    return std::any_of(users.begin(), users.end(), [&](NodeId u) { return reach.count(u) > 0; });
  });
}

/// The nodes that at least `needed_by` results need and that feed others.
std::unordered_set<NodeId> find_trunk(const Graph& graph,
                                      const Reach& reach,
                                      std::size_t needed_by) {
  std::unordered_set<NodeId> trunk;
  for (const NodeId id : graph.order()) {
    if (reach.count(id) >= needed_by && !ends_head(graph, id, reach)) {
      trunk.insert(id);
    }
  }
  return trunk;
}

}  // namespace

bool outputs_share_computation(const Graph& graph) {
  const Reach reach(graph, {graph.outputs().begin(), graph.outputs().end()});
  return std::any_of(graph.order().begin(), graph.order().end(), [&](NodeId id) {
    return reach.count(id) >= 2 && computes_from_inputs(graph, id, reach);
  });
}

std::vector<ValueId> feature_outputs(const Graph& graph) {
  const std::vector<ValueId> all(graph.outputs().begin(), graph.outputs().end());
  const Reach reach(graph, all);
  std::vector<ValueId> features;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto users = graph.users(all[i]);
    if (std::any_of(users.begin(), users.end(), [&](NodeId id) { return reach.count(id) > 0; })) {
      features.push_back(all[i]);
    }
  }
  return features;
}

std::optional<std::vector<ValueId>> find_cut(const Graph& graph) {
  const std::vector<ValueId> features = feature_outputs(graph);
  std::vector<ValueId> results;
  for (const ValueId output : graph.outputs()) {
    if (std::find(features.begin(), features.end(), output) == features.end()) {
      results.push_back(output);
    }
  }
  if (results.size() < 2) {
    return std::nullopt;
  }
  const Reach reach(graph, results);
  // First what all results need; if that leaves the heads tied to each other, what any two need.
  for (const std::size_t needed_by : {results.size(), std::size_t{2}}) {
    const std::unordered_set<NodeId> trunk = find_trunk(graph, reach, needed_by);
    const bool computes = std::any_of(trunk.begin(), trunk.end(), [&](NodeId id) {
      return computes_from_inputs(graph, id, reach);
    });
    if (computes && count_heads(graph, trunk, reach) >= 2) {
      return cheapest_cut(graph, trunk, reach);
    }
  }
  return std::nullopt;
}

std::optional<std::string> find_bypass(const Graph& graph, const std::vector<ValueId>& cut) {
  const std::unordered_set<ValueId> closed(cut.begin(), cut.end());
  const std::vector<ValueId> features = feature_outputs(graph);
  // Backwards from the results; `towards` remembers the way.
  std::unordered_map<ValueId, ValueId> towards;
  std::vector<ValueId> stack;
  for (const ValueId output : graph.outputs()) {
    const bool is_feature = std::find(features.begin(), features.end(), output) != features.end();
    if (!is_feature && !closed.contains(output) && towards.emplace(output, kNoValue).second) {
      stack.push_back(output);
    }
  }
  while (!stack.empty()) {
    const ValueId value = stack.back();
    stack.pop_back();
    if (graph.is_input(value)) {
      std::string way = "'" + graph.value(value).name + "'";
      std::size_t hops = 0;
      for (ValueId at = towards.at(value); at != kNoValue; at = towards.at(at)) {
        const bool is_end = towards.at(at) == kNoValue;
        if (++hops <= 4 || is_end) {
          way += " -> '" + graph.value(at).name + "'";
        } else if (hops == 5) {
          way += " -> ...";
        }
      }
      return way;
    }
    const auto producer = graph.producer(value);
    if (!producer) {
      continue;
    }
    for (const ValueId input : graph.node(*producer).inputs) {
      if (input != kNoValue && !closed.contains(input) && towards.emplace(input, value).second) {
        stack.push_back(input);
      }
    }
  }
  return std::nullopt;
}

}  // namespace mtmi::split
