#include "mtmi/graph/structural_hash.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "mtmi/core/hash.h"
#include "mtmi/graph/text.h"

namespace mtmi {
namespace {

std::string digest(std::string_view text) {
  Hasher hasher;
  hasher.update(text);
  return hasher.hex_digest();
}

/// "f32[1,3]", or as much of it as is known.
std::string type_text(const Value& value) {
  std::string text(value.dtype ? to_string(*value.dtype) : "?");
  if (value.shape) {
    return text + to_string(*value.shape);
  }
  for (const std::string& dim : value.dim_names) {
    text += "," + std::to_string(dim.size()) + ":" + dim;
  }
  return text;
}

/// Digests of values, each from the digests of what it is computed from.
class ValueDigests {
 public:
  explicit ValueDigests(const Graph& graph) : graph_(graph) {
    for (std::size_t i = 0; i < graph.inputs().size(); ++i) {
      const ValueId id = graph.inputs()[i];
      digests_[id] = digest("input " + std::to_string(i) + type_text(graph.value(id)));
    }
    for (const NodeId id : graph.order()) {
      add(graph.node(id));
    }
  }

  /// Constants are digested when they are first asked for: many are read by nobody.
  const std::string& of(ValueId id) {
    const auto [it, is_new] = digests_.try_emplace(id);
    if (is_new && id != kNoValue && graph_.is_constant(id)) {
      const Value& value = graph_.value(id);
      it->second = digest("constant " + type_text(value) + hash_hex(value.constant->bytes()));
    }
    return it->second;
  }

 private:
  void add(const Node& node) {
    std::vector<std::string> inputs;
    for (const ValueId input : node.inputs) {
      inputs.push_back(of(input));
    }
    if (is_commutative(node.op)) {
      std::sort(inputs.begin(), inputs.end());
    }
    std::string text = node.op + to_text(node.attributes);
    for (const std::string& input : inputs) {
      text += "," + input;
    }
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i] != kNoValue) {
        digests_[node.outputs[i]] = digest(text + "#" + std::to_string(i));
      }
    }
  }

  const Graph& graph_;
  std::unordered_map<ValueId, std::string> digests_;
};

}  // namespace

bool is_commutative(std::string_view op) noexcept {
  static constexpr std::array<std::string_view, 9> kCommutative{
      "Add", "Mul", "Max", "Min", "Sum", "Mean", "Equal", "And", "Or"};
  return std::find(kCommutative.begin(), kCommutative.end(), op) != kCommutative.end();
}

std::string structural_hash(const Graph& graph) {
  ValueDigests digests(graph);
  std::string text;
  for (const ValueId input : graph.inputs()) {
    text += digests.of(input) + ",";
  }
  text += ";";
  for (const ValueId output : graph.outputs()) {
    text += digests.of(output) + ",";
  }
  return digest(text);
}

}  // namespace mtmi
