#include "mtmi/interp/interpreter.h"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include "mtmi/error.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/ops/operator.h"

namespace mtmi {
namespace {

using EvaluatorMap = std::unordered_map<std::string_view, const interp::Evaluator*>;

const EvaluatorMap& evaluators() {
  static const EvaluatorMap map = [] {
    EvaluatorMap all;
    for (const auto table : interp::evaluator_tables()) {
      for (const interp::Evaluator& evaluator : table) {
        all.emplace(evaluator.op, &evaluator);
      }
    }
    return all;
  }();
  return map;
}

/// The values that are alive while a graph runs.
class Environment {
 public:
  Environment(const Graph& graph, const TensorMap& inputs, const Observer& observer)
      : graph_(graph), observer_(observer) {
    for (const ValueId id : graph.inputs()) {
      bind_input(id, inputs);
    }
    for (const ValueId id : graph.outputs()) {
      ++pending_uses_[id];
    }
    for (const NodeId id : graph.order()) {
      for (const ValueId input : graph.node(id).inputs) {
        ++pending_uses_[input];
      }
    }
  }

  void run(NodeId id) {
    const Node& node = graph_.node(id);
    std::vector<const Tensor*> inputs;
    for (const ValueId input : node.inputs) {
      inputs.push_back(input == kNoValue ? nullptr : &value_of(input));
    }
    std::vector<Tensor> outputs = evaluate(graph_, id, inputs);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (node.outputs[i] != kNoValue) {
        if (observer_) {
          observer_(graph_.value(node.outputs[i]).name, outputs[i]);
        }
        tensors_.insert_or_assign(node.outputs[i], std::move(outputs[i]));
      }
    }
    for (const ValueId input : node.inputs) {
      release(input);
    }
  }

  [[nodiscard]] const Tensor& value_of(ValueId id) const {
    const Value& value = graph_.value(id);
    return value.constant ? *value.constant : tensors_.at(id);
  }

 private:
  void bind_input(ValueId id, const TensorMap& inputs) {
    const Value& value = graph_.value(id);
    const auto it = inputs.find(value.name);
    if (it == inputs.end()) {
      throw Error(
          ErrorCode::InvalidArgument, "interpret", "no tensor for input '" + value.name + "'");
    }
    const TensorType got{it->second.dtype(), it->second.shape()};
    if ((value.dtype && got.dtype != *value.dtype) || (value.shape && got.shape != *value.shape)) {
      throw Error(ErrorCode::InvalidArgument,
                  "interpret",
                  "input '" + value.name + "': got " + to_string(got) + ", expected " +
                      to_string(graph_.type(id)));
    }
    tensors_.emplace(id, it->second);
  }

  void release(ValueId id) {
    if (id != kNoValue && --pending_uses_[id] == 0) {
      tensors_.erase(id);
    }
  }

  const Graph& graph_;
  const Observer& observer_;
  std::unordered_map<ValueId, Tensor> tensors_;
  std::unordered_map<ValueId, int> pending_uses_;
};

bool has_no_elements(std::span<const TensorType> types) {
  return std::all_of(types.begin(), types.end(), [](const TensorType& type) {
    return type.shape.num_elements() == 0;
  });
}

std::vector<Tensor> empty_tensors(std::span<const TensorType> types) {
  std::vector<Tensor> tensors;
  for (const TensorType& type : types) {
    tensors.emplace_back(type.dtype, type.shape);
  }
  return tensors;
}

}  // namespace

bool can_evaluate(std::string_view op) {
  return evaluators().contains(op);
}

std::vector<Tensor> evaluate(const Graph& graph, NodeId id, std::span<const Tensor* const> inputs) {
  std::vector<std::optional<TensorType>> types;
  for (const Tensor* tensor : inputs) {
    types.push_back(tensor == nullptr
                        ? std::nullopt
                        : std::optional(TensorType{tensor->dtype(), tensor->shape()}));
  }
  const std::vector<TensorType> outputs = ops::infer_types(graph, id, types, inputs);
  const Node& node = graph.node(id);
  const auto it = evaluators().find(node.op);
  if (it == evaluators().end()) {
    throw Error(ErrorCode::Unsupported,
                "interp::evaluate",
                describe_node(graph, id) + ": the operator has no reference kernel");
  }
  // Kernels need not care for shapes like [2^40,0], over which they would loop to no end.
  if (has_no_elements(outputs)) {
    return empty_tensors(outputs);
  }
  try {
    const ops::InferContext known(node, types, inputs);
    return it->second->evaluate(
        {.node = node, .inputs = inputs, .outputs = outputs, .known = known});
  } catch (const Error& e) {
    throw e.with_context(describe_node(graph, id));
  }
}

TensorMap interpret(const Graph& graph, const TensorMap& inputs, const Observer& observer) {
  Environment environment(graph, inputs, observer);
  for (const NodeId id : graph.order()) {
    environment.run(id);
  }
  TensorMap outputs;
  for (const ValueId id : graph.outputs()) {
    outputs.insert_or_assign(graph.value(id).name, environment.value_of(id));
  }
  return outputs;
}

}  // namespace mtmi
