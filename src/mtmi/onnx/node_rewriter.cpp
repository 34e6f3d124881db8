#include "mtmi/onnx/node_rewriter.h"

#include <utility>

#include "mtmi/core/half.h"
#include "mtmi/error.h"

namespace mtmi::onnx {

NodeRewriter::NodeRewriter(Graph& graph,
                           NodeId id,
                           const ElementTypes& types,
                           std::vector<NodeId>& order)
    : graph_(graph), id_(id), types_(types), order_(order) {}

ValueId NodeRewriter::input(std::size_t index) const {
  const std::vector<ValueId>& inputs = node().inputs;
  return index < inputs.size() ? inputs[index] : kNoValue;
}

DType NodeRewriter::input_type() const {
  const auto type = types_.of(input(0));
  if (!type) {
    throw Error(ErrorCode::Unsupported,
                "onnx::NodeRewriter",
                "the element type of its input cannot be told");
  }
  return *type;
}

Shape NodeRewriter::input_shape(std::size_t index) const {
  const ValueId value = input(index);
  if (value == kNoValue) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::NodeRewriter",
                "input " + std::to_string(index) + " is missing");
  }
  return graph_.type(value).shape;
}

const Tensor* NodeRewriter::constant(std::size_t index) const {
  const ValueId value = input(index);
  return value != kNoValue && graph_.is_constant(value) ? &*graph_.value(value).constant : nullptr;
}

std::optional<std::vector<std::int64_t>> NodeRewriter::constant_ints(std::size_t index) const {
  const Tensor* tensor = constant(index);
  if (tensor == nullptr || tensor->dtype() != DType::Int64) {
    return std::nullopt;
  }
  const auto data = tensor->data<std::int64_t>();
  return std::vector<std::int64_t>(data.begin(), data.end());
}

std::string NodeRewriter::name_for(std::string_view role) const {
  for (const ValueId output : node().outputs) {
    if (output != kNoValue) {
      return graph_.value(output).name + "/" + std::string(role);
    }
  }
  return std::string(role);
}

ValueId NodeRewriter::add_constant(std::string_view role, Tensor tensor) {
  return graph_.add_constant(name_for(role), std::move(tensor));
}

ValueId NodeRewriter::add_ints(std::string_view role, const std::vector<std::int64_t>& values) {
  const Shape shape{static_cast<std::int64_t>(values.size())};
  return add_constant(role, Tensor::from<std::int64_t>(shape, std::span(values)));
}

ValueId NodeRewriter::insert(std::string_view role,
                             std::string op,
                             std::vector<ValueId> inputs,
                             Attributes attributes) {
  const std::string name = name_for(role);
  const ValueId output = graph_.add_value(name);
  order_.push_back(graph_.add_node({.name = name,
                                    .op = std::move(op),
                                    .inputs = std::move(inputs),
                                    .outputs = {output},
                                    .attributes = std::move(attributes)}));
  return output;
}

void NodeRewriter::set_attribute(std::string name, Attribute value) {
  Attributes attributes = node().attributes;
  attributes.set(std::move(name), std::move(value));
  graph_.set_attributes(id_, std::move(attributes));
}

void NodeRewriter::erase_attribute(std::string_view name) {
  Attributes attributes = node().attributes;
  attributes.erase(name);
  graph_.set_attributes(id_, std::move(attributes));
}

void NodeRewriter::set_new_input(std::size_t index, ValueId value) {
  std::vector<ValueId> inputs = node().inputs;
  if (inputs.size() > index) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::NodeRewriter",
                "got " + std::to_string(inputs.size()) + " inputs, expected at most " +
                    std::to_string(index) + " in this opset");
  }
  inputs.resize(index, kNoValue);
  inputs.push_back(value);
  graph_.set_inputs(id_, std::move(inputs));
}

void NodeRewriter::set_inputs(std::vector<ValueId> values) {
  while (!values.empty() && values.back() == kNoValue) {
    values.pop_back();
  }
  graph_.set_inputs(id_, std::move(values));
}

void NodeRewriter::become(std::string op, std::vector<ValueId> inputs, Attributes attributes) {
  graph_.set_op(id_, std::move(op), std::move(attributes));
  set_inputs(std::move(inputs));
}

void NodeRewriter::drop_outputs(std::size_t index, std::string_view role) {
  const std::vector<ValueId>& outputs = node().outputs;
  for (std::size_t i = index; i < outputs.size(); ++i) {
    const bool is_read = outputs[i] != kNoValue &&
                         (!graph_.users(outputs[i]).empty() || graph_.is_output(outputs[i]));
    if (is_read) {
      throw Error(ErrorCode::Unsupported,
                  "onnx::NodeRewriter",
                  "its output " + std::to_string(i) + " (" + std::string(role) + ") is read");
    }
  }
  graph_.truncate_outputs(id_, index);
}

void rewrite_nodes(Graph& graph, const std::function<void(NodeRewriter& node)>& rewrite) {
  const ElementTypes types(graph);
  const std::vector<NodeId> before(graph.order().begin(), graph.order().end());
  std::vector<NodeId> order;
  for (const NodeId id : before) {
    const std::string described = describe_node(graph, id);
    try {
      NodeRewriter node(graph, id, types, order);
      rewrite(node);
    } catch (const Error& e) {
      throw e.with_context(described);
    }
    order.push_back(id);
  }
  graph.set_order(std::move(order));
}

Tensor scalar(DType dtype, float value) {
  switch (dtype) {
    case DType::Float32:
      return Tensor::from<float>(Shape{}, {value});
    case DType::Float64:
      return Tensor::from<double>(Shape{}, {static_cast<double>(value)});
    case DType::Float16:
      return Tensor::from<Float16>(Shape{}, {to_float16(value)});
    case DType::BFloat16:
      return Tensor::from<BFloat16>(Shape{}, {to_bfloat16(value)});
    default:
      throw Error(ErrorCode::InvalidModel,
                  "onnx::scalar",
                  "got elements of type " + std::string(to_string(dtype)) +
                      ", expected a floating-point type");
  }
}

}  // namespace mtmi::onnx
