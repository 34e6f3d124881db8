#include "mtmi/passes/merge_duplicates.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "mtmi/core/hash.h"
#include "mtmi/graph/structural_hash.h"
#include "mtmi/graph/text.h"
#include "mtmi/passes/rewrite.h"

namespace mtmi::passes {
namespace {

/// Equal for equal constants, and seldom for others: type and a few elements. Most constants need
/// no closer look, so that weights are not read as a whole.
std::string sample_of(const Tensor& tensor) {
  constexpr std::size_t kSamples = 8;
  constexpr std::size_t kSampleBytes = 16;
  std::string sample = to_string(TensorType{tensor.dtype(), tensor.shape()});
  const auto bytes = tensor.bytes();
  const std::size_t step = std::max<std::size_t>(bytes.size() / kSamples, kSampleBytes);
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    const auto part = bytes.subspan(i, std::min(kSampleBytes, bytes.size() - i));
    sample.append(reinterpret_cast<const char*>(part.data()), part.size());
  }
  return sample;
}

/// Equal for nodes that compute the same.
std::string key_of(const Node& node) {
  std::vector<ValueId> inputs = node.inputs;
  if (is_commutative(node.op)) {
    std::sort(inputs.begin(), inputs.end());
  }
  std::string key = node.op + '(';
  for (const ValueId input : inputs) {
    key += std::to_string(static_cast<int>(input)) + ',';
  }
  key += ')' + to_text(node.attributes) + std::to_string(node.outputs.size());
  return key;
}

/// Whether `value` has to stay beside its twin: an Identity would take its place.
bool must_stay(const Graph& graph, ValueId value, ValueId twin) {
  return graph.is_output(value) &&
         (graph.is_output(twin) || graph.is_input(twin) || graph.is_constant(twin));
}

/// Lets everything read the first of `group`'s equal constants.
void merge_group(Graph& graph, const std::vector<ValueId>& group) {
  std::unordered_map<std::string, ValueId> first;
  for (const ValueId id : group) {
    const Tensor& tensor = *graph.value(id).constant;
    const auto [it, is_new] = first.emplace(hash_hex(tensor.bytes()), id);
    const ValueId twin = it->second;
    if (!is_new && !must_stay(graph, id, twin) &&
        bitwise_equal(tensor, *graph.value(twin).constant)) {
      graph.replace_value(id, twin);
    }
  }
}

void merge_constants(Graph& graph) {
  std::unordered_map<std::string, std::vector<ValueId>> groups;
  for (const ValueId id : graph.values()) {
    if (graph.is_constant(id)) {
      groups[sample_of(*graph.value(id).constant)].push_back(id);
    }
  }
  for (const auto& [sample, group] : groups) {
    if (group.size() > 1) {
      merge_group(graph, group);
    }
  }
}

/// Lets the users of `id` read `twin`'s outputs. An output that has to stay keeps the node alive.
void merge_node(Graph& graph, NodeId id, NodeId twin) {
  const std::vector<ValueId> outputs = graph.node(id).outputs;
  const std::vector<ValueId> twin_outputs = graph.node(twin).outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const bool is_made = outputs[i] != kNoValue;
    if (is_made && (twin_outputs[i] == kNoValue || must_stay(graph, outputs[i], twin_outputs[i]))) {
      return;
    }
  }
  graph.erase_node(id);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (outputs[i] != kNoValue) {
      graph.replace_value(outputs[i], twin_outputs[i]);
    }
  }
}

}  // namespace

Graph merge_duplicates(Graph graph) {
  merge_constants(graph);
  std::unordered_map<std::string, NodeId> first;
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const auto [it, is_new] = first.emplace(key_of(graph.node(id)), id);
    if (!is_new) {
      merge_node(graph, id, it->second);
    }
  }
  return graph;
}

}  // namespace mtmi::passes
