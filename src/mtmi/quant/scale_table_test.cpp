#include "mtmi/quant/scale_table.h"

#include <bit>
#include <cstddef>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Graph network() {
  return parse_text(R"(graph "head" {
    input %x: f32[1,2,4,4]
    %a: f32[1,2,4,4] = Relu(%x)
    %"b:0": f32[1,2,4,4] = Sigmoid(%a)
    output %"b:0"
  })");
}

TensorScale scale(float amax) {
  return {.scale = scale_of(amax),
          .amax = amax,
          .absmax = 2 * amax,
          .source = {},
          .rule = {},
          .histogram = {}};
}

ScaleTable table() {
  ScaleTable result{.graph_hash = graph_hash(network()),
                    .method = Method::Percentile,
                    .images = 12,
                    .tensors = {{"x", scale(3.5F)}, {"a", scale(0.1F)}, {"b:0", scale(1.0F)}}};
  result.tensors["a"].source = ScaleSource::Aligned;
  result.tensors["a"].rule = "dla.range.concat";
  result.tensors["a"].histogram.assign(kHistogramBins, 3'000'000'000'000);
  return result;
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_scales_json(text));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::InvalidModel);
    return e.what();
  }
  return "";
}

/// What is said of table()'s text with one change.
std::string refusal_with(const std::string& from, const std::string& to) {
  std::string text = to_json(table());
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return refusal(text.replace(at, from.size(), to));
}

std::string misfit_of(const ScaleTable& scales) {
  try {
    require_fit(scales, network());
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(ScaleTable, GoesThroughJsonBitByBit) {
  Random random(1);
  ScaleTable before = table();
  for (int i = 0; i < 2000; ++i) {
    // Every pattern of a positive float whose range is finite, subnormal ones included.
    const auto pattern = static_cast<std::uint32_t>(random.next() % 0x7c000000U) + 1;
    const auto value = std::bit_cast<float>(pattern);
    before.tensors["t" + std::to_string(i)] = {.scale = value,
                                               .amax = kSteps * value,
                                               .absmax = value,
                                               .source = ScaleSource::Imported,
                                               .rule = {},
                                               .histogram = {}};
  }
  const ScaleTable after = parse_scales_json(to_json(before));
  EXPECT_EQ(after, before);
  EXPECT_EQ(to_json(after), to_json(before));
}

TEST(ScaleTable, EmptyTableGoesThroughJson) {
  EXPECT_EQ(parse_scales_json(to_json(ScaleTable{})), ScaleTable{});
}

TEST(ScaleTable, NamesOfAnyCharactersGoThroughJson) {
  ScaleTable before;
  before.tensors["a \"quoted\" \\ name/\u00e9:0"] = scale(1);
  EXPECT_EQ(parse_scales_json(to_json(before)), before);
}

TEST(ScaleTable, UnusableScaleIsNamed) {
  EXPECT_THAT(refusal_with("\"scale\": 0.0275", "\"scale\": -0.0275"),
              HasSubstr("tensor 'x': got a negative scale"));
  EXPECT_THAT(refusal_with("\"scale\": 0.0275", "\"scale\": 0, \"old\": 0.0275"),
              HasSubstr("tensor 'x': got a scale of zero"));
  EXPECT_THAT(refusal_with("\"scale\": 0.0275", "\"scale\": 1e300, \"old\": 0.0275"),
              HasSubstr("tensor 'x': got a scale that is not finite"));
  EXPECT_THAT(refusal_with("\"scale\": 0.0275", "\"scale\": \"big\", \"old\": 0.0275"),
              HasSubstr("tensor 'x': 'scale': got \"big\", expected a number"));
  EXPECT_THAT(refusal_with("\"amax\": 3.5", "\"amax\": 3.6"),
              HasSubstr("tensor 'x': amax: got 3.6, expected 127 times the scale"));
  EXPECT_THAT(refusal_with("\"absmax\": 7", "\"absmax\": -7"), HasSubstr("expected a magnitude"));
}

TEST(ScaleTable, HistogramOfAnotherLengthIsNamed) {
  EXPECT_THAT(refusal_with("\"histogram\": [", "\"histogram\": [1,"),
              HasSubstr("tensor 'a': 'histogram': got 65 bins, expected 64"));
}

TEST(ScaleTable, DuplicateIsNamed) {
  EXPECT_THAT(refusal_with("\"b:0\": {", "\"a\": {"), HasSubstr("'a' stands there twice"));
}

TEST(ScaleTable, DamageIsNamed) {
  const std::string text = to_json(table());
  for (std::size_t length = 0; length + 2 < text.size(); ++length) {
    EXPECT_NE(refusal(text.substr(0, length)), "") << length;
  }
  EXPECT_THAT(refusal_with("\"b:0\"", R"("b\n0")"),
              HasSubstr("tensor 'b?0': expected a name without control characters"));
  EXPECT_THAT(refusal_with(graph_hash(network()), "0"),
              HasSubstr("'graph_hash': got '0', expected 32 hexadecimal digits"));
  EXPECT_THAT(refusal("[]"), HasSubstr("expected an object with \"kind\""));
  EXPECT_THAT(refusal_with("\"format\": 1", "\"format\": 9"), HasSubstr("its format is 9"));
  EXPECT_THAT(refusal_with("percentile", "guess"), HasSubstr("got 'guess', expected entropy"));
  EXPECT_THAT(refusal_with("\"calibrated\"", "\"found\""), HasSubstr("'source': got 'found'"));
  EXPECT_THAT(refusal_with("\"images\": 12", "\"images\": \"12\""),
              HasSubstr("no table of scales"));
}

TEST(ScaleTable, FitsItsGraph) {
  EXPECT_FALSE(find_misfit(table(), network()));
  EXPECT_EQ(misfit_of(table()), "");
}

TEST(ScaleTable, MissingAndUnknownTensorsAreNamed) {
  ScaleTable scales = table();
  scales.tensors.erase("a");
  scales.tensors["z"] = scale(1);
  const Misfit misfit = find_misfit(scales, network());
  EXPECT_THAT(misfit.missing, ElementsAre("a"));
  EXPECT_THAT(misfit.unknown, ElementsAre("z"));
  EXPECT_THAT(misfit_of(scales), HasSubstr("no scale for 1 of its tensors: 'a'"));
  EXPECT_THAT(misfit_of(scales), HasSubstr("scales for 1 tensors that it has not: 'z'"));
}

TEST(ScaleTable, OtherGraphOfTheSameNamesIsRefused) {
  ScaleTable scales = table();
  scales.graph_hash = std::string(32, '0');
  EXPECT_THAT(misfit_of(scales), HasSubstr("not what is computed"));
  scales.graph_hash = "";
  EXPECT_EQ(misfit_of(scales), "");
}

TEST(ScaleTable, ScaleIsTheRangeOver127) {
  // The vectors of TensorRT's calibration caches.
  EXPECT_EQ(std::bit_cast<std::uint32_t>(scale_of(1)), 0x3c010204U);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(scale_of(2)), 0x3c810204U);
  EXPECT_EQ(std::bit_cast<std::uint32_t>(scale_of(255)), 0x40008102U);
}

TEST(ScaleTable, RangeIs127StepsUpToTheLargestFloat) {
  constexpr float kLargest = std::numeric_limits<float>::max();
  EXPECT_EQ(range_of(1), 127);
  EXPECT_LE(range_of(scale_of(kLargest)), kLargest);
  EXPECT_GE(range_of(scale_of(kLargest)), 0.999999F * kLargest);
  EXPECT_EQ(find_defect(scale_of(kLargest)), "");
  EXPECT_THAT(find_defect(kLargest), HasSubstr("range is not finite"));
}

TEST(ScaleTable, MethodsAreReadByName) {
  for (const Method method : {Method::Entropy, Method::MinMax, Method::Percentile, Method::Mse}) {
    EXPECT_EQ(parse_method(to_string(method)), method);
  }
  EXPECT_THROW(static_cast<void>(parse_method("max")), Error);
}

}  // namespace
}  // namespace mtmi::quant
