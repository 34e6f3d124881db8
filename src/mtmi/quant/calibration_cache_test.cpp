#include "mtmi/quant/calibration_cache.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::quant {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

/// Inputs, intermediates and outputs with the names that exporters give.
Graph network() {
  return parse_text(R"(graph "head" {
    input %"input_tensor:0": f32[1,2,4,4]
    input %"f: 2": f32[1,2,4,4]
    const %w: f32[2,2,1,1] = random(1)
    %"/conv 1/Conv_output": f32[1,2,4,4] = Conv(%"input_tensor:0", %w)
    %relu: f32[1,2,4,4] = Relu(%"/conv 1/Conv_output")
    %sum: f32[1,2,4,4] = Add(%relu, %"f: 2")
    %label: s64[1,1,4,4] = ArgMax(%sum) {axis = 1}
    output %sum
    output %label
  })");
}

/// A table of any scales, of which one is dead.
ScaleTable table_of(const Graph& graph, std::uint64_t seed) {
  ScaleTable table{.graph_hash = graph_hash(graph), .method = {}, .images = 1, .tensors = {}};
  Random random(seed);
  for (const ValueId id : activations(graph)) {
    // Any positive float of a finite range.
    const auto scale =
        std::bit_cast<float>(static_cast<std::uint32_t>(random.next() % 0x7c000000U) + 1);
    table.tensors[graph.value(id).name] = {.scale = scale,
                                           .amax = kSteps * scale,
                                           .absmax = 0,
                                           .source = ScaleSource::Calibrated,
                                           .rule = {},
                                           .histogram = {}};
  }
  table.tensors["relu"] = {.scale = scale_of(1),
                           .amax = 1,
                           .absmax = 0,
                           .source = ScaleSource::Dead,
                           .rule = {},
                           .histogram = {}};
  return table;
}

/// A cache as trtexec reads it (samples/common/sampleEngines.cpp of TensorRT 8.6 to 10.3, in
/// words): of each line that has a colon, the last one ends the name; at most 8 characters from the
/// second behind it on are a number to base 16, an int; its bits are the float.
std::map<std::string, float> read_as_trtexec(const std::string& text) {
  std::map<std::string, float> scales;
  std::istringstream stream(text);
  std::string line;
  while (std::getline(stream, line)) {
    const std::size_t colon = line.find_last_of(':');
    if (colon != std::string::npos) {
      const int bits = std::stoi(line.substr(colon + 2, 8), nullptr, 16);
      scales[line.substr(0, colon)] = std::bit_cast<float>(bits);
    }
  }
  return scales;
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(parse_calibration_cache(text));
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::InvalidModel);
    return e.what();
  }
  return "";
}

constexpr const char* kHeader = "TRT-8611-EntropyCalibration2\n";

std::string refusal_of_lines(const std::string& lines) {
  return refusal(kHeader + lines);
}

TEST(CalibrationCache, IsReadBackBitByBitByUsAndAsTrtexecReadsIt) {
  const Graph graph = network();
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const ScaleTable table = table_of(graph, seed);
    const std::string text = to_calibration_cache(table, graph, {8, 6, 11});
    EXPECT_EQ(parse_calibration_cache(text).scales, scales_of(table)) << text;
    EXPECT_EQ(read_as_trtexec(text), scales_of(table)) << text;
  }
}

TEST(CalibrationCache, NamesEveryActivationInTheGraphsOrder) {
  const Graph graph = network();
  ScaleTable table = table_of(graph, 0);
  for (auto& [name, tensor] : table.tensors) {
    tensor.scale = tensor.source == ScaleSource::Dead ? tensor.scale : scale_of(4);
  }
  EXPECT_EQ(to_calibration_cache(table, graph, {8, 6, 11}),
            "TRT-8611-EntropyCalibration2\n"
            "input_tensor:0: 3d010204\n"
            "f: 2: 3d010204\n"
            "/conv 1/Conv_output: 3d010204\n"
            "relu: 3c010204\n"
            "sum: 3d010204\n");
}

TEST(CalibrationCache, NumbersReleasesAsTensorRtDoes) {
  EXPECT_EQ(cache_version({5, 1, 1}), 5101);
  EXPECT_EQ(cache_version({8, 5, 2}), 8502);
  EXPECT_EQ(cache_version({8, 6, 11}), 8611);
  EXPECT_EQ(cache_version({10, 3, 0}), 100300);
  EXPECT_EQ(cache_version({10, 14, 1}), 101401);
}

TEST(CalibrationCache, HeaderWordDoesNotDependOnTheMethod) {
  const Graph graph = network();
  ScaleTable table = table_of(graph, 0);
  table.method = Method::MinMax;
  EXPECT_THAT(to_calibration_cache(table, graph, {10, 3, 0}),
              StartsWith("TRT-100300-EntropyCalibration2\n"));
}

TEST(CalibrationCache, SmallScalesHaveFewerDigits) {
  const CalibrationCache cache =
      parse_calibration_cache(std::string(kHeader) + "a: 1\nb: 800000\n");
  EXPECT_EQ(cache.scales.at("a"), 0x1p-149F);
  EXPECT_EQ(cache.scales.at("b"), 0x1p-126F);
}

TEST(CalibrationCache, CachesOfOtherCalibratorsAndSystemsAreRead) {
  const CalibrationCache cache = parse_calibration_cache(
      "TRT-8602-MinMaxCalibration\r\n(Unnamed Layer* 0) [Shuffle]_output: 3c010204");
  EXPECT_EQ(cache.version, 8602);
  EXPECT_EQ(cache.algorithm, "MinMaxCalibration");
  EXPECT_EQ(cache.scales.at("(Unnamed Layer* 0) [Shuffle]_output"), scale_of(1));
}

TEST(CalibrationCache, WrongHeaderIsNamed) {
  for (const std::string header : {"",
                                   "a: 3c010204",
                                   "TRT-",
                                   "TRT-8611",
                                   "TRT-8611-",
                                   "TRT--EntropyCalibration2",
                                   "TRT-86x1-EntropyCalibration2",
                                   "TRT-99999999999-EntropyCalibration2",
                                   "TRT-8611-SomeCalibration",
                                   "TRT-8611-EntropyCalibration2 "}) {
    EXPECT_THAT(refusal(header + "\na: 3c010204\n"),
                HasSubstr("line 1: got the header '" + header + "', expected TRT-"));
  }
  EXPECT_THAT(refusal(""), HasSubstr("line 1: got the header ''"));
}

TEST(CalibrationCache, UnusableScaleIsNamed) {
  EXPECT_THAT(refusal_of_lines("a: 3c010204\nb: bc010204\n"),
              HasSubstr("line 3: tensor 'b': got a negative scale"));
  EXPECT_THAT(refusal_of_lines("a b: 0\n"), HasSubstr("line 2: tensor 'a b': got a scale of zero"));
  EXPECT_THAT(refusal_of_lines("a: 80000000\n"), HasSubstr("got a scale of zero"));
  EXPECT_THAT(refusal_of_lines("a: 7f800000\n"), HasSubstr("not finite"));
  EXPECT_THAT(refusal_of_lines("a: 7fc00000\n"), HasSubstr("not finite"));
}

TEST(CalibrationCache, DamagedLinesAreNamed) {
  EXPECT_THAT(refusal_of_lines("a: 3c010204\nb\n"),
              HasSubstr("line 3: got 'b', expected NAME: HEX"));
  EXPECT_THAT(refusal_of_lines("a:3c010204\n"), HasSubstr("expected NAME: HEX"));
  EXPECT_THAT(refusal_of_lines(": 3c010204\n"), HasSubstr("expected NAME: HEX"));
  EXPECT_THAT(refusal_of_lines("a: 0x3c0102\n"), HasSubstr("up to 8 hexadecimal digits"));
  EXPECT_THAT(refusal_of_lines("a: 3c0102040\n"), HasSubstr("up to 8 hexadecimal digits"));
  EXPECT_THAT(refusal_of_lines("a: \n"), HasSubstr("up to 8 hexadecimal digits"));
  EXPECT_THAT(refusal_of_lines("a: 3c010204\na: 3c010204\n"),
              HasSubstr("line 3: tensor 'a' stands there twice"));
  EXPECT_THAT(refusal_of_lines("a\x1b[2J: 3c010204\n"),
              HasSubstr("line 2: tensor 'a?[2J': expected a name without control characters"));
  EXPECT_THAT(refusal_of_lines(""), HasSubstr("names no tensor"));
}

TEST(CalibrationCache, FileThatWasCutOffIsNeverReadAsWhole) {
  const Graph graph = network();
  const ScaleTable table = table_of(graph, 3);
  const std::string text = to_calibration_cache(table, graph, {8, 6, 11});
  const auto whole = scales_of(table);
  for (std::size_t length = 0; length < text.size(); ++length) {
    const std::string part = text.substr(0, length);
    if (!refusal(part).empty()) {
      continue;  // refused
    }
    // What is read is right, and what is missing is missed.
    for (const auto& [name, scale] : parse_calibration_cache(part).scales) {
      EXPECT_EQ(whole.at(name), scale) << length;
    }
  }
}

TEST(CalibrationCache, TableOfAnotherGraphIsRefused) {
  const Graph graph = network();
  ScaleTable table = table_of(graph, 0);
  table.tensors.erase("f: 2");
  EXPECT_THROW(static_cast<void>(to_calibration_cache(table, graph, {8, 6, 11})), Error);
}

TEST(CalibrationCache, NameWithAControlCharacterIsRefused) {
  const Graph graph = parse_text(R"(graph "g" {
    input %"a\nb": f32[1]
    %y: f32[1] = Relu(%"a\nb")
    output %y
  })");
  ScaleTable table;
  table.tensors = {
      {"a\nb", {.scale = 1, .amax = 127, .absmax = 1, .source = {}, .rule = {}, .histogram = {}}},
      {"y", {.scale = 1, .amax = 127, .absmax = 1, .source = {}, .rule = {}, .histogram = {}}}};
  EXPECT_THROW(static_cast<void>(to_calibration_cache(table, graph, {8, 6, 11})), Error);
}

}  // namespace
}  // namespace mtmi::quant
