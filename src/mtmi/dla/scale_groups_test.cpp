#include "mtmi/dla/scale_groups.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Graph graph_of(const std::string& body) {
  Graph graph = parse_text(
      "graph \"g\" {\n input %x: f32[1,8,16,16]\n input %y: f32[1,8,16,16]\n"
      "const %w: f32[8,8,1,1] = random(1)\n const %four: f32[4] = [1, 1, 2, 2]\n" +
      body + "\n}");
  ops::infer_types(graph);
  return graph;
}

std::string names(const Graph& graph, const std::vector<ValueId>& values) {
  std::string text;
  for (const ValueId id : values) {
    text += (text.empty() ? "" : " ") + graph.value(id).name;
  }
  return text;
}

/// "dla.range.concat: x y c", and "preferred " in front where it is.
std::vector<std::string> groups_of(const std::string& body) {
  const Graph graph = graph_of(body);
  std::vector<std::string> texts;
  for (const ScaleGroup& group : find_scale_groups(graph)) {
    texts.push_back((group.required ? "" : "preferred ") + std::string(group.rule) + ": " +
                    names(graph, group.values));
  }
  return texts;
}

std::vector<std::string> joint_groups_of(const std::string& body) {
  const Graph graph = graph_of(body);
  std::vector<std::string> texts;
  for (const JointGroup& group : join_groups(find_scale_groups(graph))) {
    texts.push_back(std::to_string(group.groups.size()) + ": " + names(graph, group.values));
  }
  return texts;
}

/// "y 0.25 -> 0.5 at Concat"
std::vector<std::string> rescales_of(const std::string& body,
                                     const std::map<std::string, float>& scales) {
  const Graph graph = graph_of(body);
  std::vector<std::string> texts;
  for (const Rescale& rescale : find_rescales(graph, scales)) {
    std::ostringstream text;
    text << graph.value(rescale.value).name << " " << rescale.from << " -> " << rescale.to << " at "
         << graph.node(rescale.node).op;
    texts.push_back(text.str());
  }
  return texts;
}

TEST(ScaleGroups, InputsAndOutputOfAConcatShare) {
  EXPECT_THAT(groups_of("%c = Concat(%x, %y) {axis = 1}\n output %c"),
              ElementsAre("dla.range.concat: x y c"));
}

TEST(ScaleGroups, OperandsShareAndTheResultIsFree) {
  for (const std::string op : {"Add", "Sub", "Max", "Min", "Sum"}) {
    EXPECT_THAT(groups_of("%z = " + op + "(%x, %y)\n output %z"),
                ElementsAre("dla.range.operands: x y"))
        << op;
  }
  EXPECT_THAT(groups_of("%z = Greater(%x, %y)\n %f = Cast(%z) {to = 1}\n output %f"),
              ElementsAre("dla.range.operands: x y"));
}

TEST(ScaleGroups, FactorsAreFree) {
  EXPECT_THAT(groups_of("%z = Mul(%x, %y)\n output %z"), IsEmpty());
}

TEST(ScaleGroups, PoolingKeepsItsScale) {
  EXPECT_THAT(groups_of("%p = MaxPool(%x) {kernel_shape = [2, 2]}\n"
                        "%q = AveragePool(%x) {kernel_shape = [2, 2]}\n output %p\n output %q"),
              ElementsAre("dla.range.pooling: x p", "dla.range.pooling: x q"));
}

TEST(ScaleGroups, ResizeOnlyPrefers) {
  EXPECT_THAT(groups_of("%r = Resize(%x, _, %four) {mode = \"linear\"}\n output %r"),
              ElementsAre("preferred dla.range.resize: x r"));
}

TEST(ScaleGroups, ConstantsAndTensorsReadTwiceMakeNone) {
  EXPECT_THAT(groups_of("const %one: f32[1,8,1,1] = splat(1)\n %a = Add(%x, %one)\n"
                        "%b = Add(%y, %y)\n output %a\n output %b"),
              IsEmpty());
}

TEST(ScaleGroups, JoinThroughTensorsInCommon) {
  // c joins the Concat with the sum; the convolution's output begins another group.
  EXPECT_THAT(joint_groups_of("%a = Relu(%x)\n %b = Relu(%y)\n %c = Concat(%a, %b) {axis = 1}\n"
                              "%d = Concat(%x, %y) {axis = 1}\n %e = Add(%c, %d)\n"
                              "%f = Conv(%x, %w)\n %g = Relu(%y)\n %h = Sub(%f, %g)\n"
                              "output %e\n output %h"),
              ElementsAre("3: a b c x y d", "1: f g"));
}

TEST(ScaleGroups, LateGroupJoinsEarlierOnes) {
  EXPECT_THAT(joint_groups_of("%a = Relu(%x)\n %b = Relu(%x)\n %c = Relu(%y)\n %d = Relu(%y)\n"
                              "%e = Add(%a, %b)\n %f = Add(%c, %d)\n %g = Add(%b, %c)\n"
                              "output %e\n output %f\n output %g"),
              ElementsAre("3: a b c d"));
}

TEST(Rescales, InputsComeToTheScaleOfTheResult) {
  EXPECT_THAT(rescales_of("%c = Concat(%x, %y) {axis = 1}\n output %c",
                          {{"x", 0.5F}, {"y", 0.25F}, {"c", 0.5F}}),
              ElementsAre("y 0.25 -> 0.5 at Concat"));
  EXPECT_THAT(rescales_of("%p = MaxPool(%x) {kernel_shape = [2, 2]}\n output %p",
                          {{"x", 0.5F}, {"p", 0.25F}}),
              ElementsAre("x 0.5 -> 0.25 at MaxPool"));
}

TEST(Rescales, OperandsComeToTheLargestScale) {
  EXPECT_THAT(rescales_of("%z = Add(%x, %y)\n output %z", {{"x", 0.5F}, {"y", 1}, {"z", 2}}),
              ElementsAre("x 0.5 -> 1 at Add"));
}

TEST(Rescales, NoneWhereScalesAreShared) {
  EXPECT_THAT(rescales_of("%z = Add(%x, %y)\n output %z", {{"x", 1}, {"y", 1}, {"z", 2}}),
              IsEmpty());
}

TEST(Rescales, NoneForPreferencesAndForLayersInHalfPrecision) {
  EXPECT_THAT(rescales_of("%r = Resize(%x, _, %four) {mode = \"linear\"}\n"
                          "%c = Concat(%x, %y) {axis = 1}\n output %r\n output %c",
                          {{"x", 0.5F}, {"r", 0.25F}, {"c", 0.25F}}),
              IsEmpty());
}

}  // namespace
}  // namespace mtmi::dla
