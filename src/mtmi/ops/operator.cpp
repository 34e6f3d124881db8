#include "mtmi/ops/operator.h"

#include <algorithm>
#include <string>
#include <type_traits>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"
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

std::string called(int index, std::string_view role) {
  return "its input " + std::to_string(index) + " (" + std::string(role) + ")";
}

const Tensor& known_tensor(const Tensor* tensor, int index, std::string_view role) {
  if (tensor == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "ops::InferContext",
                called(index, role) +
                    " is computed from data; mtmi wants it fixed before the network runs");
  }
  return *tensor;
}

[[noreturn]] void reject_dtype(const Tensor& tensor,
                               int index,
                               std::string_view role,
                               const char* expected) {
  throw Error(ErrorCode::InvalidModel,
              "ops::InferContext",
              called(index, role) + ": got " + std::string(to_string(tensor.dtype())) +
                  ", expected " + expected);
}

/// The elements of `tensor`, which are of type From.
template <class To, class From>
std::vector<To> values_of(const Tensor& tensor) {
  std::vector<To> values;
  for (const From value : tensor.data<From>()) {
    if constexpr (std::is_same_v<From, Float16> || std::is_same_v<From, BFloat16>) {
      values.push_back(static_cast<To>(to_float(value)));
    } else {
      values.push_back(static_cast<To>(value));
    }
  }
  return values;
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
  const Tensor& tensor = known_tensor(constant(index), index, role);
  switch (tensor.dtype()) {
    case DType::Int64:
      return values_of<std::int64_t, std::int64_t>(tensor);
    case DType::Int32:
      return values_of<std::int64_t, std::int32_t>(tensor);
    default:
      reject_dtype(tensor, index, role, "s64");
  }
}

std::vector<double> InferContext::constant_floats(int index, std::string_view role) const {
  const Tensor& tensor = known_tensor(constant(index), index, role);
  switch (tensor.dtype()) {
    case DType::Float32:
      return values_of<double, float>(tensor);
    case DType::Float64:
      return values_of<double, double>(tensor);
    case DType::Float16:
      return values_of<double, Float16>(tensor);
    case DType::BFloat16:
      return values_of<double, BFloat16>(tensor);
    default:
      reject_dtype(tensor, index, role, "f32");
  }
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
