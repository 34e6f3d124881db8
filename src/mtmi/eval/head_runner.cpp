#include "mtmi/eval/head_runner.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "mtmi/device/convert.h"
#include "mtmi/quant/qdq_writer.h"

namespace mtmi::eval {
namespace {

/// x brought to a multiple of `scale` towards zero, as the encoder of some pipelines hands it over.
Tensor truncated(const Tensor& feature, float scale) {
  Tensor result(DType::Float32, feature.shape());
  const auto src = feature.data<float>();
  const auto dst = result.data<float>();
  for (std::size_t i = 0; i < src.size(); ++i) {
    dst[i] = scale * std::clamp(std::trunc(src[i] / scale), -128.0F, 127.0F);
  }
  return result;
}

/// The constant behind a QuantizeLinear and a DequantizeLinear; nothing where `id` is no such pair.
std::optional<ValueId> constant_behind_pair(const Graph& graph, ValueId id) {
  for (const char* op : {"DequantizeLinear", "QuantizeLinear"}) {
    const auto producer = graph.producer(id);
    if (!producer || graph.node(*producer).op != op) {
      return std::nullopt;
    }
    id = graph.node(*producer).inputs.front();
  }
  return graph.is_constant(id) ? std::optional(id) : std::nullopt;
}

}  // namespace

TensorMap HeadRunner::run(const TensorMap& values) const {
  TensorMap inputs;
  for (const TensorDesc& desc : head->inputs()) {
    const Tensor& value = values.find(desc.name)->second;
    const auto scale = truncated_inputs.find(desc.name);
    inputs.emplace(desc.name,
                   scale == truncated_inputs.end() ? value : truncated(value, scale->second));
  }
  TensorMap outputs = head->run(inputs);
  for (const TensorDesc& desc : head->outputs()) {
    outputs.insert_or_assign(desc.name, to_real(outputs.at(desc.name), desc.scale));
  }
  if (tail) {
    outputs.merge(tail->run(outputs));
  }
  return outputs;
}

std::map<std::string, float> input_scales(const Graph& graph,
                                          const std::map<std::string, float>& scales) {
  std::map<std::string, float> found;
  for (const ValueId input : graph.inputs()) {
    if (const auto scale = scales.find(graph.value(input).name); scale != scales.end()) {
      found.insert(*scale);
    }
  }
  return found;
}

Graph fake_quantize(const Graph& graph, const std::map<std::string, float>& scales) {
  Graph paired = quant::insert_qdq(graph, scales);
  const std::vector<NodeId> order(paired.order().begin(), paired.order().end());
  for (const NodeId id : order) {
    for (std::size_t i = 0; i < paired.node(id).inputs.size(); ++i) {
      const ValueId input = paired.node(id).inputs[i];
      if (const auto constant =
              input == kNoValue ? std::nullopt : constant_behind_pair(paired, input)) {
        paired.set_input(id, i, *constant);
      }
    }
  }
  paired.remove_dead_nodes();
  return paired;
}

}  // namespace mtmi::eval
