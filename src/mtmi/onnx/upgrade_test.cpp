#include "mtmi/onnx/upgrade.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/operator_history.h"

namespace mtmi::onnx {
namespace {

using testing::HasSubstr;

/// A graph of float32 inputs %x [2,3,4] and %s [2] with `body`, output %y, brought up from `opset`:
/// its nodes, one a line, without types and node names.
std::string upgraded(std::int64_t opset, const std::string& body) {
  Graph graph = parse_text(R"(graph "g" {
    input %x: f32[2,3,4]
    input %s: f32[2]
  )" + body + " output %y }");
  upgrade(graph, opset);
  EXPECT_EQ(find_defect(graph), std::nullopt);
  std::string text;
  for (const NodeId id : graph.order()) {
    text += to_text(graph, id, {.types = false, .node_names = false}) + "\n";
  }
  return text;
}

/// The constant `name` of the upgraded graph, as text.
std::string constant(std::int64_t opset, const std::string& body, const std::string& name) {
  Graph graph = parse_text("graph \"g\" { input %x: f16[2,3,4] " + body + " output %y }");
  upgrade(graph, opset);
  const std::string text = to_text(graph);
  const auto begin = text.find("const %" + name + ":");
  return begin == std::string::npos ? text : text.substr(begin, text.find('\n', begin) - begin);
}

std::string refusal(std::int64_t opset, const std::string& body) {
  try {
    upgraded(opset, body);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Upgrade, AxesBecomeAnInput) {
  EXPECT_EQ(upgraded(12, "%y = Squeeze(%x) {axes = [0]}"), "%y = Squeeze(%x, %y/axes)\n");
  EXPECT_EQ(constant(12, "%y = Unsqueeze(%x) {axes = [0, -1]}", "y/axes"),
            "const %y/axes: s64[2] = [0, -1]");
  EXPECT_EQ(upgraded(12, "%y = ReduceSum(%x) {axes = [0], keepdims = 0}"),
            "%y = ReduceSum(%x, %y/axes) {keepdims = 0}\n");
  EXPECT_EQ(upgraded(13, "%y = ReduceMean(%x) {axes = [0]}"), "%y = ReduceMean(%x, %y/axes)\n");
  EXPECT_EQ(upgraded(17, "%y = ReduceL2(%x)"), "%y = ReduceL2(%x)\n");
}

TEST(Upgrade, AnAttributeThatIsAnInputByThenIsRefused) {
  EXPECT_THAT(refusal(13, "%y = Squeeze(%x) {axes = [0]}"),
              HasSubstr("(Squeeze): got attribute 'axes', which the operator has not"));
  EXPECT_THAT(refusal(18, "%y = ReduceMax(%x) {axes = [0]}"), HasSubstr("got attribute 'axes'"));
  EXPECT_THAT(refusal(12, "%y = Squeeze(%x, %s) {axes = [0]}"),
              HasSubstr("got 2 inputs, expected at most 1 in this opset"));
}

TEST(Upgrade, SliceTakesItsBoundsAsInputs) {
  EXPECT_EQ(upgraded(9, "%y = Slice(%x) {starts = [0], ends = [1], axes = [2]}"),
            "%y = Slice(%x, %y/starts, %y/ends, %y/axes)\n");
}

TEST(Upgrade, SplitSaysItsSizesOrTheirCount) {
  EXPECT_EQ(upgraded(11, "%y, %z = Split(%x) {axis = 2, split = [1, 3]}"),
            "%y, %z = Split(%x, %y/split) {axis = 2}\n");
  EXPECT_EQ(upgraded(13, "%y, %z = Split(%x) {axis = 2}"),
            "%y, %z = Split(%x) {axis = 2, num_outputs = 2}\n");
  EXPECT_EQ(upgraded(18, "%y, %z = Split(%x) {num_outputs = 2}"),
            "%y, %z = Split(%x) {num_outputs = 2}\n");
}

TEST(Upgrade, TopKTakesKAsInput) {
  EXPECT_EQ(upgraded(9, "%y, %i = TopK(%x) {k = 2}"), "%y, %i = TopK(%x, %y/k)\n");
}

TEST(Upgrade, BoundsAndPaddingGetTheTypeOfTheData) {
  EXPECT_EQ(upgraded(10, "%y = Clip(%x) {max = 6.0}"), "%y = Clip(%x, _, %y/max)\n");
  EXPECT_EQ(constant(10, "%y = Clip(%x) {max = 6.0}", "y/max"), "const %y/max: f16[] = [6]");
  EXPECT_EQ(constant(10, "%a = Relu(%x) %y = Clip(%a) {min = 0.0}", "y/min"),
            "const %y/min: f16[] = [0]");
  EXPECT_EQ(constant(9, "%a = Cast(%x) {to = 1} %y = Clip(%a) {min = 0.5}", "y/min"),
            "const %y/min: f32[] = [0.5]");
  EXPECT_EQ(constant(10, "%a = Softmax(%x) %y = Clip(%a) {min = 0.5}", "y/min"),
            "const %y/min: f16[] = [0.5]");
  EXPECT_EQ(upgraded(10, "%y = Pad(%x) {pads = [0, 0, 1, 0, 0, 1], value = 0.0}"),
            "%y = Pad(%x, %y/pads)\n");
  EXPECT_EQ(constant(10, "%y = Pad(%x) {pads = [0, 0, 1, 0, 0, 1], value = 2.0}", "y/value"),
            "const %y/value: f16[] = [2]");
}

TEST(Upgrade, DropoutOfInferenceKeepsNoRatioAndNoMask) {
  EXPECT_EQ(upgraded(9, "%y, %mask = Dropout(%x) {ratio = 0.25}"), "%y = Dropout(%x)\n");
  EXPECT_THAT(refusal(9, "%z, %mask = Dropout(%x) %y = Not(%mask)"),
              HasSubstr("its output 1 (mask) is read"));
}

TEST(Upgrade, SoftmaxOfTwoDimensionsIsFlattened) {
  EXPECT_EQ(upgraded(12, "%y = Softmax(%x) {axis = -1}"), "%y = Softmax(%x) {axis = -1}\n");
  EXPECT_EQ(upgraded(12, "%y = Softmax(%x) {axis = 2}"), "%y = Softmax(%x) {axis = -1}\n");
  EXPECT_EQ(upgraded(12, "%y = LogSoftmax(%x)"),
            "%y/shape = Shape(%x)\n"
            "%y/flat = Flatten(%x) {axis = 1}\n"
            "%y/flat_result = LogSoftmax(%y/flat) {axis = -1}\n"
            "%y = Reshape(%y/flat_result, %y/shape)\n");
  EXPECT_EQ(upgraded(13, "%y = Softmax(%x)"), "%y = Softmax(%x)\n");
}

TEST(Upgrade, ALeftOutInputIsLeftToInference) {
  EXPECT_EQ(upgraded(12, "%y = Softmax(_) {axis = -1}"), "%y = Softmax(_) {axis = -1}\n");
  EXPECT_THAT(upgraded(12, "%y = Softmax(_)"), HasSubstr("Flatten(_)"));
}

TEST(Upgrade, BatchNormalizationOfTrainingIsRefused) {
  EXPECT_EQ(upgraded(9, "%y, %mean, %var = BatchNormalization(%x, %s, %s, %s, %s)"),
            "%y = BatchNormalization(%x, %s, %s, %s, %s)\n");
  EXPECT_THAT(refusal(9, "%z, %mean = BatchNormalization(%x, %s, %s, %s, %s) %y = Add(%z, %mean)"),
              HasSubstr("output 1 (a statistic of training) is read"));
}

TEST(Upgrade, GroupNormalizationGetsAScalePerChannel) {
  const std::string text = upgraded(18, "%y = GroupNormalization(%x, %s, %s) {num_groups = 2}");
  EXPECT_THAT(text, HasSubstr("%y/channels = Shape(%x) {end = 2, start = 1}"));
  EXPECT_THAT(text, HasSubstr("%y = GroupNormalization(%x, %y/scale, %y/bias) {num_groups = 2}"));
  EXPECT_EQ(upgraded(21, "%y = GroupNormalization(%x, %s, %s) {num_groups = 2}"),
            "%y = GroupNormalization(%x, %s, %s) {num_groups = 2}\n");
}

TEST(Upgrade, GridSampleModesAreRenamed) {
  EXPECT_EQ(upgraded(16, "%y = GridSample(%x, %s)"),
            "%y = GridSample(%x, %s) {mode = \"linear\"}\n");
  EXPECT_THAT(upgraded(16, "%y = GridSample(%x, %s) {mode = \"bicubic\"}"), HasSubstr("\"cubic\""));
}

TEST(Upgrade, UpsampleBecomesAResize) {
  EXPECT_EQ(upgraded(9, "%y = Upsample(%x, %s)"),
            "%y = Resize(%x, _, %s) {coordinate_transformation_mode = \"asymmetric\", mode = "
            "\"nearest\", nearest_mode = \"floor\"}\n");
  EXPECT_EQ(upgraded(10, "%y = Resize(%x, %s) {mode = \"linear\"}"),
            "%y = Resize(%x, _, %s) {coordinate_transformation_mode = \"asymmetric\", mode = "
            "\"linear\"}\n");
}

TEST(Upgrade, ResizeLeavesOutWhatIsEmpty) {
  EXPECT_EQ(upgraded(11, "const %none: f32[0] = [] %y = Resize(%x, %none, %s) {mode = \"linear\"}"),
            "%y = Resize(%x, _, %s) {mode = \"linear\"}\n");
  EXPECT_EQ(upgraded(13, "const %none: f32[0] = [] %y = Resize(%x, %none, %none, %s)"),
            "%y = Resize(%x, _, _, %s)\n");
  EXPECT_EQ(upgraded(13, "%y = Resize(%x, %s, %s)"), "%y = Resize(%x, _, %s)\n");
}

TEST(Upgrade, ResizeOfTensorFlowsNearestIsHalfPixelRoundedUp) {
  const std::string mode = "coordinate_transformation_mode = \"tf_half_pixel_for_nn\"";
  EXPECT_EQ(upgraded(11, "%y = Resize(%x, _, %s) {nearest_mode = \"floor\", " + mode + "}"),
            "%y = Resize(%x, _, %s) {coordinate_transformation_mode = \"half_pixel\", "
            "nearest_mode = \"round_prefer_ceil\"}\n");
  EXPECT_THAT(upgraded(11, "%y = Resize(%x, _, %s) {" + mode + "}"),
              HasSubstr("nearest_mode = \"ceil\""));
  EXPECT_THAT(refusal(11, "%y = Resize(%x, _, %s) {mode = \"linear\", " + mode + "}"),
              HasSubstr("tf_half_pixel_for_nn is taken with mode nearest"));
}

TEST(Upgrade, OpsetsAndOperatorsOutsideTheTableAreRefusedByName) {
  EXPECT_EQ(refusal(0, "%y = Relu(%x)"), "got opset 0, expected 1 to 28");
  EXPECT_EQ(refusal(29, "%y = Relu(%x)"), "got opset 29, expected 1 to 28");
  EXPECT_EQ(refusal(17, "%y = Foo(%x) \"n\""),
            "node 'n' (Foo): the operator of opset 17 is not supported; docs/operators.md lists "
            "those that are");
  EXPECT_THAT(refusal(13, "%y = Mish(%x)"),
              HasSubstr("of opset 13 is not supported, that of opset 18 and later is"));
  EXPECT_EQ(upgraded(7, "%y = Sin(%x)"), "%y = Sin(%x)\n");
  EXPECT_THAT(refusal(6, "%y = Add(%x, %s)"), HasSubstr("that of opset 7 and later is"));
  EXPECT_THAT(refusal(10, "%y = Upsample(%x, %s)"), HasSubstr("it went with opset 10"));
  EXPECT_THAT(refusal(17, "%y = Relu(%x) {alpha = 1}"), HasSubstr("got attribute 'alpha'"));
}

TEST(Upgrade, TheTableIsSortedByName) {
  const auto all = operator_histories();
  for (std::size_t i = 1; i < all.size(); ++i) {
    EXPECT_LT(all[i - 1].op, all[i].op);
  }
}

}  // namespace
}  // namespace mtmi::onnx
