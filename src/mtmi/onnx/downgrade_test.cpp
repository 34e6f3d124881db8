#include "mtmi/onnx/downgrade.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"
#include "mtmi/graph/text.h"

namespace mtmi::onnx {
namespace {

using testing::HasSubstr;

constexpr const char* kInputs = R"(
  input %x: f32[2,4,6,8]
  input %s: f32[4]
  const %c: f32[4] = [1, 2, 3, 4]
)";

/// The graph with `body` and output %y in the form of `opset`.
Graph downgraded(std::int64_t opset, const std::string& body) {
  Graph graph = parse_text("graph \"g\" {" + (kInputs + body) + " output %y }");
  downgrade(graph, opset);
  EXPECT_EQ(find_defect(graph), std::nullopt);
  return graph;
}

/// Its nodes, one a line.
std::string nodes(std::int64_t opset, const std::string& body) {
  const Graph graph = downgraded(opset, body);
  std::string text;
  for (const NodeId id : graph.order()) {
    text += to_text(graph, id, {.types = false, .node_names = false}) + "\n";
  }
  return text;
}

/// Its operators, separated by blanks.
std::string operators(std::int64_t opset, const std::string& body) {
  const Graph graph = downgraded(opset, body);
  std::string text;
  for (const NodeId id : graph.order()) {
    text += (text.empty() ? "" : " ") + graph.node(id).op;
  }
  return text;
}

std::string refusal(std::int64_t opset, const std::string& body) {
  try {
    downgraded(opset, body);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Downgrade, ReductionsTakeTheirAxesAsAttribute) {
  const std::string body = "const %a: s64[2] = [2, 3] %y = ReduceMean(%x, %a) {keepdims = 0}";
  EXPECT_EQ(nodes(18, body), "%y = ReduceMean(%x, %a) {keepdims = 0}\n");
  EXPECT_EQ(nodes(17, body), "%y = ReduceMean(%x) {axes = [2, 3], keepdims = 0}\n");
  EXPECT_EQ(nodes(17, "%y = ReduceMax(%x) {noop_with_empty_axes = 1}"), "%y = Identity(%x)\n");
  EXPECT_THAT(refusal(17, "%a = Cast(%s) {to = 7} %y = ReduceMean(%x, %a)"),
              HasSubstr("axes that are not constant cannot be written before opset 18"));
}

TEST(Downgrade, UnevenSplitsGetTheirSizes) {
  EXPECT_EQ(nodes(17, "%y, %z = Split(%x) {axis = 1, num_outputs = 2}"),
            "%y, %z = Split(%x) {axis = 1}\n");
  const Graph graph = downgraded(17, "%y, %z, %w = Split(%x) {axis = -1, num_outputs = 3}");
  EXPECT_THAT(to_text(graph), HasSubstr("const %y/split: s64[3] = [3, 3, 2]"));
}

TEST(Downgrade, PadsOfSomeAxesBecomePadsOfAll) {
  const std::string body =
      "const %p: s64[4] = [1, 2, 3, 4] const %a: s64[2] = [-1, 2] %y = Pad(%x, %p, _, %a)";
  const Graph graph = downgraded(17, body);
  EXPECT_THAT(to_text(graph), HasSubstr("const %y/pads: s64[8] = [0, 0, 2, 1, 0, 0, 4, 3]"));
  EXPECT_EQ(nodes(18, body), "%y = Pad(%x, %p, _, %a)\n");
  EXPECT_THAT(refusal(18, "const %p: s64[8] = splat(1) %y = Pad(%x, %p) {mode = \"wrap\"}"),
              HasSubstr("mode wrap cannot be written before opset 19"));
}

TEST(Downgrade, ResizesOfSomeAxesBecomeResizesOfAll) {
  const Graph sizes =
      downgraded(17, "const %n: s64[2] = [12, 16] %y = Resize(%x, _, _, %n) {axes = [2, 3]}");
  EXPECT_THAT(to_text(sizes), HasSubstr("const %y/sizes: s64[4] = [2, 4, 12, 16]"));
  const Graph scales =
      downgraded(17, "const %f: f32[2] = [2.0, 3.0] %y = Resize(%x, _, %f) {axes = [3, 2]}");
  EXPECT_THAT(to_text(scales), HasSubstr("const %y/scales: f32[4] = [1, 1, 3, 2]"));
  EXPECT_THAT(refusal(17, "%y = Resize(%x, _, %s) {antialias = 1}"),
              HasSubstr("antialias 1 cannot be written before opset 18"));
}

TEST(Downgrade, PartsOfAShapeAreSliced) {
  EXPECT_EQ(operators(14, "%y = Shape(%x) {start = 1}"), "Shape Slice");
  EXPECT_EQ(operators(15, "%y = Shape(%x) {start = 1}"), "Shape");
}

TEST(Downgrade, WhatIsLeftAtItsDefaultGoes) {
  EXPECT_EQ(nodes(17, "%y = AveragePool(%x) {dilations = [1, 1], kernel_shape = [2, 2]}"),
            "%y = AveragePool(%x) {kernel_shape = [2, 2]}\n");
  EXPECT_EQ(nodes(17, "%y = Cast(%x) {saturate = 1, to = 10}"), "%y = Cast(%x) {to = 10}\n");
  EXPECT_EQ(nodes(19, "%y = GridSample(%x, %x)"),
            "%y = GridSample(%x, %x) {mode = \"bilinear\"}\n");
  EXPECT_THAT(refusal(17, "%y = AveragePool(%x) {dilations = [2, 2], kernel_shape = [2, 2]}"),
              HasSubstr("node #0 (AveragePool): dilations of an average cannot be written before"));
  EXPECT_THAT(refusal(15, "%y = GridSample(%x, %x)"),
              HasSubstr("opset 15 has no such operator; opset 16 has"));
}

TEST(Downgrade, OperatorsThatTheOpsetLacksAreWrittenOut) {
  EXPECT_EQ(operators(16, "%y = LayerNormalization(%x, %c, %c)"),
            "ReduceMean Sub Pow ReduceMean Add Sqrt Div Mul Add");
  EXPECT_EQ(operators(16, "%y = LayerNormalization(%x, %c) {axis = 2}"),
            "ReduceMean Sub Pow ReduceMean Add Sqrt Div Mul");
  EXPECT_EQ(operators(17, "%y = LayerNormalization(%x, %c, %c)"), "LayerNormalization");
  EXPECT_EQ(operators(19, "%y = Gelu(%x)"), "Div Erf Add Mul Mul");
  EXPECT_EQ(operators(19, "%y = Gelu(%x) {approximate = \"tanh\"}"),
            "Pow Mul Add Mul Tanh Add Mul Mul");
  EXPECT_EQ(operators(20, "%y = Gelu(%x)"), "Gelu");
  EXPECT_EQ(operators(17, "%y = Mish(%x)"), "Softplus Tanh Mul");
  EXPECT_EQ(operators(13, "%y = HardSwish(%x)"), "HardSigmoid Mul");
  EXPECT_EQ(operators(20, "%y = GroupNormalization(%x, %c, %c) {num_groups = 2}"),
            "Reshape InstanceNormalization Reshape Reshape Reshape Mul Add");
}

constexpr const char* kKeys = R"(
  input %k: f32[2,4,5,8]
  input %v: f32[2,4,5,3]
)";

TEST(Downgrade, AttentionIsAlwaysWrittenOut) {
  EXPECT_EQ(nodes(21, std::string(kKeys) + "%y = Attention(%x, %k, %v) {scale = 0.5}"),
            "%y/k_transposed = Transpose(%k) {perm = [0, 1, 3, 2]}\n"
            "%y/scores = MatMul(%x, %y/k_transposed)\n"
            "%y/scaled_scores = Mul(%y/scores, %y/scale)\n"
            "%y/weights = Softmax(%y/scaled_scores) {axis = -1}\n"
            "%y = MatMul(%y/weights, %v)\n");
}

TEST(Downgrade, TwoTranspositionsOfTheKeysAreOne) {
  EXPECT_EQ(nodes(21,
                  "input %k: f32[2,5,4,8] input %v: f32[2,4,5,3] "
                  "%t = Transpose(%k) {perm = [0, 2, 1, 3]} %y = Attention(%x, %t, %v)"),
            "%y/k_transposed = Transpose(%k) {perm = [0, 2, 3, 1]}\n"
            "%y/scores = MatMul(%x, %y/k_transposed)\n"
            "%y/weights = Softmax(%y/scores) {axis = -1}\n"
            "%y = MatMul(%y/weights, %v)\n");
  EXPECT_EQ(operators(21,
                      "input %k: f32[2,4,8,5] input %v: f32[2,4,5,3] "
                      "%t = Transpose(%k) {perm = [0, 1, 3, 2]} %y = Attention(%x, %t, %v)"),
            "MatMul Softmax MatMul");
}

}  // namespace
}  // namespace mtmi::onnx
