#include "mtmi/zoo/mtmi_b0.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::zoo {
namespace {

TensorType type_of(const Graph& graph, const char* name) {
  const auto id = graph.find_value(name);
  EXPECT_TRUE(id.has_value()) << name;
  return graph.type(*id);
}

TEST(MtmiB0, HasTheFeaturesAndOutputsItPromises) {
  const Graph graph = make_mtmi_b0({.height = 64, .width = 96, .classes = 7, .seed = 0});
  EXPECT_EQ(find_defect(graph), std::nullopt);
  EXPECT_EQ(type_of(graph, "f1"), (TensorType{DType::Float32, {1, 32, 16, 24}}));
  EXPECT_EQ(type_of(graph, "f2"), (TensorType{DType::Float32, {1, 64, 8, 12}}));
  EXPECT_EQ(type_of(graph, "f3"), (TensorType{DType::Float32, {1, 160, 4, 6}}));
  EXPECT_EQ(type_of(graph, "f4"), (TensorType{DType::Float32, {1, 256, 2, 3}}));
  EXPECT_EQ(type_of(graph, "seg"), (TensorType{DType::Int64, {1, 64, 96}}));
  EXPECT_EQ(type_of(graph, "depth"), (TensorType{DType::Float32, {1, 1, 64, 96}}));
  EXPECT_EQ(type_of(graph, "seg_head.scores"), (TensorType{DType::Float32, {1, 7, 64, 96}}));
}

TEST(MtmiB0, SeedDecidesTheWeights) {
  const auto weight = [](std::uint64_t seed) {
    const Graph graph = make_mtmi_b0({.height = 32, .width = 32, .classes = 2, .seed = seed});
    return *graph.value(*graph.find_value("encoder.stage1.embed.weight")).constant;
  };
  EXPECT_TRUE(bitwise_equal(weight(1), weight(1)));
  EXPECT_FALSE(bitwise_equal(weight(1), weight(2)));
}

TEST(MtmiB0, OddSizesAreRefused) {
  EXPECT_THROW(static_cast<void>(make_mtmi_b0({.height = 100, .width = 64})), Error);
  EXPECT_THROW(static_cast<void>(make_mtmi_b0({.height = 0, .width = 64})), Error);
}

}  // namespace
}  // namespace mtmi::zoo
