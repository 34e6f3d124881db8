#include "mtmi/ops/cost.h"

#include <limits>

#include <gtest/gtest.h>

namespace mtmi::ops {
namespace {

/// A node on inputs and constants of given types, with one output.
class OneNode {
 public:
  ValueId input(Shape shape, DType dtype = DType::Float32) {
    return add(graph_.add_input("x", {dtype, std::move(shape)}));
  }

  ValueId constant(Shape shape, DType dtype = DType::Float32) {
    return add(graph_.add_constant("w", Tensor(dtype, std::move(shape))));
  }

  NodeCost cost(std::string op, Shape result, Attributes attributes = {}) {
    const ValueId y = graph_.add_value("y", {DType::Float32, std::move(result)});
    const NodeId id = graph_.add_node({.name = "",
                                       .op = std::move(op),
                                       .inputs = inputs_,
                                       .outputs = {y},
                                       .attributes = std::move(attributes)});
    return cost_of(graph_, id);
  }

 private:
  ValueId add(ValueId id) {
    inputs_.push_back(id);
    return id;
  }

  Graph graph_;
  std::vector<ValueId> inputs_;
};

TEST(Cost, OfADenseConvolution) {
  OneNode node;
  node.input(Shape{1, 3, 8, 8});
  node.constant(Shape{16, 3, 3, 3});
  node.constant(Shape{16});
  const NodeCost cost = node.cost("Conv", Shape{1, 16, 4, 4});
  EXPECT_EQ(cost.macs, 16 * 4 * 4 * 3 * 3 * 3);
  EXPECT_EQ(cost.parameters, 16 * 27 + 16);
  EXPECT_EQ(cost.parameter_bytes, 4 * (16 * 27 + 16));
  EXPECT_EQ(cost.activation_bytes, 4 * (3 * 64 + 16 * 16));
  EXPECT_EQ(cost.element_operations, 0);
}

TEST(Cost, OfADepthwiseConvolution) {
  OneNode node;
  node.input(Shape{1, 16, 8, 8});
  node.constant(Shape{16, 1, 3, 3});
  EXPECT_EQ(node.cost("Conv", Shape{1, 16, 8, 8}, {{"group", std::int64_t{16}}}).macs,
            16 * 8 * 8 * 9);
}

TEST(Cost, OfATransposedConvolution) {
  OneNode node;
  node.input(Shape{1, 4, 5, 5});
  node.constant(Shape{4, 6, 2, 2});
  EXPECT_EQ(node.cost("ConvTranspose", Shape{1, 6, 10, 10}).macs, 4 * 5 * 5 * 6 * 2 * 2);
}

TEST(Cost, OfAnEinsum) {
  OneNode product;
  product.input(Shape{2, 3, 4});
  product.input(Shape{2, 4, 5});
  EXPECT_EQ(
      product.cost("Einsum", Shape{2, 3, 5}, {{"equation", std::string("bij,bjk->bik")}}).macs,
      2 * 3 * 4 * 5);
  OneNode sum;
  sum.input(Shape{2, 3});
  EXPECT_EQ(sum.cost("Einsum", Shape{2}, {{"equation", std::string("ij->i")}}).macs, 0);
}

TEST(Cost, OfMatrixProducts) {
  OneNode matmul;
  matmul.input(Shape{2, 5, 7});
  matmul.constant(Shape{7, 3});
  EXPECT_EQ(matmul.cost("MatMul", Shape{2, 5, 3}).macs, 2 * 5 * 7 * 3);
  OneNode gemm;
  gemm.input(Shape{7, 5});
  gemm.constant(Shape{7, 3});
  EXPECT_EQ(gemm.cost("Gemm", Shape{5, 3}, {{"transA", std::int64_t{1}}}).macs, 5 * 7 * 3);
}

TEST(Cost, OfAttentionIsBothProducts) {
  OneNode node;
  node.input(Shape{1, 2, 100, 32});
  node.input(Shape{1, 2, 10, 32});
  node.input(Shape{1, 2, 10, 16});
  EXPECT_EQ(node.cost("Attention", Shape{1, 2, 100, 16}).macs, 2 * 100 * 10 * (32 + 16));
}

TEST(Cost, OthersCountElementsOrNothing) {
  OneNode reduce;
  reduce.input(Shape{4, 8});
  reduce.constant(Shape{1}, DType::Int64);
  const NodeCost cost = reduce.cost("ReduceMean", Shape{4, 1});
  EXPECT_EQ(cost.macs, 0);
  EXPECT_EQ(cost.element_operations, 32);
  EXPECT_EQ(cost.parameters, 0) << "axes are no parameters";
  OneNode move;
  move.input(Shape{4, 8});
  EXPECT_EQ(move.cost("Transpose", Shape{8, 4}), (NodeCost{.activation_bytes = 2 * 32 * 4}));
  OneNode view;
  view.input(Shape{4, 8});
  EXPECT_EQ(view.cost("Flatten", Shape{4, 8}), NodeCost{});
}

TEST(Cost, HugeShapesDoNotOverflow) {
  OneNode node;
  node.input(Shape{1 << 28, 1 << 28});
  node.input(Shape{1 << 28, 1 << 28});
  EXPECT_EQ(node.cost("MatMul", Shape{1 << 28, 1 << 28}).macs,
            std::numeric_limits<std::int64_t>::max());
}

TEST(CostOfGraph, CountsASharedConstantOnce) {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{2, 3}});
  const ValueId w = graph.add_constant("w", Tensor(DType::Float32, Shape{3, 3}));
  const ValueId a = graph.add_value("a", {DType::Float32, Shape{2, 3}});
  const ValueId b = graph.add_value("b", {DType::Float32, Shape{2, 3}});
  graph.add_node({.name = "", .op = "MatMul", .inputs = {x, w}, .outputs = {a}, .attributes = {}});
  graph.add_node({.name = "", .op = "MatMul", .inputs = {a, w}, .outputs = {b}, .attributes = {}});
  const NodeCost cost = cost_of(graph);
  EXPECT_EQ(cost.parameters, 9);
  EXPECT_EQ(cost.macs, 2 * 2 * 3 * 3);
  EXPECT_EQ(cost.activation_bytes, 4 * 6 * 4);
}

}  // namespace
}  // namespace mtmi::ops
