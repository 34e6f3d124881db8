#include "mtmi/quant/qdq_writer.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random_tensor.h"
#include "mtmi/dla/int8_reference.h"
#include "mtmi/graph/text.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/ops/operator.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/quant/alignment.h"
#include "mtmi/quant/calibration_cache.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/qdq_reader.h"
#include "mtmi/split/split.h"
#include "mtmi/zoo/mtmi_b0.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

Graph graph_of(const std::string& body) {
  Graph graph = parse_text(
      "graph \"g\" {\n input %x: f32[1,4,8,8]\n"
      "const %w: f32[4,4,3,3] = random(1, -0.3, 0.3)\n"
      "const %b: f32[4] = random(2)\n" +
      body + "\n}");
  ops::infer_types(graph);
  return graph;
}

/// absmax / 127 of every tensor over seeded random input: a table as calibration makes it.
ScaleTable table_of(const Graph& graph, std::uint64_t seed = 1) {
  TensorMap inputs;
  ScaleTable table{
      .graph_hash = graph_hash(graph), .method = Method::MinMax, .images = 1, .tensors = {}};
  const auto look = [&table](const std::string& name, const Tensor& tensor) {
    if (tensor.dtype() != DType::Float32) {
      return;
    }
    float amax = 0;
    for (const float v : tensor.data<float>()) {
      amax = std::max(amax, std::abs(v));
    }
    amax = amax == 0 ? 1 : amax;
    table.tensors[name] = {.scale = scale_of(amax),
                           .amax = amax,
                           .absmax = amax,
                           .source = ScaleSource::Calibrated,
                           .rule = {},
                           .histogram = {}};
  };
  for (const ValueId id : graph.inputs()) {
    const TensorType type = graph.type(id);
    inputs.emplace(graph.value(id).name, random_tensor(type.dtype, type.shape, seed++));
    look(graph.value(id).name, inputs.at(graph.value(id).name));
  }
  static_cast<void>(interpret(graph, inputs, look));
  return table;
}

/// The tensors in front of pairs, without those of weights.
std::vector<std::string> quantized(const Graph& graph) {
  std::vector<std::string> names;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    if (node.op == "QuantizeLinear" && !graph.is_constant(node.inputs[0])) {
      names.push_back(graph.value(node.inputs[0]).name);
    }
  }
  return names;
}

std::vector<std::string> quantized_of(const std::string& body) {
  const Graph graph = graph_of(body);
  return quantized(insert_qdq(graph, scales_of(table_of(graph))));
}

/// The heads of the reference network as a DLA would run them.
std::vector<Graph> heads() {
  zoo::MtmiB0Options options;
  options.height = 64;
  options.width = 96;
  std::vector<Graph> graphs;
  for (split::Head& head :
       split::split_graph(passes::simplify(zoo::make_mtmi_b0(options)).graph, {}).heads) {
    graphs.push_back(std::move(head.graph));
  }
  return graphs;
}

TensorMap random_inputs(const Graph& graph) {
  TensorMap inputs;
  std::uint64_t seed = 1;
  for (const ValueId id : graph.inputs()) {
    inputs.emplace(graph.value(id).name,
                   random_tensor(DType::Float32, graph.type(id).shape, seed++));
  }
  return inputs;
}

TEST(QdqWriter, EveryScaleIsThatOfTheTableTheCacheAndTheJson) {
  for (const Graph& head : heads()) {
    const ScaleTable table = table_of(head);
    const ScaleTable json = parse_scales_json(to_json(table));
    const CalibrationCache cache =
        parse_calibration_cache(to_calibration_cache(table, head, {8, 6, 11}));
    const std::string file = onnx::serialize_model(insert_qdq(head, scales_of(table)));
    const auto scales = read_qdq_scales(onnx::parse_model(std::as_bytes(std::span(file))).graph);
    EXPECT_GT(scales.size(), 10U);
    for (const auto& [name, scale] : scales) {
      const auto bits = std::bit_cast<std::uint32_t>(scale);
      EXPECT_EQ(std::bit_cast<std::uint32_t>(table.tensors.at(name).scale), bits) << name;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(json.tensors.at(name).scale), bits) << name;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(cache.scales.at(name)), bits) << name;
    }
  }
}

TEST(QdqWriter, TheGraphBesideItKeepsItsHashThroughItsFile) {
  for (const Graph& head : heads()) {
    const std::string file = onnx::serialize_model(head);
    EXPECT_EQ(graph_hash(onnx::parse_model(std::as_bytes(std::span(file))).graph),
              graph_hash(head));
  }
}

TEST(QdqWriter, NoneStandsBetweenTheNodesOfALayer) {
  EXPECT_THAT(
      quantized_of("%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n %y = Relu(%c)\n output %y"),
      ElementsAre("x", "y/float"));
  EXPECT_THAT(quantized_of("%a = Relu(%x)\n %s = Add(%x, %a)\n %y = Relu(%s)\n output %y"),
              ElementsAre("x", "a", "y/float"));
}

TEST(QdqWriter, NoneStandsWhereALayerLeavesAsHalves) {
  EXPECT_THAT(
      quantized_of("%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n %y = Sigmoid(%c)\n output %y"),
      ElementsAre("x"));
  // What comes of the sigmoid does, where integers are multiplied with it.
  EXPECT_THAT(quantized_of("%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n %s = Sigmoid(%c)\n"
                           "%y = Mul(%s, %x)\n output %y"),
              ElementsAre("x", "s", "y/float"));
}

TEST(QdqWriter, LayersWithoutAnIntegerFormStayInFloat) {
  EXPECT_THAT(quantized_of("%e = Exp(%x)\n %y = Sqrt(%e)\n output %y"), IsEmpty());
}

/// Names of the nodes that read the weights as they were.
std::vector<std::string> float_convolutions(const Graph& qdq) {
  std::vector<std::string> names;
  for (const NodeId id : qdq.users(*qdq.find_value("w"))) {
    names.push_back(qdq.node(id).name);
  }
  return names;
}

TEST(QdqWriter, TensorWithoutAScaleKeepsItsLayersInFloat) {
  const Graph graph = graph_of(
      "%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]} \"one\"\n"
      "%d = Conv(%c, %w, %b) {pads = [1, 1, 1, 1]} \"two\"\n"
      "%y = Conv(%d, %w, %b) {pads = [1, 1, 1, 1]} \"three\"\n output %y");
  auto scales = scales_of(table_of(graph));
  scales.erase("c");
  const Graph qdq = insert_qdq(graph, scales);
  EXPECT_THAT(quantized(qdq), ElementsAre("d", "y/float"));
  EXPECT_THAT(float_convolutions(qdq), UnorderedElementsAre("one", "two"));
}

TEST(QdqWriter, TensorsOfOtherTypesStayAsTheyAre) {
  const Graph graph = graph_of("%h = Cast(%x) {to = 10}\n %y = Relu(%h)\n output %y");
  EXPECT_THAT(quantized(insert_qdq(graph, {{"x", 1}, {"h", 1}, {"y", 1}, {"z", 1}})), IsEmpty());
}

TEST(QdqWriter, ResultWithoutAScaleLeavesInFloat) {
  const Graph graph = graph_of(
      "%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]} \"one\"\n"
      "%y = Conv(%c, %w, %b) {pads = [1, 1, 1, 1]} \"two\"\n output %y");
  auto scales = scales_of(table_of(graph));
  scales.erase("y");
  const Graph qdq = insert_qdq(graph, scales);
  EXPECT_THAT(quantized(qdq), ElementsAre("x", "c"));
  EXPECT_THAT(float_convolutions(qdq), IsEmpty());
}

TEST(QdqWriter, EveryLayerHasWeightsOfItsOwnInput) {
  const Graph graph = graph_of(
      "%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n"
      "%y = Conv(%c, %w, %b) {pads = [1, 1, 1, 1]}\n output %y");
  const Graph qdq = insert_qdq(graph, scales_of(table_of(graph)));
  std::set<ValueId> biases;
  for (const NodeId id : qdq.order()) {
    if (qdq.node(id).op == "Conv") {
      biases.insert(qdq.node(id).inputs[2]);
      EXPECT_TRUE(qdq.is_constant(qdq.node(id).inputs[2]));
      EXPECT_EQ(qdq.node(*qdq.producer(qdq.node(id).inputs[1])).op, "DequantizeLinear");
    }
  }
  EXPECT_EQ(biases.size(), 2U);
}

TEST(QdqWriter, QuantisingTheWeightsChangesNothing) {
  const Graph graph = graph_of("%y = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n output %y");
  const Graph qdq = insert_qdq(graph, scales_of(table_of(graph)));
  for (const NodeId id : qdq.order()) {
    const Node& node = qdq.node(id);
    if (node.op != "Conv") {
      continue;
    }
    const ValueId integers = qdq.node(*qdq.producer(node.inputs[1])).inputs[0];
    const ValueId weights = qdq.node(*qdq.producer(integers)).inputs[0];
    Tensor seen;
    const auto look = [&](const std::string& name, const Tensor& tensor) {
      if (name == qdq.value(node.inputs[1]).name) {
        seen = tensor;
      }
    };
    const TensorMap inputs{{"x", random_tensor(DType::Float32, Shape{1, 4, 8, 8}, 1)}};
    static_cast<void>(interpret(qdq, inputs, look));
    EXPECT_TRUE(bitwise_equal(seen, *qdq.value(weights).constant));
  }
}

TEST(QdqWriter, ConstantsToChooseFromLieOnTheGrid) {
  const Graph graph = graph_of(
      "const %three: f32[1,4,1,1] = splat(3)\n"
      "%y = Max(%x, %three)\n output %y");
  const Graph qdq = insert_qdq(graph, {{"x", 0.7F}, {"y", 0.9F}});
  for (const NodeId id : qdq.order()) {
    if (qdq.node(id).op == "Max") {
      EXPECT_EQ(qdq.value(qdq.node(id).inputs[1]).constant->data<float>()[0], 4 * 0.7F);
    }
  }
}

TEST(QdqWriter, NamesOfInputsOutputsAndIntermediatesStay) {
  const Graph graph = graph_of(
      "%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n %r = Relu(%c)\n"
      "%y = MaxPool(%r) {kernel_shape = [2, 2]}\n output %y\n output %r");
  const Graph qdq = insert_qdq(graph, scales_of(table_of(graph)));
  EXPECT_EQ(find_defect(qdq), std::nullopt);
  EXPECT_EQ(qdq.value(qdq.inputs()[0]).name, "x");
  EXPECT_EQ(qdq.value(qdq.outputs()[0]).name, "y");
  EXPECT_EQ(qdq.value(qdq.outputs()[1]).name, "r");
  EXPECT_TRUE(qdq.find_value("c"));
}

TEST(QdqWriter, HeadsComputeNearlyWhatTheyDidInFloat) {
  for (const Graph& head : heads()) {
    const Graph qdq = insert_qdq(head, scales_of(table_of(head)));
    const TensorMap inputs = random_inputs(head);
    const TensorMap before = interpret(head, inputs);
    const TensorMap after = interpret(qdq, inputs);
    for (const auto& [name, tensor] : before) {
      double signal = 0;
      double noise = 0;
      const auto a = tensor.data<float>();
      const auto b = after.at(name).data<float>();
      for (std::size_t i = 0; i < a.size(); ++i) {
        signal += double{a[i]} * double{a[i]};
        noise += (double{a[i]} - double{b[i]}) * (double{a[i]} - double{b[i]});
      }
      EXPECT_GT(10 * std::log10(signal / noise), 25) << name;
      EXPECT_GT(noise, 0) << name;
    }
  }
}

/// How many results of a Q/DQ model's layers differ from `defined`, and by how much, when every
/// layer is fed the integers of `defined`.
struct Apart {
  std::int64_t values = 0;
  std::int64_t different = 0;
  int largest = 0;
};

Apart apart_layer_by_layer(const Graph& qdq, const TensorMap& inputs, const TensorMap& defined) {
  std::unordered_map<ValueId, Tensor> made;
  const auto value_of = [&](ValueId id) -> const Tensor* {
    const auto& constant = qdq.value(id).constant;
    return constant ? &*constant : &made.at(id);
  };
  for (const ValueId id : qdq.inputs()) {
    made[id] = inputs.at(qdq.value(id).name);
  }
  Apart apart;
  for (const NodeId id : qdq.order()) {
    std::vector<const Tensor*> read;
    for (const ValueId input : qdq.node(id).inputs) {
      read.push_back(input == kNoValue ? nullptr : value_of(input));
    }
    const ValueId output = qdq.node(id).outputs[0];
    made[output] = evaluate(qdq, id, read)[0];
    const std::string& name = qdq.value(output).name;
    const auto found = defined.find(name.substr(0, name.rfind("/quantize")));
    if (qdq.node(id).op != "QuantizeLinear" || found == defined.end()) {
      continue;  // weights among them
    }
    const auto ours = made[output].data<std::int8_t>();
    const auto theirs = found->second.data<std::int8_t>();
    for (std::size_t i = 0; i < ours.size(); ++i) {
      apart.different += ours[i] != theirs[i] ? 1 : 0;
      apart.largest = std::max(apart.largest, std::abs(ours[i] - theirs[i]));
    }
    apart.values += made[output].num_elements();
    made[output] = found->second;
  }
  return apart;
}

void expect_integers_of_the_definition(const Graph& graph) {
  const std::map<std::string, float> scales =
      scales_of(align(table_of(graph), graph, AlignMode::Required).table);
  const TensorMap inputs = random_inputs(graph);
  const Apart apart =
      apart_layer_by_layer(insert_qdq(graph, scales),
                           inputs,
                           dla::evaluate_int8(graph, inputs, scales, dla::Rounding::HalfEven));
  EXPECT_GT(apart.values, 2000);
  // Near ties, which float32 arithmetic may miss by a rounding.
  EXPECT_LE(apart.largest, 1);
  EXPECT_LE(apart.different, apart.values / 500);
}

TEST(QdqWriter, HeadsComputeTheIntegersOfTheirDefinition) {
  for (const Graph& head : heads()) {
    expect_integers_of_the_definition(head);
  }
}

TEST(QdqWriter, LayersOfEveryKindComputeTheIntegersOfTheirDefinition) {
  expect_integers_of_the_definition(graph_of(R"(
    const %u: f32[4,6,2,2] = random(3)
    const %v: f32[6,1,3,3] = random(4)
    const %three: f32[1,6,1,1] = splat(3)
    const %sixth: f32[] = [0.16666667]
    const %zero: f32[] = [0]
    const %six: f32[] = [6]
    const %scales: f32[4] = [1, 1, 2, 2]
    %c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}
    %l = LeakyRelu(%c) {alpha = 0.1}
    %t = ConvTranspose(%l, %u) {strides = [2, 2]}
    %d = Conv(%t, %v) {pads = [1, 1, 1, 1], group = 6}
    %e = Add(%d, %three)
    %f = Clip(%e, %zero, %six)
    %g = Mul(%d, %f)
    %h = Mul(%sixth, %g)
    %i = MaxPool(%h) {kernel_shape = [2, 2], strides = [2, 2]}
    %k = Resize(%i, _, %scales) {mode = "linear"}
    %j = Sub(%three, %h)
    %m = Sub(%k, %j)
    %n = Max(%m, %sixth)
    %o = Concat(%n, %k) {axis = 1}
    %y = Transpose(%o) {perm = [0, 1, 3, 2]}
    output %y)"));
}

TEST(QdqWriter, CanBeWrittenFromOpset13On) {
  const Graph graph =
      graph_of("%c = Conv(%x, %w, %b) {pads = [1, 1, 1, 1]}\n %y = Relu(%c)\n output %y");
  const Graph qdq = insert_qdq(graph, scales_of(table_of(graph)));
  for (const std::int64_t opset : {13, 17, 19, 21}) {
    onnx::WriteOptions options;
    options.opset = opset;
    const std::string file = onnx::serialize_model(qdq, options);
    Graph read = onnx::parse_model(std::as_bytes(std::span(file))).graph;
    ops::infer_types(read);
    EXPECT_EQ(graph_hash(read), graph_hash(qdq)) << opset;
  }
}

}  // namespace
}  // namespace mtmi::quant
