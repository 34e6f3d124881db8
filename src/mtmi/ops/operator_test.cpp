#include "mtmi/ops/operator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::ops {
namespace {

Graph one_node(const std::string& op, DType dtype, int num_inputs) {
  Graph graph;
  const ValueId x = graph.add_input("x", {dtype, Shape{2, 3}});
  const ValueId y = graph.add_value("y");
  graph.add_node({.name = "n",
                  .op = op,
                  .inputs = std::vector<ValueId>(static_cast<std::size_t>(num_inputs), x),
                  .outputs = {y},
                  .attributes = {}});
  graph.add_output(y);
  return graph;
}

std::string message_of(Graph graph) {
  try {
    infer_types(graph);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(Operators, AreSortedAndUnique) {
  const auto all = operators();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1].name, all[i].name);
  }
}

TEST(InferTypes, SetsEveryValue) {
  Graph graph = one_node("Relu", DType::Float32, 1);
  infer_types(graph);
  EXPECT_TRUE(graph.is_static());
  EXPECT_EQ(graph.type(graph.outputs()[0]), (TensorType{DType::Float32, Shape{2, 3}}));
}

TEST(InferTypes, NamesTheNodeItRefuses) {
  EXPECT_EQ(
      message_of(one_node("Nonsense", DType::Float32, 1)),
      "node 'n' (Nonsense): the operator is not supported; docs/operators.md lists those that "
      "are");
  EXPECT_EQ(message_of(one_node("Relu", DType::Float32, 2)),
            "node 'n' (Relu): got 2 inputs, expected 1");
  EXPECT_EQ(message_of(one_node("Sigmoid", DType::Int32, 1)),
            "node 'n' (Sigmoid): got s32, expected a floating-point type");
}

}  // namespace
}  // namespace mtmi::ops
