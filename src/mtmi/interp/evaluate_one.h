// Evaluation of one node on given tensors, for tests of reference kernels.
#pragma once

#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/single_node.h"

namespace mtmi::interp {

/// All outputs of the node.
[[nodiscard]] inline std::vector<Tensor> evaluate_all(const ops::SingleNode& single) {
  const Graph graph = single.graph();
  std::vector<const Tensor*> inputs;
  for (const std::optional<Tensor>& input : single.inputs) {
    inputs.push_back(input ? &*input : nullptr);
  }
  return evaluate(graph, graph.order()[0], inputs);
}

/// Its first output.
[[nodiscard]] inline Tensor evaluate_one(const ops::SingleNode& single) {
  return evaluate_all(single)[0];
}

/// The elements of its first output.
template <class T>
[[nodiscard]] std::vector<T> values(const ops::SingleNode& single) {
  const Tensor result = evaluate_one(single);
  const auto data = result.data<T>();
  return {data.begin(), data.end()};
}

/// A tensor of these elements, of one axis where no shape is given.
template <class T>
[[nodiscard]] Tensor tensor(std::initializer_list<T> elements) {
  return Tensor::from<T>(Shape{static_cast<std::int64_t>(elements.size())}, elements);
}

template <class T>
[[nodiscard]] Tensor tensor(Shape shape, std::initializer_list<T> elements) {
  return Tensor::from<T>(std::move(shape), elements);
}

/// 0, 1, 2, ... as s32.
[[nodiscard]] inline Tensor counting(Shape shape) {
  Tensor result(DType::Int32, std::move(shape));
  std::int32_t next = 0;
  for (std::int32_t& element : result.data<std::int32_t>()) {
    element = next++;
  }
  return result;
}

}  // namespace mtmi::interp
