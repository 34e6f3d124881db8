#include "mtmi/quant/calibrated_table.h"

#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/histograms_for_tests.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// x -> relu -> neg, whose labels have no scale.
Graph small_graph() {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, {1, 4}});
  const ValueId relu = graph.add_value("relu", {DType::Float32, {1, 4}});
  const ValueId labels = graph.add_value("labels", {DType::Int64, {1}});
  graph.add_node({.name = "", .op = "Relu", .inputs = {x}, .outputs = {relu}, .attributes = {}});
  graph.add_node(
      {.name = "", .op = "ArgMax", .inputs = {relu}, .outputs = {labels}, .attributes = {}});
  graph.add_output(labels);
  return graph;
}

Observations observations_of(const std::vector<float>& x, const std::vector<float>& relu) {
  Observations observations;
  observations.images = {{"image", kEnoughImages}};
  observations.tensors.emplace("x", histogram_of(x));
  observations.tensors.emplace("relu", histogram_of(relu));
  return observations;
}

TEST(CalibratedTable, HoldsAScaleForEveryTensorOfFloatingPoint) {
  const Graph graph = small_graph();
  EXPECT_THAT(observed_tensors(graph), ElementsAre("x", "relu"));
  const auto [table, warnings] =
      find_scales(observations_of({-2.0F, 1.0F}, {0.0F, 1.0F}), graph, {Method::MinMax});
  EXPECT_EQ(table.tensors.at("x").amax, 2.0F);
  EXPECT_EQ(table.tensors.at("relu").amax, 1.0F);
  EXPECT_EQ(table.images, kEnoughImages);
  EXPECT_EQ(table.method, Method::MinMax);
  EXPECT_FALSE(find_misfit(table, graph));
  EXPECT_THAT(warnings, IsEmpty());
}

TEST(CalibratedTable, DeadTensorIsNamed) {
  const auto [table, warnings] =
      find_scales(observations_of({-2.0F}, {0.0F}), small_graph(), {Method::Entropy});
  EXPECT_EQ(table.tensors.at("relu").source, ScaleSource::Dead);
  EXPECT_THAT(warnings, ElementsAre(HasSubstr("tensor 'relu' is dead")));
}

TEST(CalibratedTable, TooFewImagesAreSaid) {
  Observations observations = observations_of({1.0F}, {1.0F});
  observations.images = {{"image", 1}};
  EXPECT_THAT(find_scales(observations, small_graph(), {Method::MinMax}).warnings,
              ElementsAre(HasSubstr("calibrated over 1 image only")));
}

/// Of which entropy cuts off the farther one.
std::vector<float> two_humps() {
  for (Sample& sample : synthetic_activations(20'000, 1)) {
    if (sample.name == "two humps") {
      return std::move(sample.values);
    }
  }
  ADD_FAILURE();
  return {};
}

TEST(CalibratedTable, RangeThatLosesMuchIsSaid) {
  const Observations observations = observations_of(two_humps(), {1.0F});
  EXPECT_THAT(find_scales(observations, small_graph(), {Method::Entropy}).warnings,
              ElementsAre(HasSubstr("tensor 'x': the range")));
  EXPECT_THAT(find_scales(observations, small_graph(), {Method::Mse}).warnings, IsEmpty());
}

TEST(CalibratedTable, RangeOfWhatIsNeverRoundedIsNotSaid) {
  const Graph graph = parse_text(R"(graph "head" {
    input %x: f32[1,1,2,2]
    const %w: f32[1,1,1,1] = [1]
    %sums: f32[1,1,2,2] = Conv(%x, %w)
    %relu: f32[1,1,2,2] = Relu(%sums)
    output %relu
  })");
  Observations observations = observations_of({1.0F}, {1.0F});
  observations.tensors.emplace("sums", histogram_of(two_humps()));
  EXPECT_THAT(find_scales(observations, graph, {Method::Entropy}).warnings, IsEmpty());
}

TEST(CalibratedTable, TensorThatWasNotObservedIsNamed) {
  Observations observations = observations_of({1.0F}, {1.0F});
  observations.tensors.erase("relu");
  try {
    static_cast<void>(find_scales(observations, small_graph(), {}));
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("'relu'"));
  }
}

}  // namespace
}  // namespace mtmi::quant
