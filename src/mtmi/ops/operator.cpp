#include "mtmi/ops/operator.h"

#include <algorithm>
#include <string>

#include "mtmi/core/assert.h"
#include "mtmi/error.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<Operator> collect() {
  std::vector<Operator> all;
  for (const std::span<const Operator> family : families()) {
    all.insert(all.end(), family.begin(), family.end());
  }
  std::sort(
      all.begin(), all.end(), [](const Operator& a, const Operator& b) { return a.name < b.name; });
  return all;
}

void check_arity(const char* what, std::size_t got, const Arity& arity) {
  const auto count = static_cast<int>(got);
  if (count >= arity.min && count <= arity.max) {
    return;
  }
  std::string expected = std::to_string(arity.min);
  if (arity.max == Arity::kVariadic) {
    expected += " or more";
  } else if (arity.max != arity.min) {
    expected += " to " + std::to_string(arity.max);
  }
  throw Error(ErrorCode::InvalidModel,
              "ops::infer_types",
              "got " + std::to_string(got) + " " + what + ", expected " + expected);
}

std::vector<TensorType> infer_node(const Node& node,
                                   std::span<const std::optional<TensorType>> types,
                                   std::span<const Tensor* const> constants) {
  const Operator* op = find_operator(node.op);
  if (op == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "ops::infer_types",
                "the operator is not supported; docs/operators.md lists those that are");
  }
  check_arity("inputs", node.inputs.size(), op->inputs);
  check_arity("outputs", node.outputs.size(), op->outputs);
  std::vector<TensorType> outputs = op->infer(InferContext(node, types, constants));
  MTMI_ASSERT(outputs.size() >= node.outputs.size());
  outputs.resize(node.outputs.size());
  return outputs;
}

}  // namespace

int InferContext::num_inputs() const noexcept {
  auto count = node_.inputs.size();
  while (count > 0 && node_.inputs[count - 1] == kNoValue) {
    --count;
  }
  return static_cast<int>(count);
}

bool InferContext::has_input(int index) const noexcept {
  const auto i = static_cast<std::size_t>(index);
  return i < node_.inputs.size() && node_.inputs[i] != kNoValue;
}

const TensorType& InferContext::input(int index) const {
  const auto i = static_cast<std::size_t>(index);
  if (!has_input(index) || !types_[i]) {
    throw Error(ErrorCode::InvalidModel,
                "ops::InferContext",
                "input " + std::to_string(index) + " is missing");
  }
  return *types_[i];
}

const Tensor* InferContext::constant(int index) const noexcept {
  return has_input(index) ? constants_[static_cast<std::size_t>(index)] : nullptr;
}

std::vector<std::int64_t> InferContext::constant_ints(int index, std::string_view role) const {
  const std::string called = "its input " + std::to_string(index) + " (" + std::string(role) + ")";
  const Tensor* tensor = constant(index);
  if (tensor == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "ops::InferContext",
                called + " is computed from data; mtmi wants it fixed before the network runs");
  }
  if (tensor->dtype() == DType::Int64) {
    const auto data = tensor->data<std::int64_t>();
    return {data.begin(), data.end()};
  }
  if (tensor->dtype() == DType::Int32) {
    const auto data = tensor->data<std::int32_t>();
    return {data.begin(), data.end()};
  }
  throw Error(ErrorCode::InvalidModel,
              "ops::InferContext",
              called + ": got " + std::string(to_string(tensor->dtype())) + ", expected s64");
}

std::span<const Operator> operators() {
  static const std::vector<Operator> all = collect();
  return all;
}

const Operator* find_operator(std::string_view name) {
  const auto all = operators();
  const auto it = std::lower_bound(
      all.begin(), all.end(), name, [](const Operator& op, std::string_view wanted) {
        return op.name < wanted;
      });
  return it != all.end() && it->name == name ? &*it : nullptr;
}

std::vector<TensorType> infer_types(const Graph& graph,
                                    NodeId id,
                                    std::span<const std::optional<TensorType>> types,
                                    std::span<const Tensor* const> constants) {
  try {
    return infer_node(graph.node(id), types, constants);
  } catch (const Error& e) {
    throw e.with_context(describe_node(graph, id));
  }
}

void infer_types(Graph& graph) {
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    std::vector<std::optional<TensorType>> types;
    std::vector<const Tensor*> constants;
    for (const ValueId input : node.inputs) {
      const bool present = input != kNoValue;
      types.push_back(present ? std::optional(graph.type(input)) : std::nullopt);
      constants.push_back(present && graph.is_constant(input) ? &*graph.value(input).constant
                                                              : nullptr);
    }
    const std::vector<ValueId> outputs = node.outputs;
    const std::vector<TensorType> inferred = infer_types(graph, id, types, constants);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (outputs[i] != kNoValue) {
        graph.set_type(outputs[i], inferred[i]);
      }
    }
  }
}

}  // namespace mtmi::ops
