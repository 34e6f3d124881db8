#include "mtmi/interp/interpreter.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

/// x -> Relu -> a -> Tanh -> y
Graph chain() {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{3}});
  const ValueId a = graph.add_value("a");
  const ValueId y = graph.add_value("y");
  graph.add_node({.name = "", .op = "Relu", .inputs = {x}, .outputs = {a}, .attributes = {}});
  graph.add_node({.name = "", .op = "Tanh", .inputs = {a}, .outputs = {y}, .attributes = {}});
  graph.add_output(y);
  return graph;
}

TEST(Interpret, RunsNodeByNode) {
  std::vector<std::string> seen;
  const TensorMap outputs =
      interpret(chain(),
                {{"x", Tensor::from<float>(Shape{3}, {-1.0F, 0.0F, 1.0F})}},
                [&seen](const std::string& name, const Tensor&) { seen.push_back(name); });
  EXPECT_EQ(seen, (std::vector<std::string>{"a", "y"}));
  const auto y = outputs.at("y").data<float>();
  EXPECT_EQ(y[0], 0.0F);
  EXPECT_NEAR(y[2], 0.76159F, 1e-5F);
}

TEST(Interpret, MissingOrWrongInputIsNamed) {
  EXPECT_THROW(static_cast<void>(interpret(chain(), {})), Error);
  try {
    static_cast<void>(interpret(chain(), {{"x", Tensor(DType::Float32, Shape{4})}}));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "input 'x': got f32[4], expected f32[3]");
  }
}

}  // namespace
}  // namespace mtmi
