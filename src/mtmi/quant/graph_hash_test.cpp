#include "mtmi/quant/graph_hash.h"

#include <cstddef>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;

constexpr const char* kNetwork = R"(graph "g" {
  input %x: f32[1,2,4,4]
  const %w: f32[2,2,1,1] = random(1)
  %a: f32[1,2,4,4] = Conv(%x, %w) {pads = [0, 0, 0, 0]} "conv"
  %b: f32[1,2,4,4] = Relu(%x)
  %y: f32[1,2,4,4] = Add(%a, %b)
  %i: s64[1,1,4,4] = ArgMax(%y) {axis = 1}
  output %y
  output %i
})";

/// The hash of kNetwork with the first `from` replaced by `to` everywhere.
std::string hash_with(const std::string& from, const std::string& to) {
  std::string text = kNetwork;
  for (std::size_t at = text.find(from); at != std::string::npos;
       at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  EXPECT_NE(text, kNetwork);
  return graph_hash(parse_text(text));
}

TEST(GraphHash, ChangesWithWhatIsComputed) {
  const std::string hash = graph_hash(parse_text(kNetwork));
  EXPECT_EQ(hash.size(), 32U);
  EXPECT_NE(hash_with("random(1)", "random(2)"), hash);
  EXPECT_NE(hash_with("Relu", "Sigmoid"), hash);
  EXPECT_NE(hash_with("axis = 1", "axis = 2"), hash);
  EXPECT_NE(hash_with("Add(%a, %b)", "Add(%b, %a)"), hash);
  EXPECT_NE(hash_with("input %x: f32[1,2,4,4]", "input %x: f32[1,2,4,8]"), hash);
}

TEST(GraphHash, ChangesWithNamesOfTensors) {
  const std::string hash = graph_hash(parse_text(kNetwork));
  EXPECT_NE(hash_with("%x", "%image"), hash);
  EXPECT_NE(hash_with("%a", "%conv"), hash);
  EXPECT_NE(hash_with("%y", "%sum"), hash);
}

TEST(GraphHash, DoesNotChangeWithWhatScalesDoNotSee) {
  const std::string hash = graph_hash(parse_text(kNetwork));
  EXPECT_EQ(hash_with("%w", "%weights"), hash);
  EXPECT_EQ(hash_with("\"conv\"", "\"another\""), hash);
  Graph graph = parse_text(kNetwork);
  graph.set_order({graph.order()[1], graph.order()[0], graph.order()[2], graph.order()[3]});
  EXPECT_EQ(graph_hash(graph), hash);
  graph.forget_types();
  EXPECT_EQ(graph_hash(graph), hash);
}

TEST(Activations, AreInputsAndResultsOfFloat32) {
  std::string text = kNetwork;
  text.insert(text.find("  output %y"), "  %h: f16[1,2,4,4] = Cast(%y) {to = 10}\n  output %h\n");
  const Graph graph = parse_text(text);
  std::vector<std::string> names;
  for (const ValueId id : activations(graph)) {
    names.push_back(graph.value(id).name);
  }
  EXPECT_THAT(names, ElementsAre("x", "a", "b", "y"));
}

TEST(Activations, UnknownTypeIsNamed) {
  Graph graph = parse_text(kNetwork);
  graph.forget_types();
  EXPECT_THROW(static_cast<void>(activations(graph)), Error);
}

}  // namespace
}  // namespace mtmi::quant
