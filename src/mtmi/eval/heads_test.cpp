#include "mtmi/eval/heads.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "mtmi/core/agreement.h"
#include "mtmi/error.h"
#include "mtmi/eval/eval_for_tests.h"
#include "mtmi/vision/image.h"

namespace mtmi::eval {
namespace {

class HeadsTest : public testing::Test {
 protected:
  [[nodiscard]] Heads make_heads(const std::string& backend = "dla_sim") const {
    return {registry_for_tests(), network_, backend};
  }

  [[nodiscard]] Heads make_calibrated(const std::set<std::size_t>& counts = {4}) const {
    Heads heads = make_heads();
    const std::vector<std::filesystem::path> folders{small_.images()};
    heads.calibrate(vision::list_images(folders), counts, [](std::size_t) {});
    return heads;
  }

  /// Index of the head that gives depth.
  [[nodiscard]] static std::size_t depth_of(const Heads& heads) {
    const auto head = std::find_if(
        heads.heads().begin(), heads.heads().end(), [](const Head& h) { return h.is_depth; });
    return static_cast<std::size_t>(head - heads.heads().begin());
  }

  [[nodiscard]] TensorMap features() const { return small_.prepare(network_, 1).front().values; }

  SmallNetwork small_;
  Network network_ = small_.load();
};

TEST_F(HeadsTest, Int8WantsImagesToCalibrateOn) {
  const Heads heads = make_heads();
  EXPECT_FALSE(heads.is_calibrated());
  EXPECT_THROW(static_cast<void>(heads.plan(0, parse_variant("int8-minmax"))), Error);
  EXPECT_TRUE(heads.plan(0, parse_variant("f16")).scales.empty());
}

TEST_F(HeadsTest, ObservationsAreOfTheFirstImages) {
  const Heads heads = make_calibrated({1, 3});
  for (const Head& head : heads.heads()) {
    ASSERT_EQ(head.seen.size(), 2U);
    EXPECT_EQ(head.seen.at(1).num_images(), 1U);
    EXPECT_EQ(head.seen.at(3).num_images(), 3U);
  }
}

TEST_F(HeadsTest, SomeImagesGiveWhatThoseAloneGive) {
  const Heads both = make_calibrated({1, 3});
  const Heads alone = make_calibrated({1});
  const VariantSpec first = parse_variant("int8-minmax/1");
  EXPECT_EQ(both.scales(0, first), alone.scales(0, first));
  EXPECT_NE(both.scales(0, first), both.scales(0, parse_variant("int8-minmax/3")));
}

TEST_F(HeadsTest, DepthLeavesAsHalvesUnlessInt8IsWanted) {
  const Heads heads = make_calibrated();
  const std::size_t depth = depth_of(heads);
  const Graph& graph = heads.heads()[depth].graph;
  const std::string& output = graph.value(graph.outputs().front()).name;
  EXPECT_FALSE(heads.plan(depth, parse_variant("int8-minmax")).scales.contains(output));
  EXPECT_TRUE(heads.plan(depth, parse_variant("int8+depth8")).scales.contains(output));
}

TEST_F(HeadsTest, FloatHeadsGiveWhatTheFloatVariantGives) {
  const Heads heads = make_heads();
  const TensorMap expected = make_float_variant(registry_for_tests(), network_).model(features());
  const TensorMap got = heads.build_float(depth_of(heads))(features());
  EXPECT_EQ(compare(expected.at("depth"), got.at("depth")).max_difference, 0.0);
}

TEST_F(HeadsTest, Int8IsNearFloat32AndHalvesAreNearer) {
  const Heads heads = make_calibrated();
  const TensorMap expected = make_float_variant(registry_for_tests(), network_).model(features());
  const auto error_of = [&](const char* variant) {
    const TensorMap got = heads.build(parse_variant(variant)).model(features());
    return compare(expected.at("depth"), got.at("depth")).max_difference;
  };
  EXPECT_LT(error_of("int8-minmax"), 8.0);  // of 80 m
  EXPECT_LT(error_of("f16"), error_of("int8-minmax"));
  EXPECT_GT(error_of("f16"), 0.0);
}

TEST_F(HeadsTest, FeaturesCanBeTruncated) {
  const Heads heads = make_calibrated();
  const TensorMap nearest = heads.build(parse_variant("int8-minmax")).model(features());
  const TensorMap truncated = heads.build(parse_variant("int8-minmax+truncate")).model(features());
  EXPECT_GT(compare(nearest.at("depth"), truncated.at("depth")).max_difference, 0.0);
}

TEST_F(HeadsTest, PairsOnTheCpuComeNearTheSimulation) {
  const Heads heads = make_calibrated();
  const std::size_t depth = depth_of(heads);
  const HeadBuild build = heads.plan(depth, parse_variant("int8-minmax"));
  const TensorMap simulated = heads.build(depth, build)(features());
  const TensorMap pairs = heads.fake_quantized().build(depth, build)(features());
  EXPECT_LT(compare(simulated.at("depth"), pairs.at("depth")).max_difference, 4.0);
}

TEST_F(HeadsTest, ACostModelSaysWhatAHeadTakes) {
  const Heads heads = make_calibrated();
  const auto int8 = heads.predicted_ms(0, heads.plan(0, parse_variant("int8-minmax")));
  ASSERT_TRUE(int8);
  EXPECT_GT(*int8, 0.0);
}

}  // namespace
}  // namespace mtmi::eval
