#include "mtmi/split/split.h"

#include <algorithm>
#include <iterator>
#include <unordered_set>
#include <utility>

#include "mtmi/error.h"
#include "mtmi/split/data_movement.h"
#include "mtmi/split/extract.h"
#include "mtmi/split/find_cut.h"
#include "mtmi/split/find_tail.h"
#include "mtmi/split/map_views.h"
#include "mtmi/split/reach.h"

namespace mtmi::split {
namespace {

[[noreturn]] void refuse(ErrorCode code, const std::string& message) {
  throw Error(code, "split::split_graph", message);
}

bool contains(const std::vector<ValueId>& values, ValueId value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::vector<ValueId> named_values(const Graph& graph, const std::vector<std::string>& names) {
  std::vector<ValueId> values;
  for (const std::string& name : names) {
    const auto id = graph.find_value(name);
    if (!id || graph.is_constant(*id) || (!graph.producer(*id) && !graph.is_input(*id))) {
      refuse(ErrorCode::InvalidArgument,
             "there is no tensor '" + name + "' in the network; mtmi inspect lists them");
    }
    if (!contains(values, *id)) {
      values.push_back(*id);
    }
  }
  return values;
}

std::string why_nothing_to_split(const Graph& graph) {
  if (graph.outputs().size() < 2) {
    return "the network has one output";
  }
  return outputs_share_computation(graph)
             ? "its outputs are those of one head; name tensors with --cut to split it anyway"
             : "its outputs share no trunk; name one with --cut";
}

std::vector<ValueId> choose_cut(Graph& graph, const SplitOptions& options) {
  if (!options.cut.empty()) {
    std::vector<ValueId> cut = named_values(graph, options.cut);
    if (const auto way = find_bypass(graph, cut)) {
      refuse(ErrorCode::InvalidArgument,
             "the cut does not close: " + *way + " goes around it; add a tensor of this way");
    }
    return cut;
  }
  std::optional<std::vector<ValueId>> cut = find_cut(graph);
  if (!cut) {
    refuse(ErrorCode::Unsupported, "there is nothing to split: " + why_nothing_to_split(graph));
  }
  return prefer_maps(graph, std::move(*cut));
}

/// Results that a head gives, by head; heads that share computing nodes behind the cut are one.
std::vector<std::vector<ValueId>> group_results(const Graph& graph,
                                                const std::vector<ValueId>& cut,
                                                const std::vector<ValueId>& results) {
  const Reach reach(graph, results);
  OutputGroups groups(results.size());
  for (const NodeId id : nodes_between(graph, cut, results)) {
    if (!only_moves_data(graph.node(id)) && reach.depends_on_inputs(id)) {
      groups.join(reach.outputs_behind(id));
    }
  }
  std::vector<std::vector<ValueId>> grouped;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (groups.leader(i) == i) {
      grouped.emplace_back();
      for (std::size_t j = i; j < results.size(); ++j) {
        if (groups.leader(j) == i) {
          grouped.back().push_back(results[j]);
        }
      }
    }
  }
  return grouped;
}

/// The values of `cut` that `outputs` are computed from.
std::vector<ValueId> read_features(const Graph& graph,
                                   const std::vector<ValueId>& cut,
                                   const std::vector<ValueId>& outputs) {
  const std::unordered_set<NodeId> nodes = nodes_between(graph, cut, outputs);
  std::vector<ValueId> read;
  std::copy_if(cut.begin(), cut.end(), std::back_inserter(read), [&](ValueId value) {
    const auto users = graph.users(value);
    return contains(outputs, value) ||
           std::any_of(users.begin(), users.end(), [&](NodeId id) { return nodes.contains(id); });
  });
  return read;
}

Head make_head(const Graph& graph,
               const std::vector<ValueId>& cut,
               const std::vector<ValueId>& results,
               const std::vector<ValueId>& named_tails) {
  std::vector<ValueId> ends;
  std::vector<ValueId> tail_starts;
  std::vector<ValueId> tail_results;
  for (const ValueId result : results) {
    const ValueId start = tail_start(graph, result, named_tails, cut);
    // Of a value that is a result itself the head makes what would be the tail: what a tail reads
    // is no result.
    const bool has_tail = start != result && !contains(results, start);
    const ValueId end = has_tail ? start : result;
    if (!contains(ends, end)) {
      ends.push_back(end);
      if (has_tail) {
        tail_starts.push_back(end);
      }
    }
    if (has_tail) {
      tail_results.push_back(result);
    }
  }
  Head head;
  head.name = graph.value(results.front()).name;
  head.graph = extract(graph, head.name, read_features(graph, cut, ends), ends);
  if (!tail_results.empty()) {
    head.tail = extract(graph, head.name + "_tail", tail_starts, tail_results);
  }
  for (const ValueId result : results) {
    head.results.push_back(graph.value(result).name);
  }
  return head;
}

/// A named tail that changed nothing is a mistake of the user.
void require_all_used(const Graph& graph,
                      const std::vector<ValueId>& tails,
                      const std::vector<Head>& heads) {
  for (const ValueId tail : tails) {
    const std::string& name = graph.value(tail).name;
    const bool used = std::any_of(heads.begin(), heads.end(), [&name](const Head& head) {
      const auto id = head.graph.find_value(name);
      return id && head.graph.is_output(*id);
    });
    if (!used) {
      refuse(ErrorCode::InvalidArgument,
             "no tail can begin at '" + name +
                 "': no result is computed from it by operators that read one tensor each");
    }
  }
}

std::size_t bytes_of(const Graph& graph, ValueId value) {
  const TensorType type = graph.type(value);
  return static_cast<std::size_t>(type.shape.num_elements()) * size_of(type.dtype);
}

}  // namespace

Split split_graph(const Graph& whole, const SplitOptions& options) {
  Graph graph = whole;
  const std::vector<ValueId> cut = choose_cut(graph, options);
  const std::vector<ValueId> tails = named_values(graph, options.tail);
  std::vector<ValueId> head_results;
  std::vector<ValueId> encoder_results;
  const std::vector<ValueId> inputs(graph.inputs().begin(), graph.inputs().end());
  const std::unordered_set<NodeId> encoder_nodes = nodes_between(graph, inputs, cut);
  for (const ValueId output : graph.outputs()) {
    if (graph.is_input(output)) {
      refuse(ErrorCode::Unsupported,
             "output '" + graph.value(output).name +
                 "' is an input of the network: no part would make it");
    }
    const auto producer = graph.producer(output);
    const bool given_by_encoder =
        contains(cut, output) || !producer || encoder_nodes.contains(*producer);
    (given_by_encoder ? encoder_results : head_results).push_back(output);
  }
  Split split;
  // An input of the network that heads read comes to them with the frame, not from the encoder.
  std::vector<ValueId> features = cut;
  std::erase_if(features, [&graph](ValueId value) { return graph.is_input(value); });
  std::vector<ValueId> encoder_outputs = features;
  for (const ValueId result : encoder_results) {
    split.feature_results.push_back(graph.value(result).name);
    if (!contains(encoder_outputs, result)) {
      encoder_outputs.push_back(result);
    }
  }
  for (const std::vector<ValueId>& results : group_results(graph, cut, head_results)) {
    split.heads.push_back(make_head(graph, cut, results, tails));
  }
  require_all_used(graph, tails, split.heads);
  if (encoder_outputs.empty()) {
    refuse(ErrorCode::InvalidArgument,
           "the cut lies at the inputs of the network: nothing is left to the encoder");
  }
  split.encoder =
      extract(graph, "encoder", read_features(graph, inputs, encoder_outputs), encoder_outputs);
  for (const ValueId feature : features) {
    split.features.push_back(graph.value(feature).name);
    split.hand_off_bytes += bytes_of(graph, feature);
  }
  return split;
}

}  // namespace mtmi::split
