// Both heads of the reference network: the simulated core gives the bits of the plain reference.
#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "mtmi/backends/common_int8/int8_runner_for_tests.h"
#include "mtmi/backends/dla_sim/dla_sim_backend.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/dla/int8_reference.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/passes/pipeline.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/split/split.h"
#include "mtmi/zoo/mtmi_b0.h"

namespace mtmi {
namespace {

/// What dla::check() accepts whole.
std::vector<split::Head> heads() {
  zoo::MtmiB0Options options;
  options.height = 64;
  options.width = 96;
  split::Split parts = split::split_graph(passes::simplify(zoo::make_mtmi_b0(options)).graph, {});
  for (split::Head& head : parts.heads) {
    head.graph = passes::run_pipeline(head.graph, passes::dla_passes()).graph;
  }
  return parts.heads;
}

TensorMap random_inputs(const Graph& graph) {
  TensorMap inputs;
  std::uint64_t seed = 1;
  for (const ValueId id : graph.inputs()) {
    inputs.insert_or_assign(
        graph.value(id).name,
        random_tensor(DType::Float32, graph.type(id).shape, seed++, -2.0F, 2.0F));
  }
  return inputs;
}

/// The range of every tensor, by 127: absmax.
dla::Scales scales_of(const Graph& graph, const TensorMap& inputs) {
  dla::Scales scales;
  const auto add = [&scales](const std::string& name, const Tensor& tensor) {
    float most = 1e-6F;
    for (const float x : tensor.data<float>()) {
      most = std::max(most, std::abs(x));
    }
    scales.insert_or_assign(name, most / 127.0F);
  };
  for (const auto& [name, tensor] : inputs) {
    add(name, tensor);
  }
  (void)interpret(graph, inputs, add);
  return scales;
}

TEST(ReferenceHeads, GiveTheBitsOfThePlainReference) {
  const auto backend = make_dla_sim_backend();
  const auto device = backend->open(0);
  for (const split::Head& head : heads()) {
    SCOPED_TRACE(head.name);
    const TensorMap inputs = random_inputs(head.graph);
    CompileOptions options;
    options.precision = Precision::Int8;
    options.scales = scales_of(head.graph, inputs);
    if (head.name == "depth") {  // metres want more than 256 steps
      options.scales.erase(head.graph.value(head.graph.outputs()[0]).name);
    }
    for (const ValueId id : head.graph.inputs()) {
      const std::string& name = head.graph.value(id).name;
      options.io[name] = {
          .dtype = DType::Int8, .layout = Layout::Chw32, .scale = options.scales.at(name)};
    }
    options = int8::exchanged_formats(head.graph, options);
    const auto engine = backend->compile(head.graph, backend->capabilities()[0], options);
    const auto executable = device->load(engine, nullptr);
    const TensorMap got = int8::run_once(*executable, inputs);
    const TensorMap expected = dla::evaluate_int8(head.graph, inputs, options.scales);
    ASSERT_FALSE(got.empty());
    for (const auto& [name, tensor] : got) {
      EXPECT_TRUE(bitwise_equal(tensor, expected.at(name))) << name;
    }
  }
}

}  // namespace
}  // namespace mtmi
