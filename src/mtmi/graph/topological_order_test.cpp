#include "mtmi/graph/topological_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// Nodes without attributes, each of which makes one value.
class Nodes {
 public:
  ValueId value(const char* name) { return graph.add_value(name, {DType::Float32, {1}}); }

  NodeId add(const char* name, std::vector<ValueId> inputs, ValueId output) {
    return graph.add_node({.name = name,
                           .op = "Sum",
                           .inputs = std::move(inputs),
                           .outputs = {output},
                           .attributes = {}});
  }

  Graph graph;
};

TEST(TopologicalOrder, LeavesAnOrderAloneThatIsOne) {
  Nodes nodes;
  const ValueId x = nodes.graph.add_input("x", {DType::Float32, {1}});
  const ValueId a = nodes.value("a");
  const ValueId b = nodes.value("b");
  const NodeId second = nodes.add("second", {x}, b);
  const NodeId first = nodes.add("first", {x, kNoValue}, a);
  EXPECT_THAT(topological_order(nodes.graph), ElementsAre(second, first));
}

TEST(TopologicalOrder, MovesNodesNoFurtherThanTheirInputsWant) {
  Nodes nodes;
  const ValueId x = nodes.graph.add_input("x", {DType::Float32, {1}});
  const ValueId a = nodes.value("a");
  const ValueId b = nodes.value("b");
  const ValueId c = nodes.value("c");
  const ValueId d = nodes.value("d");
  const NodeId reads_twice = nodes.add("reads_twice", {b, b}, c);  // too early
  const NodeId free = nodes.add("free", {x}, d);
  const NodeId makes_a = nodes.add("makes_a", {x}, a);
  const NodeId makes_b = nodes.add("makes_b", {a}, b);
  EXPECT_THAT(topological_order(nodes.graph), ElementsAre(free, makes_a, makes_b, reads_twice));
}

TEST(TopologicalOrder, NamesANodeOnACycle) {
  Nodes nodes;
  const ValueId a = nodes.value("a");
  const ValueId b = nodes.value("b");
  nodes.add("chicken", {b}, a);
  nodes.add("egg", {a}, b);
  try {
    (void)topological_order(nodes.graph);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
    EXPECT_THAT(error.what(), HasSubstr("node 'chicken' (Sum) depends on its own output"));
  }
}

}  // namespace
}  // namespace mtmi
