#include "mtmi/deploy/hand_off.h"

#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::deploy {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

const TensorType kMap{DType::Float32, Shape{1, 40, 8, 16}};

Part part_on(const std::string& device, bundle::PartKind kind, const std::string& head) {
  Part part;
  part.kind = kind;
  part.name = head.empty() ? "encoder" : head;
  part.head = head;
  part.target.device = device;
  return part;
}

Part int8_head(const std::string& head, std::map<std::string, float> scales) {
  Part part = part_on("dla_sim:0", bundle::PartKind::Head, head);
  part.target.precision = Precision::Int8;
  part.scales = std::move(scales);
  return part;
}

/// Two heads that read the feature "f".
Outline two_readers() {
  Outline outline;
  outline.features = {"f"};
  for (const char* name : {"seg", "depth"}) {
    HeadOutline& head = outline.heads.emplace_back();
    head.name = name;
    head.inputs = {"f"};
    head.outputs = {std::string(name) + "_out"};
    head.results = head.outputs;
    outline.types.emplace(head.outputs.front(), kMap);
  }
  outline.types.emplace("f", kMap);
  return outline;
}

TEST(HandOff, Int8IsInBlocksOf32ChannelsAndHalvesOf16) {
  EXPECT_EQ(quantized_format(kMap, "f", {{"f", 0.5F}}),
            (IoFormat{.dtype = DType::Int8, .layout = Layout::Chw32, .scale = 0.5F}));
  EXPECT_EQ(quantized_format(kMap, "f", {}).layout, Layout::Chw16);
  EXPECT_EQ(quantized_format({DType::Float32, Shape{1, 1, 8, 16}}, "f", {}).layout,
            Layout::DlaLinear);
  EXPECT_EQ(quantized_format({DType::Int64, Shape{1, 8, 16}}, "f", {{"f", 0.5F}}),
            IoFormat{.dtype = DType::Int64});
}

TEST(HandOff, OnTheCpuMapsAreChannelsLast) {
  const std::vector<Part> parts{part_on("cpu", bundle::PartKind::Encoder, ""),
                                part_on("cpu", bundle::PartKind::Head, "seg"),
                                part_on("cpu", bundle::PartKind::Head, "depth")};
  const HandOffs hand_offs = plan_hand_offs(two_readers(), parts, Rounding::HalfEven);
  for (const PartIo& io : hand_offs.parts) {
    EXPECT_EQ(io.formats.at("f").layout, Layout::Hwc);
  }
  EXPECT_EQ(hand_offs.bytes, 4U * 40 * 8 * 16);
  EXPECT_THAT(hand_offs.written_more_than_once, IsEmpty());
}

TEST(HandOff, HeadsOfOneScaleShareAFeature) {
  const std::vector<Part> parts{part_on("cpu", bundle::PartKind::Encoder, ""),
                                int8_head("seg", {{"f", 0.5F}}),
                                int8_head("depth", {{"f", 0.5F}})};
  const HandOffs hand_offs = plan_hand_offs(two_readers(), parts, Rounding::HalfEven);
  EXPECT_EQ(hand_offs.parts[0].formats.size(), 1U);
  EXPECT_EQ(hand_offs.bytes, 64U * 8 * 16);  // two blocks of 32 channels
  EXPECT_THAT(hand_offs.written_more_than_once, IsEmpty());
}

TEST(HandOff, HeadsOfTwoScalesGetAFormEach) {
  const std::vector<Part> parts{part_on("cpu", bundle::PartKind::Encoder, ""),
                                int8_head("seg", {{"f", 0.5F}}),
                                int8_head("depth", {{"f", 1.0F}})};
  const HandOffs hand_offs = plan_hand_offs(two_readers(), parts, Rounding::HalfEven);
  const PartIo& encoder = hand_offs.parts[0];
  EXPECT_EQ(encoder.formats.at("f").scale, 0.5F);
  EXPECT_EQ(encoder.formats.at("f/depth").scale, 1.0F);
  EXPECT_THAT(encoder.copies, ElementsAre(Pair("f/depth", "f")));
  EXPECT_THAT(hand_offs.parts[1].renamed, IsEmpty());
  EXPECT_THAT(hand_offs.parts[2].renamed, ElementsAre(Pair("f", "f/depth")));
  ASSERT_EQ(hand_offs.written_more_than_once.size(), 1U);
  EXPECT_EQ(hand_offs.written_more_than_once.front().extra_bytes, 64U * 8 * 16);
  EXPECT_THAT(describe_sharing(hand_offs.written_more_than_once.front()),
              HasSubstr("6.0 dB more rounding noise in 'seg'"));
}

TEST(HandOff, AFeatureThatIsAResultStaysAsItIs) {
  Outline outline = two_readers();
  outline.feature_results = {"f"};
  const std::vector<Part> parts{part_on("cpu", bundle::PartKind::Encoder, ""),
                                int8_head("seg", {{"f", 0.5F}}),
                                int8_head("depth", {{"f", 0.5F}})};
  const HandOffs hand_offs = plan_hand_offs(outline, parts, Rounding::HalfEven);
  EXPECT_EQ(hand_offs.parts[0].formats.at("f").dtype, DType::Float32);
  EXPECT_EQ(hand_offs.parts[0].formats.at("f/seg").dtype, DType::Int8);
  EXPECT_EQ(describe_sharing(hand_offs.written_more_than_once.front()), "");
}

TEST(HandOff, FeaturesBecomeInt8ByTheWantedRounding) {
  const std::vector<Part> parts{part_on("cpu", bundle::PartKind::Encoder, ""),
                                int8_head("seg", {{"f", 0.5F}}),
                                int8_head("depth", {{"f", 0.5F}})};
  const HandOffs hand_offs = plan_hand_offs(two_readers(), parts, Rounding::TowardZero);
  EXPECT_EQ(hand_offs.parts[0].formats.at("f").rounding, Rounding::TowardZero);
}

TEST(HandOff, ATailReadsWhatItsHeadWrites) {
  Outline outline = two_readers();
  outline.heads[0].has_tail = true;
  outline.heads[0].results = {"labels"};
  const std::vector<Part> parts{part_on("cpu", bundle::PartKind::Encoder, ""),
                                int8_head("seg", {{"f", 0.5F}, {"seg_out", 0.25F}}),
                                part_on("cpu", bundle::PartKind::Tail, "seg"),
                                int8_head("depth", {{"f", 0.5F}})};
  const HandOffs hand_offs = plan_hand_offs(outline, parts, Rounding::HalfEven);
  EXPECT_EQ(hand_offs.parts[1].formats.at("seg_out").scale, 0.25F);
  EXPECT_EQ(hand_offs.parts[1].formats.at("seg_out"), hand_offs.parts[2].formats.at("seg_out"));
}

}  // namespace
}  // namespace mtmi::deploy
