#include "mtmi/quant/alignment.h"

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/dla/scale_groups.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Concat of x, y and a resized z; a product beside it that shares nothing.
Graph network() {
  Graph graph = parse_text(R"(graph "g" {
    input %x: f32[1,2,8,8]
    input %y: f32[1,2,8,8]
    input %z: f32[1,2,4,4]
    const %scales: f32[4] = [1, 1, 2, 2]
    %r = Resize(%z, _, %scales) {mode = "linear"}
    %c = Concat(%x, %y, %r) {axis = 1}
    %m = Mul(%x, %y)
    output %c
    output %m
  })");
  ops::infer_types(graph);
  return graph;
}

TensorScale found(float amax, ScaleSource source = ScaleSource::Calibrated) {
  return {.scale = scale_of(amax),
          .amax = amax,
          .absmax = amax,
          .source = source,
          .rule = {},
          .histogram = {}};
}

ScaleTable table() {
  ScaleTable result;
  result.tensors = {{"x", found(1)},
                    {"y", found(3)},
                    {"z", found(0.5F)},
                    {"r", found(0.4F)},
                    {"c", found(2)},
                    {"m", found(9)}};
  return result;
}

std::vector<std::string> changed(const Alignment& alignment) {
  std::vector<std::string> names;
  for (const ScaleChange& change : alignment.changes) {
    names.push_back(change.tensor);
  }
  return names;
}

std::map<std::string, float> ranges(const Alignment& alignment) {
  std::map<std::string, float> result;
  for (const auto& [name, tensor] : alignment.table.tensors) {
    result.emplace(name, tensor.amax);
  }
  return result;
}

using Ranges = std::map<std::string, float>;

TEST(Alignment, RequiredGroupTakesTheLargestRange) {
  const Alignment alignment = align(table(), network(), AlignMode::Required);
  EXPECT_EQ(ranges(alignment),
            (Ranges{{"x", 3}, {"y", 3}, {"z", 0.5F}, {"r", 3}, {"c", 3}, {"m", 9}}));
  EXPECT_THAT(changed(alignment), ElementsAre("x", "r", "c"));
  EXPECT_EQ(
      alignment.changes[0],
      (ScaleChange{"x", scale_of(1), scale_of(3), "y", {"x", "y", "r", "c"}, "dla.range.concat"}));
  EXPECT_EQ(alignment.table.tensors.at("x").source, ScaleSource::Aligned);
  EXPECT_EQ(alignment.table.tensors.at("x").rule, "dla.range.concat");
  EXPECT_EQ(alignment.table.tensors.at("x").absmax, 1);
  EXPECT_EQ(alignment.table.tensors.at("y"), table().tensors.at("y"));
}

TEST(Alignment, NothingIsLeftToRescale) {
  const Graph graph = network();
  EXPECT_FALSE(dla::find_rescales(graph, scales_of(table())).empty());
  const Alignment alignment = align(table(), graph, AlignMode::Required);
  EXPECT_THAT(dla::find_rescales(graph, scales_of(alignment.table)), IsEmpty());
}

TEST(Alignment, PreferredGroupsJoinOnRequest) {
  const Alignment alignment = align(table(), network(), AlignMode::Preferred);
  EXPECT_EQ(ranges(alignment).at("z"), 3);
  EXPECT_THAT(changed(alignment), ElementsAre("z", "r", "x", "c"));
  EXPECT_EQ(alignment.changes[0].rule, "dla.range.resize");
  EXPECT_EQ(alignment.changes[1].rule, "dla.range.concat");
}

TEST(Alignment, IsDoneAfterOnce) {
  const Alignment once = align(table(), network(), AlignMode::Preferred);
  const Alignment twice = align(once.table, network(), AlignMode::Preferred);
  EXPECT_THAT(twice.changes, IsEmpty());
  EXPECT_EQ(twice.table, once.table);
}

TEST(Alignment, ImportedScalesStayAndAreRescaledWhereRead) {
  ScaleTable scales = table();
  scales.tensors["x"].source = ScaleSource::Imported;
  const Alignment alignment = align(scales, network(), AlignMode::Required);
  EXPECT_THAT(changed(alignment), ElementsAre("r", "c"));
  EXPECT_EQ(ranges(alignment).at("x"), 1);
  EXPECT_EQ(dla::find_rescales(network(), scales_of(alignment.table)).size(), 1U);
}

TEST(Alignment, WidestImportedScaleIsTakenToTheBit) {
  ScaleTable scales = table();
  const float scale = 0x1.234568p-3F;
  scales.tensors["y"] = found(kSteps * scale, ScaleSource::Imported);
  scales.tensors["y"].scale = scale;
  const Alignment alignment = align(scales, network(), AlignMode::Required);
  EXPECT_EQ(alignment.table.tensors.at("c").scale, scale);
  EXPECT_THAT(dla::find_rescales(network(), scales_of(alignment.table)), IsEmpty());
}

TEST(Alignment, DeadTensorTakesTheRangeAndDoesNotSetIt) {
  ScaleTable scales = table();
  scales.tensors["x"] = found(1, ScaleSource::Dead);
  scales.tensors["y"].amax = 0.25F;
  scales.tensors["y"].scale = scale_of(0.25F);
  scales.tensors["c"].amax = 0.25F;
  scales.tensors["c"].scale = scale_of(0.25F);
  const Alignment alignment = align(scales, network(), AlignMode::Required);
  EXPECT_EQ(ranges(alignment).at("x"), 0.4F);
  EXPECT_EQ(ranges(alignment).at("c"), 0.4F);
}

TEST(Alignment, TensorsWithoutAScaleAreLeftOut) {
  ScaleTable scales = table();
  scales.tensors.erase("y");
  const Alignment alignment = align(scales, network(), AlignMode::Required);
  EXPECT_THAT(changed(alignment), ElementsAre("x", "r"));
  EXPECT_FALSE(alignment.table.tensors.contains("y"));
}

}  // namespace
}  // namespace mtmi::quant
