#include "mtmi/ops/pad.h"

#include <limits>

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;
using Ints = std::vector<std::int64_t>;

constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
constexpr auto kMax = std::numeric_limits<std::int64_t>::max();

Attributes mode(std::string name) {
  return {{"mode", std::move(name)}};
}

TEST(Pad, BeginningsStandBeforeEnds) {
  EXPECT_EQ(inferred({"Pad", {f32({2, 3}), ints({1, 0, 0, 5})}}), Types{"f32[3,8]"});
  EXPECT_EQ(inferred({"Pad", {f32({2, 3}), ints({1, 2}), f32({}), ints({-1})}}), Types{"f32[2,6]"});
}

TEST(Pad, NegativePadsCut) {
  EXPECT_EQ(inferred({"Pad", {f32({5}), ints({-1, 2})}}), Types{"f32[6]"});
  EXPECT_EQ(inferred({"Pad", {f32({5}), ints({-2, -3})}}), Types{"f32[0]"});
  EXPECT_EQ(
      refusal({"Pad", {f32({5}), ints({-3, -3})}}),
      "got pads -3 and -3 of an extent of 5, expected pads that leave an extent of 0 or more");
  EXPECT_NE(refusal({"Pad", {f32({5}), ints({kMin, 0})}}), "");
  EXPECT_NE(refusal({"Pad", {f32({5}), ints({0, kMin + 1})}}), "");
  EXPECT_NE(refusal({"Pad", {f32({5}), ints({kMax, kMax})}}), "");
}

TEST(Pad, ContradictionsAreRefused) {
  EXPECT_EQ(refusal({"Pad", {f32({2, 3}), ints({1, 1})}}),
            "got pads [1,1], expected two for each of the axes [0,1]");
  EXPECT_EQ(refusal({"Pad", {f32({2}), ints({1, 1})}, mode("mirror")}),
            "got mode 'mirror', expected constant, reflect, edge or wrap");
  EXPECT_EQ(refusal({"Pad", {f32({0}), ints({1, 1})}, mode("edge")}),
            "got pads of an empty axis, expected mode constant there");
  EXPECT_EQ(refusal({"Pad", {f32({2}), ints({1, 1}), ints({1})}}), "got s64, expected f32");
}

Ints sources(PadMode pad_mode, std::int64_t kept) {
  Ints result;
  for (std::int64_t position = -4; position < kept + 4; ++position) {
    result.push_back(padding_source(pad_mode, position, kept));
  }
  return result;
}

TEST(PaddingSource, RepeatsAsOftenAsNeeded) {
  EXPECT_EQ(sources(PadMode::Reflect, 3), (Ints{0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2}));
  EXPECT_EQ(sources(PadMode::Edge, 3), (Ints{0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2}));
  EXPECT_EQ(sources(PadMode::Wrap, 3), (Ints{2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0}));
  EXPECT_EQ(sources(PadMode::Reflect, 1), Ints(9, 0));
}

}  // namespace
}  // namespace mtmi::ops
