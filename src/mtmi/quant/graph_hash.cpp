#include "mtmi/quant/graph_hash.h"

#include <algorithm>
#include <unordered_map>

#include "mtmi/core/hash.h"
#include "mtmi/graph/text.h"

namespace mtmi::quant {
namespace {

std::string declared_type(const Value& value) {
  std::string text(value.dtype ? to_string(*value.dtype) : "?");
  text += value.shape ? to_string(*value.shape) : "?";
  for (const std::string& dim : value.dim_names) {
    text += std::to_string(dim.size()) + ":" + dim;
  }
  return text;
}

/// Lengths stand in front of names, so that no name can look like two.
std::string named(const std::string& name) {
  return " " + std::to_string(name.size()) + ":" + name;
}

/// One line per node, input and output.
class Lines {
 public:
  explicit Lines(const Graph& graph) : graph_(graph) {}

  [[nodiscard]] std::string of_value(ValueId id) {
    if (id == kNoValue) {
      return " _";
    }
    const Value& value = graph_.value(id);
    return value.constant ? " =" + digest_of(id, value) : named(value.name);
  }

  [[nodiscard]] std::string of_node(const Node& node) {
    std::string line = node.op + to_text(node.attributes) + " (";
    for (const ValueId input : node.inputs) {
      line += of_value(input);
    }
    line += ") ->";
    for (const ValueId output : node.outputs) {
      line += of_value(output);
    }
    return line;
  }

 private:
  /// Weights that several nodes read are digested once.
  const std::string& digest_of(ValueId id, const Value& constant) {
    const auto [it, is_new] = digests_.try_emplace(id);
    if (is_new) {
      it->second = declared_type(constant) + hash_hex(constant.constant->bytes());
    }
    return it->second;
  }

  const Graph& graph_;
  std::unordered_map<ValueId, std::string> digests_;
};

}  // namespace

std::string graph_hash(const Graph& graph) {
  Lines lines(graph);
  std::vector<std::string> nodes;
  for (const NodeId id : graph.order()) {
    nodes.push_back(lines.of_node(graph.node(id)));
  }
  std::sort(nodes.begin(), nodes.end());
  Hasher hasher;
  for (const ValueId id : graph.inputs()) {
    hasher.update("input" + lines.of_value(id) + declared_type(graph.value(id)));
  }
  for (const std::string& node : nodes) {
    hasher.update(node);
  }
  for (const ValueId id : graph.outputs()) {
    hasher.update("output" + lines.of_value(id));
  }
  return hasher.hex_digest();
}

std::vector<ValueId> activations(const Graph& graph) {
  std::vector<ValueId> result;
  const auto add = [&](ValueId id) {
    if (id != kNoValue && graph.type(id).dtype == DType::Float32) {
      result.push_back(id);
    }
  };
  std::for_each(graph.inputs().begin(), graph.inputs().end(), add);
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    std::for_each(node.outputs.begin(), node.outputs.end(), add);
  }
  return result;
}

}  // namespace mtmi::quant
