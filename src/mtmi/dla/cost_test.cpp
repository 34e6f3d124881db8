#include "mtmi/dla/cost.h"

#include <string>

#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::dla {
namespace {

struct Predicted {
  std::vector<LayerCost> layers;
};

Predicted predict(const std::string& body, const Scales& scales) {
  Graph graph = parse_text("graph \"g\" {\n" + body + "\n}");
  ops::infer_types(graph);
  return {predict_layers(graph, PrecisionPlan(graph, scales))};
}

constexpr const char* kConvolution =
    "input %x: f32[1,512,64,64]\n const %w: f32[512,512,3,3] = splat(1.0)\n"
    "%y = Conv(%x, %w) {pads = [1, 1, 1, 1]}\n output %y";

TEST(DlaCost, ALargeConvolutionTakesItsProductsAtTheClock) {
  const auto layers = predict(kConvolution, {{"x", 1.0F}, {"y", 1.0F}}).layers;
  ASSERT_EQ(layers.size(), 1U);
  const std::int64_t macs = std::int64_t{512} * 512 * 9 * 64 * 64;
  EXPECT_EQ(layers[0].macs, macs);
  EXPECT_NEAR(layers[0].time_us(), static_cast<double>(macs) / 8192.0 / 1369.6, 1e-6);
}

TEST(DlaCost, InHalfItTakesFourteenTimesAsLong) {
  const auto int8 = predict(kConvolution, {{"x", 1.0F}, {"y", 1.0F}}).layers;
  const auto half = predict(kConvolution, {}).layers;
  EXPECT_NEAR(half[0].compute_us / int8[0].compute_us, 14.0, 1e-9);
}

TEST(DlaCost, AnElementwiseLayerTakesItsTrafficInPaddedChannels) {
  const auto layers =
      predict("input %x: f32[1,19,8,8]\n %y = Relu(%x)\n output %y", {{"x", 1.0F}, {"y", 1.0F}})
          .layers;
  EXPECT_EQ(layers[0].bytes, 2 * 32 * 64);
  EXPECT_NEAR(layers[0].time_us(), 2 * 32 * 64 / 51.2e3, 1e-9);
}

TEST(DlaCost, ARescaleReadsAndWritesItsOperandOnceMore) {
  const std::string sum =
      "input %x: f32[1,32,8,8]\n input %z: f32[1,32,8,8]\n %y = Add(%x, %z)\n output %y";
  const auto shared = predict(sum, {{"x", 1.0F}, {"z", 1.0F}, {"y", 1.0F}}).layers;
  const auto apart = predict(sum, {{"x", 1.0F}, {"z", 2.0F}, {"y", 1.0F}}).layers;
  EXPECT_EQ(shared[0].rescales, 0);
  EXPECT_EQ(apart[0].rescales, 1);
  EXPECT_EQ(apart[0].bytes - shared[0].bytes, 2 * 32 * 64);
}

TEST(DlaCost, LayersRunOneAfterTheOther) {
  const auto layers = predict("input %x: f32[1,32,8,8]\n %a = Abs(%x)\n %y = Abs(%a)\n output %y",
                              {{"x", 1.0F}, {"a", 1.0F}, {"y", 1.0F}})
                          .layers;
  EXPECT_DOUBLE_EQ(total_us(layers), layers[0].time_us() + layers[1].time_us());
}

}  // namespace
}  // namespace mtmi::dla
