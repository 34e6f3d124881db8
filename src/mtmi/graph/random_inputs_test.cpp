#include "mtmi/graph/random_inputs.h"

#include <gtest/gtest.h>

#include "mtmi/core/random_tensor.h"

namespace mtmi {
namespace {

TEST(RandomInputs, EveryInputHasASeedOfItsOwn) {
  Graph graph;
  graph.add_input("image", {DType::Float32, Shape{1, 3, 4, 4}});
  graph.add_input("scale", {DType::Float32, Shape{1, 3, 4, 4}});
  const TensorMap inputs = random_inputs(graph, 7);
  ASSERT_EQ(inputs.size(), 2U);
  EXPECT_TRUE(
      bitwise_equal(inputs.at("image"), random_tensor(DType::Float32, Shape{1, 3, 4, 4}, 7)));
  EXPECT_TRUE(
      bitwise_equal(inputs.at("scale"), random_tensor(DType::Float32, Shape{1, 3, 4, 4}, 8)));
}

}  // namespace
}  // namespace mtmi
