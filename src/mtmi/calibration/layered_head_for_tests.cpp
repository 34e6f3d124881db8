#include "mtmi/calibration/layered_head_for_tests.h"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/device/convert.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/runtime/session.h"

namespace mtmi::calibration {

Graph layered_head() {
  Graph graph = parse_text(R"(graph "head" {
    input %near: f32[1,6,12,16]
    input %far: f32[1,8,6,8]
    const %w1: f32[10,8,3,3] = random(1)
    const %b1: f32[10] = random(2)
    const %w2: f32[8,16,3,3] = random(3)
    const %w3: f32[8,1,3,3] = random(4)
    const %w4: f32[5,8,3,3] = random(5)
    const %scales: f32[4] = [1, 1, 2, 2]
    %conv1: f32[1,10,6,8] = Conv(%far, %w1, %b1) {pads = [1, 1, 1, 1]}
    %relu1: f32[1,10,6,8] = Relu(%conv1)
    %large: f32[1,10,12,16] = Resize(%relu1, _, %scales) {mode = "linear"}
    %both: f32[1,16,12,16] = Concat(%large, %near) {axis = 1}
    %conv2: f32[1,8,12,16] = Conv(%both, %w2) {pads = [1, 1, 1, 1]}
    %relu2: f32[1,8,12,16] = Relu(%conv2)
    %conv3: f32[1,8,12,16] = Conv(%relu2, %w3) {pads = [1, 1, 1, 1], group = 8}
    %out: f32[1,5,6,8] = Conv(%conv3, %w4) {pads = [1, 1, 1, 1], strides = [2, 2]}
    output %out
  })");
  ops::infer_types(graph);
  return graph;
}

std::vector<TensorMap> samples_of(const Graph& head, std::size_t count, std::uint64_t seed) {
  std::vector<TensorMap> samples(count);
  for (TensorMap& sample : samples) {
    for (const ValueId id : head.inputs()) {
      sample.emplace(head.value(id).name,
                     random_tensor(DType::Float32, head.type(id).shape, seed++, 0.0F, 1.0F));
    }
  }
  return samples;
}

std::map<std::string, float> scales_of(const Graph& head, const std::vector<TensorMap>& samples) {
  CompileOptions options;
  for (const NodeId id : head.order()) {
    options.observe.push_back(head.value(head.node(id).outputs[0]).name);
  }
  std::map<std::string, float> scales;
  const auto widen = [&](std::string_view name, const Tensor& tensor) {
    float& scale = scales[std::string(name)];
    for (const float x : tensor.data<float>()) {
      scale = std::max(scale, std::abs(x) / 127.0F);
    }
  };
  const auto cpu = make_cpu_backend();
  Session session(*cpu, head, options);
  session.set_observer(widen);
  for (const TensorMap& sample : samples) {
    for (const auto& [name, tensor] : sample) {
      widen(name, tensor);
    }
    static_cast<void>(session.run(sample));
  }
  scales["large"] = scales["near"] = scales["both"];
  return scales;
}

std::vector<float> outputs_of(const Graph& head,
                              const std::map<std::string, float>& scales,
                              const std::vector<TensorMap>& samples) {
  CompileOptions options;
  options.precision = scales.empty() ? Precision::Float32 : Precision::Int8;
  options.scales = scales;
  options.scales.erase("out");
  const auto cpu = make_cpu_backend();
  Session session(*cpu, head, options);
  std::vector<float> all;
  for (const TensorMap& sample : samples) {
    const Tensor out = to_real(session.run(sample).at("out"), 0.0F);
    all.insert(all.end(), out.data<float>().begin(), out.data<float>().end());
  }
  return all;
}

}  // namespace mtmi::calibration
