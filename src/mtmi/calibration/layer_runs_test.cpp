#include "mtmi/calibration/layer_runs.h"

#include <memory>
#include <set>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/layered_head_for_tests.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/runtime/session.h"

namespace mtmi::calibration {
namespace {

// Branches that meet again, a gate whose sigmoid is computed in FP16, a tensor that two layers
// read, and an input that both a layer and a sum read.
Graph branching_head() {
  Graph graph = parse_text(R"(graph "head" {
    input %near: f32[1,8,12,16]
    input %far: f32[1,8,6,8]
    const %w1: f32[8,8,3,3] = random(1)
    const %w2: f32[8,8,1,1] = random(2)
    const %w3: f32[8,8,3,3] = random(3)
    const %w4: f32[8,16,3,3] = random(4)
    const %w5: f32[5,8,3,3] = random(5)
    const %scales: f32[4] = [1, 1, 2, 2]
    %a: f32[1,8,6,8] = Conv(%far, %w1) {pads = [1, 1, 1, 1]}
    %b: f32[1,8,6,8] = Relu(%a)
    %large: f32[1,8,12,16] = Resize(%b, _, %scales) {mode = "linear"}
    %sum: f32[1,8,12,16] = Add(%large, %near)
    %c: f32[1,8,12,16] = Conv(%sum, %w2)
    %gate: f32[1,8,12,16] = Sigmoid(%c)
    %d: f32[1,8,12,16] = Conv(%sum, %w3) {pads = [1, 1, 1, 1]}
    %gated: f32[1,8,12,16] = Mul(%d, %gate)
    %both: f32[1,16,12,16] = Concat(%gated, %near) {axis = 1}
    %e: f32[1,8,12,16] = Conv(%both, %w4) {pads = [1, 1, 1, 1]}
    %f: f32[1,8,12,16] = Relu(%e)
    %out: f32[1,5,12,16] = Conv(%f, %w5) {pads = [1, 1, 1, 1]}
    output %out
  })");
  ops::infer_types(graph);
  return graph;
}

/// What a layer reads, by running all of the head in front of it.
std::vector<Tensor> by_the_whole_front(const Backend& cpu,
                                       const Graph& head,
                                       const quant::CorrectableLayer& layer,
                                       const std::map<std::string, float>& scales,
                                       const std::vector<TensorMap>& samples) {
  Graph front = head;
  front.set_outputs({layer.input});
  front.remove_dead_nodes();
  const std::string& name = head.value(layer.input).name;
  CompileOptions options;
  options.precision = Precision::Int8;
  options.scales = scales;
  options.io[name] = {.dtype = DType::Int8, .scale = layer.src_scale};
  Session session(cpu, front, options);
  std::vector<Tensor> results;
  for (const TensorMap& sample : samples) {
    results.push_back(session.run(sample).at(name));
  }
  return results;
}

/// The CPU's backend, which remembers what it compiled.
class RecordingBackend final : public Backend {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return cpu_->name(); }

  [[nodiscard]] std::vector<Capability> capabilities() const override {
    return cpu_->capabilities();
  }

  [[nodiscard]] std::vector<Support> support(const Graph& graph,
                                             const Capability& capability,
                                             const CompileOptions& options) const override {
    return cpu_->support(graph, capability, options);
  }

  [[nodiscard]] std::vector<NodeEstimate> estimate(const Graph& graph,
                                                   const Capability& capability,
                                                   const CompileOptions& options) const override {
    return cpu_->estimate(graph, capability, options);
  }

  [[nodiscard]] std::vector<std::byte> compile(const Graph& graph,
                                               const Capability& capability,
                                               const CompileOptions& options) const override {
    for (const NodeId id : graph.order()) {
      compiled_.insert(graph.value(graph.node(id).outputs.front()).name);
    }
    return cpu_->compile(graph, capability, options);
  }

  [[nodiscard]] int device_count() const override { return cpu_->device_count(); }

  [[nodiscard]] std::unique_ptr<Device> open(int index) const override { return cpu_->open(index); }

  /// How often the node that makes `value` was.
  [[nodiscard]] std::size_t times_compiled(const std::string& value) const {
    return compiled_.count(value);
  }

 private:
  std::unique_ptr<Backend> cpu_ = make_cpu_backend();
  mutable std::multiset<std::string> compiled_;
};

void expect_what_the_whole_front_gives(const Graph& head, std::size_t layers_expected) {
  const auto cpu = make_cpu_backend();
  const std::vector<TensorMap> samples = samples_of(head, 3, 100);
  const auto scales = scales_of(head, samples);
  const auto layers = quant::find_correctable_layers(head, scales);
  ASSERT_EQ(layers.size(), layers_expected);
  LayerRuns runs(*cpu, head, layers, scales, samples);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const auto expected = by_the_whole_front(*cpu, head, layers[k], scales, samples);
    const std::vector<Tensor>& got = runs.inputs_of(head, k);
    ASSERT_EQ(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      EXPECT_TRUE(bitwise_equal(got[i], expected[i])) << "layer " << k << ", sample " << i;
    }
  }
}

TEST(LayerRuns, GiveTheBitsOfTheWholeFrontOfEachLayer) {
  expect_what_the_whole_front_gives(layered_head(), 3);
}

TEST(LayerRuns, GiveTheBitsOfTheWholeFrontAlsoBehindBranchesAndHalves) {
  expect_what_the_whole_front_gives(branching_head(), 5);
}

TEST(LayerRuns, ComputeEachConvolutionOnce) {
  const RecordingBackend cpu;
  const Graph head = branching_head();
  const std::vector<TensorMap> samples = samples_of(head, 2, 100);
  const auto scales = scales_of(head, samples);
  const auto layers = quant::find_correctable_layers(head, scales);
  LayerRuns runs(cpu, head, layers, scales, samples);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    (void)runs.inputs_of(head, k);
  }
  for (const char* made : {"a", "c", "d", "e"}) {
    EXPECT_EQ(cpu.times_compiled(made), 1U) << made;
  }
  EXPECT_EQ(cpu.times_compiled("out"), 0U);
}

TEST(LayerRuns, SeeWhatWasChangedInEarlierLayers) {
  const auto cpu = make_cpu_backend();
  Graph head = layered_head();
  const std::vector<TensorMap> samples = samples_of(head, 2, 100);
  const auto scales = scales_of(head, samples);
  const auto layers = quant::find_correctable_layers(head, scales);
  LayerRuns runs(*cpu, head, layers, scales, samples);
  (void)runs.inputs_of(head, 0);
  const Tensor old = runs.inputs_of(layered_head(), 1).front().clone();
  LayerRuns again(*cpu, head, layers, scales, samples);
  (void)again.inputs_of(head, 0);
  head.set_input(
      layers[0].node, 1, head.add_constant("zeros", Tensor(DType::Float32, {10, 8, 3, 3})));
  EXPECT_FALSE(bitwise_equal(again.inputs_of(head, 1).front(), old));
}

TEST(LayerRuns, ThatDoNotFitIntoMemoryAreRefused) {
  const auto cpu = make_cpu_backend();
  const Graph head = layered_head();
  const std::vector<TensorMap> samples = samples_of(head, 2, 100);
  const auto scales = scales_of(head, samples);
  const auto layers = quant::find_correctable_layers(head, scales);
  LayerRuns runs(*cpu, head, layers, scales, samples);
  const std::size_t limit = memory_limit();
  set_memory_limit(1);
  EXPECT_THROW((void)runs.inputs_of(head, 0), Error);
  set_memory_limit(limit);
}

}  // namespace
}  // namespace mtmi::calibration
