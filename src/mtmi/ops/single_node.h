// A graph of one node with constant inputs, for tests of operators.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mtmi/error.h"
#include "mtmi/graph/graph.h"
#include "mtmi/ops/operator.h"

namespace mtmi::ops {

/// One application of an operator to tensors; nothing where an input is left out.
struct SingleNode {
  std::string op;
  std::vector<std::optional<Tensor>> inputs;
  Attributes attributes = {};
  int num_outputs = 1;

  [[nodiscard]] Graph graph() const {
    Graph result;
    Node node{.name = "n", .op = op, .inputs = {}, .outputs = {}, .attributes = attributes};
    for (const std::optional<Tensor>& input : inputs) {
      node.inputs.push_back(input ? result.add_constant("input", *input) : kNoValue);
    }
    for (int i = 0; i < num_outputs; ++i) {
      node.outputs.push_back(result.add_value("output"));
      result.add_output(node.outputs.back());
    }
    result.add_node(std::move(node));
    return result;
  }
};

/// The types of its outputs, e.g. {"f32[2,3]"}.
[[nodiscard]] inline std::vector<std::string> inferred(const SingleNode& single) {
  Graph graph = single.graph();
  infer_types(graph);
  std::vector<std::string> types;
  for (const ValueId output : graph.outputs()) {
    types.push_back(to_string(graph.type(output)));
  }
  return types;
}

/// The sentence with which infer_types() refuses it, without the name of the node; "" if it does
/// not.
[[nodiscard]] inline std::string refusal(const SingleNode& single) {
  try {
    static_cast<void>(inferred(single));
  } catch (const Error& e) {
    const std::string prefix = "node 'n' (" + single.op + "): ";
    const std::string text = e.what();
    return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
  }
  return "";
}

/// Zeros.
[[nodiscard]] inline Tensor f32(Shape shape) {
  return Tensor(DType::Float32, std::move(shape));
}

/// A list of 64-bit integers.
[[nodiscard]] inline Tensor ints(std::initializer_list<std::int64_t> values) {
  return Tensor::from<std::int64_t>(Shape{static_cast<std::int64_t>(values.size())}, values);
}

}  // namespace mtmi::ops
