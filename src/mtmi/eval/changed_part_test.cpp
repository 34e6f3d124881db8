#include "mtmi/eval/changed_part.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/graph/random_inputs.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/operator.h"

namespace mtmi::eval {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Two branches and their sum; `middle` is what stands between one of them and the sum.
Graph network(const std::string& middle = "%b = Tanh(%a)", const std::string& first = "[1, 2]") {
  Graph graph = parse_text(R"(graph "g" {
  input %x: f32[1,2]
  input %y: f32[1,2]
  const %w: f32[2] = )" + first +
                           R"(
  %a = Mul(%x, %w)
  %c = Mul(%y, %w)
  )" + middle + R"(
  %s = Add(%b, %c)
  %z = Relu(%s)
  output %z
  output %c
})");
  ops::infer_types(graph);
  return graph;
}

std::vector<std::string> names(const Graph& graph, std::span<const ValueId> ids) {
  std::vector<std::string> result;
  for (const ValueId id : ids) {
    result.push_back(graph.value(id).name);
  }
  return result;
}

/// Results of the part of `graph` that differs from `base`, on values that the base makes.
TensorMap run_part(const Graph& graph, const Graph& base, const TensorMap& inputs) {
  const ChangedPart part = changed_part(graph, base, {});
  TensorMap values = inputs;
  static_cast<void>(interpret(base, inputs, [&](const std::string& name, const Tensor& tensor) {
    values.insert_or_assign(name, tensor);
  }));
  TensorMap read;
  for (const ValueId id : part.graph.inputs()) {
    read.insert(*values.find(part.graph.value(id).name));
  }
  return interpret(part.graph, read);
}

TEST(ChangedPart, OfTheSameGraphIsNothing) {
  const ChangedPart part = changed_part(network(), network(), {});
  EXPECT_TRUE(part.graph.order().empty());
  EXPECT_THAT(part.shared, ElementsAre("c", "z"));
  EXPECT_THAT(names(part.graph, part.graph.outputs()), ElementsAre("z", "c"));
}

TEST(ChangedPart, BeginsWithTheFirstLayerThatDiffers) {
  const ChangedPart part = changed_part(network("%b = Sigmoid(%a)"), network(), {});
  EXPECT_THAT(part.shared, ElementsAre("a", "c"));
  EXPECT_EQ(part.graph.order().size(), 3U);
}

TEST(ChangedPart, AnotherConstantIsAnotherLayer) {
  const ChangedPart part = changed_part(network("%b = Tanh(%a)", "[1, 3]"), network(), {});
  EXPECT_THAT(part.shared, IsEmpty());
  EXPECT_EQ(part.graph.order().size(), network().order().size());
}

TEST(ChangedPart, AnotherAttributeIsAnotherLayer) {
  const ChangedPart part = changed_part(network("%b = LeakyRelu(%a) {alpha = 0.5}"),
                                        network("%b = LeakyRelu(%a) {alpha = 0.25}"),
                                        {});
  EXPECT_THAT(part.shared, ElementsAre("a", "c"));
}

TEST(ChangedPart, WhatReadsAChangedInputIsChanged) {
  const ChangedPart part = changed_part(network(), network(), {"x"});
  EXPECT_THAT(part.shared, ElementsAre("c"));
  EXPECT_THAT(names(part.graph, part.graph.inputs()), testing::UnorderedElementsAre("x", "c"));
}

TEST(ChangedPart, GivesTheResultsOfTheWholeGraph) {
  const Graph base = network();
  for (const Graph& graph : {network(),
                             network("%t = Sigmoid(%a)\n %b = Add(%t, %x)"),
                             network("%b = Neg(%c)"),
                             network("%b = Tanh(%a)", "[3, 2]")}) {
    const TensorMap inputs = random_inputs(graph, 7);
    const TensorMap expected = interpret(graph, inputs);
    const TensorMap got = run_part(graph, base, inputs);
    ASSERT_EQ(got.size(), expected.size());
    for (const auto& [name, tensor] : expected) {
      EXPECT_TRUE(bitwise_equal(got.at(name), tensor)) << name;
    }
  }
}

TEST(ChangedPart, ConstantsOfBothShareTheirElements) {
  const Graph base = network();
  const ChangedPart part = changed_part(network("%b = Tanh(%a)"), base, {"x"});
  const auto w = part.graph.find_value("w");
  ASSERT_TRUE(w);
  EXPECT_EQ(part.graph.value(*w).constant->bytes().data(),
            base.value(*base.find_value("w")).constant->bytes().data());
}

}  // namespace
}  // namespace mtmi::eval
