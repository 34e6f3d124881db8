#include "mtmi/dla/loadables.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/dla/rules.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Parts {
  std::vector<std::string> loadables;  ///< names of the nodes' outputs, "a b c"
  std::vector<std::string> fallbacks;
};

Parts parts_of(const std::string& body) {
  Graph graph = parse_text("graph \"g\" {\n input %x: f32[1,4,4,4]\n" + body + "\n}");
  ops::infer_types(graph);
  const Partition partition = dla::partition(graph, check(graph));
  const auto names = [&](const std::vector<std::vector<NodeId>>& parts) {
    std::vector<std::string> list;
    for (const auto& part : parts) {
      std::string text;
      for (const NodeId id : part) {
        text += (text.empty() ? "" : " ") + graph.value(graph.node(id).outputs.front()).name;
      }
      list.push_back(text);
    }
    return list;
  };
  return {names(partition.loadables), names(partition.fallbacks)};
}

TEST(Loadables, AcceptedNeighboursAreOne) {
  const Parts parts = parts_of("%a = Relu(%x)\n %b = Tanh(%a)\n %c = Add(%a, %b)\n output %c");
  EXPECT_THAT(parts.loadables, ElementsAre("a b c"));
  EXPECT_THAT(parts.fallbacks, IsEmpty());
}

TEST(Loadables, ARefusedNodeBetweenThemMakesTwo) {
  const Parts parts =
      parts_of("%a = Relu(%x)\n %b = Erf(%a)\n %c = Exp(%b)\n %d = Relu(%c)\n output %d");
  EXPECT_THAT(parts.loadables, ElementsAre("a", "d"));
  EXPECT_THAT(parts.fallbacks, ElementsAre("b c"));
}

TEST(Loadables, NoPartWaitsForItselfThroughAnother) {
  // a and c are neighbours, but b stands between them, too.
  const Parts parts = parts_of(
      "%a = Relu(%x)\n %b = Erf(%a)\n %c = Add(%a, %b)\n %d = Tanh(%a)\n output %c\n output %d");
  EXPECT_THAT(parts.loadables, ElementsAre("a d", "c"));
  EXPECT_THAT(parts.fallbacks, ElementsAre("b"));
}

TEST(Loadables, BranchesWithoutAnEdgeAreApart) {
  const Parts parts =
      parts_of("%a = Erf(%x)\n %b = Relu(%a)\n %c = Tanh(%a)\n output %b\n output %c");
  EXPECT_THAT(parts.loadables, ElementsAre("b", "c"));
}

TEST(Loadables, DifferentBatchesAreApart) {
  const Parts parts = parts_of(
      "input %y: f32[2,4,4,4]\n %a = Relu(%x)\n"
      "%b = Relu(%y)\n output %a\n output %b");
  EXPECT_THAT(parts.loadables, ElementsAre("a", "b"));
}

}  // namespace
}  // namespace mtmi::dla
