#include "mtmi/graph/graph.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

Node unary(std::string op, ValueId input, ValueId output) {
  return {
      .name = "", .op = std::move(op), .inputs = {input}, .outputs = {output}, .attributes = {}};
}

/// x -> Relu -> a -> Neg -> y
struct Chain {
  Graph graph;
  ValueId x = graph.add_input("x", {DType::Float32, Shape{2}});
  ValueId a = graph.add_value("a");
  ValueId y = graph.add_value("y");
  NodeId relu = graph.add_node(unary("Relu", x, a));
  NodeId neg = graph.add_node(unary("Neg", a, y));

  Chain() { graph.add_output(y); }
};

TEST(Graph, KnowsProducersAndUsers) {
  const Chain c;
  EXPECT_EQ(c.graph.producer(c.a), c.relu);
  EXPECT_EQ(c.graph.producer(c.x), std::nullopt);
  ASSERT_EQ(c.graph.users(c.a).size(), 1U);
  EXPECT_EQ(c.graph.users(c.a)[0], c.neg);
  EXPECT_TRUE(c.graph.has_single_user(c.a));
  EXPECT_FALSE(c.graph.has_single_user(c.y));
}

TEST(Graph, ADynamicInputHasATypeOnceItIsSet) {
  Graph graph;
  const ValueId x = graph.add_dynamic_input("x", DType::Float32, {"batch", "3"});
  EXPECT_FALSE(graph.is_static());
  EXPECT_THROW(static_cast<void>(graph.type(x)), Error);
  graph.set_type(x, {DType::Float32, Shape{2, 3}});
  EXPECT_TRUE(graph.value(x).dim_names.empty());
  EXPECT_TRUE(graph.is_input(x));
}

TEST(Graph, OutputsThatAreGivenUpHaveNoProducer) {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{3}});
  const ValueId y = graph.add_value("y");
  const ValueId mask = graph.add_value("mask");
  const NodeId id = graph.add_node(
      {.name = "", .op = "Dropout", .inputs = {x}, .outputs = {y, mask}, .attributes = {}});
  graph.truncate_outputs(id, 1);
  EXPECT_EQ(graph.node(id).outputs, std::vector{y});
  EXPECT_FALSE(graph.producer(mask).has_value());
}

TEST(Graph, TakesAnOrder) {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{3}});
  const ValueId a = graph.add_value("a");
  const ValueId y = graph.add_value("y");
  const NodeId last =
      graph.add_node({.name = "", .op = "Relu", .inputs = {a}, .outputs = {y}, .attributes = {}});
  const NodeId first =
      graph.add_node({.name = "", .op = "Tanh", .inputs = {x}, .outputs = {a}, .attributes = {}});
  graph.add_output(y);
  EXPECT_TRUE(find_defect(graph).has_value());
  graph.set_order({first, last});
  EXPECT_FALSE(find_defect(graph).has_value());
}

TEST(Graph, TakenNameGetsASuffix) {
  Graph graph;
  graph.add_value("a");
  EXPECT_EQ(graph.value(graph.add_value("a")).name, "a_1");
}

TEST(Graph, AnOutputKeepsItsNameWhenItsNodeGoes) {
  Chain c;
  c.graph.erase_node(c.neg);
  c.graph.replace_value(c.y, c.a);
  EXPECT_EQ(c.graph.value(c.graph.outputs()[0]).name, "y");
  EXPECT_EQ(c.graph.producer(c.graph.outputs()[0]), c.relu);
  EXPECT_EQ(find_defect(c.graph), std::nullopt);
}

TEST(Graph, AnOutputThatIsAnInputGetsAnIdentity) {
  Chain c;
  c.graph.erase_node(c.neg);
  c.graph.erase_node(c.relu);
  c.graph.replace_value(c.y, c.x);
  ASSERT_EQ(c.graph.order().size(), 1U);
  EXPECT_EQ(c.graph.node(c.graph.order()[0]).op, "Identity");
  EXPECT_EQ(find_defect(c.graph), std::nullopt);
}

TEST(Graph, DeadNodesGoInChains) {
  Chain c;
  c.graph.set_outputs({c.x});
  EXPECT_EQ(c.graph.remove_dead_nodes(), 2);
  EXPECT_TRUE(c.graph.order().empty());
}

TEST(Graph, SortsAndNamesACycle) {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{2}});
  const ValueId a = graph.add_value("a");
  const ValueId b = graph.add_value("b");
  graph.add_node(unary("Neg", a, b));
  const NodeId first = graph.add_node(unary("Relu", x, a));
  graph.add_output(b);
  EXPECT_NE(find_defect(graph), std::nullopt);
  graph.sort();
  EXPECT_EQ(find_defect(graph), std::nullopt);

  graph.set_input(first, 0, b);
  EXPECT_THROW(graph.sort(), Error);
}

TEST(Graph, RevisionTellsWhetherSomethingHappened) {
  Chain c;
  const std::uint64_t before = c.graph.revision();
  EXPECT_EQ(c.graph.remove_dead_nodes(), 0);
  c.graph.set_type(c.a, {DType::Float32, Shape{2}});
  EXPECT_EQ(c.graph.revision(), before);
  c.graph.set_attributes(c.relu, {{"alpha", 1.0F}});
  EXPECT_NE(c.graph.revision(), before);
}

TEST(Graph, CopyIsIndependent) {
  const Chain c;
  Graph copy = c.graph;
  copy.erase_node(c.neg);
  EXPECT_EQ(c.graph.order().size(), 2U);
  EXPECT_EQ(copy.order().size(), 1U);
}

TEST(Attributes, WrongKindIsRefused) {
  const Attributes attributes{{"axis", std::int64_t{1}}};
  EXPECT_EQ(attributes.get_int("axis", 0), 1);
  EXPECT_EQ(attributes.get_int("other", 7), 7);
  EXPECT_THROW(static_cast<void>(attributes.get_float("axis", 0.0F)), Error);
}

}  // namespace
}  // namespace mtmi
