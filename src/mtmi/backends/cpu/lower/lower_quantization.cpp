// QuantizeLinear and DequantizeLinear: what stays float32 between them, and constants behind them.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/backends/cpu/lower/operators.h"
#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::cpu {
namespace {

using kernels::Activation;
using kernels::ActivationSpec;

/// The one element of a constant; nothing for what is no constant of one element.
template <class T>
std::optional<T> single(const Graph& graph, ValueId id) {
  const std::optional<Tensor>& tensor = graph.value(id).constant;
  if (!tensor || tensor->dtype() != dtype_of<T> || tensor->num_elements() != 1) {
    return std::nullopt;
  }
  return tensor->data<T>()[0];
}

/// The zero point of a node that quantises to, or from, T; nothing where it is not known.
template <class T>
std::optional<float> zero_point(const Graph& graph, const Node& node) {
  if (node.inputs.size() <= 2 || node.inputs[2] == kNoValue) {
    return 0.0F;
  }
  const std::optional<T> value = single<T>(graph, node.inputs[2]);
  return value ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

/// What a pair does with each element, where that is the same for all; nothing for others.
template <class T>
std::optional<ActivationSpec> spec_of(const Graph& graph, const Node& to, const Node& from) {
  const std::optional<float> scale = single<float>(graph, to.inputs[1]);
  const std::optional<float> zero = zero_point<T>(graph, to);
  if (!scale || !std::isfinite(*scale) || *scale <= 0.0F || !zero ||
      scale != single<float>(graph, from.inputs[1]) || zero != zero_point<T>(graph, from)) {
    return std::nullopt;
  }
  return ActivationSpec{
      .kind = std::is_same_v<T, std::int8_t> ? Activation::ThroughInt8 : Activation::ThroughUInt8,
      .alpha = *scale,
      .beta = *zero};
}

/// A QuantizeLinear and the DequantizeLinear that reads it: one function of each element.
bool lower_dequantize(Rewriter& r) {
  Graph& graph = r.graph();
  const ValueId integers = r.input(0);
  const auto producer = graph.producer(integers);
  if (!producer || graph.node(*producer).op != "QuantizeLinear") {
    return false;
  }
  const Node& to = graph.node(*producer);
  const ValueId x = to.inputs[0];
  if (r.dtype(x) != DType::Float32) {
    return false;
  }
  const auto spec = r.dtype(integers) == DType::Int8 ? spec_of<std::int8_t>(graph, to, r.node())
                                                     : spec_of<std::uint8_t>(graph, to, r.node());
  if (!spec) {
    return false;
  }
  Attributes attributes;
  write_activation(attributes, "first", *spec);
  r.finish(r.emit("cpu.Activation", {x}, {DType::Float32, r.shape(x)}, std::move(attributes)));
  if (graph.users(integers).empty() && !graph.is_output(integers)) {
    graph.erase_node(*producer);
  }
  return true;
}

bool reads_constants_only(const Graph& graph, const Node& node) {
  return std::all_of(node.inputs.begin(), node.inputs.end(), [&](ValueId id) {
    return id == kNoValue || graph.is_constant(id);
  });
}

/// What the pair does that makes `id`; nothing for what no pair makes.
std::optional<ActivationSpec> pair_of(const Graph& graph, ValueId id) {
  const auto producer = graph.producer(id);
  if (!producer || graph.node(*producer).op != "cpu.Activation") {
    return std::nullopt;
  }
  const ActivationSpec spec = read_activation(graph.node(*producer).attributes, "first");
  const bool is_pair =
      spec.kind == Activation::ThroughInt8 || spec.kind == Activation::ThroughUInt8;
  return is_pair ? std::optional(spec) : std::nullopt;
}

}  // namespace

std::span<const NodeLowering> quantization_lowerings() {
  static constexpr std::array kTable{NodeLowering{"DequantizeLinear", lower_dequantize}};
  return kTable;
}

void fold_quantized_constants(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const Node& node = graph.node(id);
    const bool quantizes = node.op == "QuantizeLinear" || node.op == "DequantizeLinear";
    if (!quantizes || !reads_constants_only(graph, node)) {
      continue;
    }
    std::vector<const Tensor*> inputs;
    for (const ValueId input : node.inputs) {
      inputs.push_back(input == kNoValue ? nullptr : &*graph.value(input).constant);
    }
    Tensor result = std::move(evaluate(graph, id, inputs).front());
    const ValueId output = node.outputs[0];
    graph.erase_node(id);
    graph.set_constant(output, std::move(result));
  }
}

void drop_repeated_pairs(Graph& graph) {
  const std::vector<NodeId> order(graph.order().begin(), graph.order().end());
  for (const NodeId id : order) {
    const std::vector<ValueId> outputs = graph.node(id).outputs;
    const std::optional<ActivationSpec> spec =
        graph.node(id).op == "cpu.Activation" ? pair_of(graph, outputs[0]) : std::nullopt;
    const auto source = spec ? graph.producer(graph.node(id).inputs[0]) : std::nullopt;
    if (!source || graph.node(*source).op != "cpu.Concat") {
      continue;
    }
    const std::vector<ValueId>& parts = graph.node(*source).inputs;
    if (std::all_of(parts.begin(), parts.end(), [&](ValueId part) {
          return pair_of(graph, part) == spec;
        })) {
      const ValueId concat = graph.node(id).inputs[0];
      graph.erase_node(id);
      graph.replace_value(outputs[0], concat);
    }
  }
}

}  // namespace mtmi::cpu
