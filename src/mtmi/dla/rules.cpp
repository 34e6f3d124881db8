#include "mtmi/dla/rules.h"

#include <algorithm>

#include <fmt/core.h>

#include "mtmi/dla/layer_rules.h"
#include "mtmi/dla/unsupported.h"

namespace mtmi::dla {
namespace {

constexpr int kMapRank = 4;
constexpr std::string_view kCarryAsMaps =
    "carry the tensor as [n, c, h, w] (around linear layers: mtmi simplify --for dla)";

const LayerRule* find_rule(std::string_view op) {
  for (const auto rules : {activation_rules(),
                           conv_rules(),
                           elementwise_rules(),
                           matmul_rules(),
                           movement_rules(),
                           pooling_rules(),
                           reduction_rules(),
                           resize_rules()}) {
    for (const LayerRule& rule : rules) {
      if (rule.op == op) {
        return &rule;
      }
    }
  }
  return nullptr;
}

/// What a DLA moves: the data inputs that are no constants, and the first output. Further outputs
/// are like the first (Split) or refused (MaxPool).
std::vector<ValueId> tensors_of(const Graph& graph, const Node& node, const LayerRule& rule) {
  std::vector<ValueId> result;
  for (std::size_t i = 0; i < std::min(node.inputs.size(), rule.data_inputs); ++i) {
    if (node.inputs[i] != kNoValue && !graph.is_constant(node.inputs[i])) {
      result.push_back(node.inputs[i]);
    }
  }
  result.push_back(node.outputs.front());
  return result;
}

/// TensorRT developer guide, DLA general restrictions: no dynamic dimensions.
Support check_known(const Graph& graph, const Node& node) {
  for (const auto& list : {node.inputs, node.outputs}) {
    for (const ValueId id : list) {
      if (id != kNoValue && (!graph.value(id).shape || !graph.value(id).dtype)) {
        return Support::no(
            "dla.dynamic",
            fmt::format("'{}': got a dynamic shape, expected a known one", graph.value(id).name),
            "give the sizes of dynamic inputs");
      }
    }
  }
  return Support::yes();
}

/// The same section: FP16 and INT8 only, batches to 4096, other extents to 8192. Comparisons and
/// their Cast are the one place where another type may stand; their rule looks at it.
Support check_tensor(const Graph& graph, ValueId id, Ranks ranks) {
  const TensorType type = graph.type(id);
  const std::string& name = graph.value(id).name;
  if (type.dtype != DType::Float32 && type.dtype != DType::Float16 && type.dtype != DType::Bool) {
    return Support::no("dla.type",
                       fmt::format("'{}': got {}, expected a tensor that may be FP16 or INT8",
                                   name,
                                   to_string(type.dtype)),
                       "compute it on the host");
  }
  if (ranks == Ranks::Maps && type.shape.rank() != kMapRank) {
    return Support::no("dla.rank",
                       fmt::format("'{}': got {}, expected rank 4", name, to_string(type)),
                       std::string(kCarryAsMaps));
  }
  for (int axis = 0; axis < type.shape.rank(); ++axis) {
    const Limits limits{1, axis == 0 ? kMaxBatch : kMaxExtent};
    if (!limits.contains(type.shape[axis])) {
      return Support::no(
          axis == 0 ? "dla.batch" : "dla.extent",
          outside(fmt::format("axis {} of '{}'", axis, name), type.shape[axis], limits),
          "cut the tensor into parts along that axis");
    }
  }
  return Support::yes();
}

Support check_node(const Graph& graph, NodeId id, const CheckOptions& options) {
  const Node& node = graph.node(id);
  const LayerRule* const rule = find_rule(node.op);
  if (rule == nullptr) {
    return Support::no("dla.op.not_supported",
                       fmt::format("no layer of a DLA computes {}", node.op),
                       advice_for(node.op));
  }
  if (options.version < rule->since) {
    return Support::no(
        "dla.op.version",
        fmt::format("{} with TensorRT: got {}, expected {} or later",
                    node.op,
                    to_string(options.version),
                    to_string(rule->since)),
        "use that release, or see whether mtmi simplify --for dla writes it with older layers");
  }
  if (Support support = check_known(graph, node); !support) {
    return support;
  }
  for (const ValueId value : tensors_of(graph, node, *rule)) {
    if (Support support = check_tensor(graph, value, rule->ranks); !support) {
      return support;
    }
  }
  return rule->check(Layer(graph, id, options));
}

}  // namespace

std::vector<Support> check(const Graph& graph, const CheckOptions& options) {
  const Support release = supports(options.version, *options.chip);
  std::vector<Support> answers;
  answers.reserve(graph.order().size());
  for (const NodeId id : graph.order()) {
    answers.push_back(release ? check_node(graph, id, options) : release);
  }
  return answers;
}

Support check(const Graph& graph, NodeId id, const CheckOptions& options) {
  const Support release = supports(options.version, *options.chip);
  return release ? check_node(graph, id, options) : release;
}

}  // namespace mtmi::dla
