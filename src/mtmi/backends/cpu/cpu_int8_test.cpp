// INT8 on the CPU: the definition's arithmetic, rounded half to even.
#include <string>

#include <gtest/gtest.h>

#include "mtmi/backends/common_int8/int8_runner_for_tests.h"
#include "mtmi/backends/cpu/capability.h"
#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/dla/int8_reference.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::cpu {
namespace {

Graph graph_of(const std::string& body) {
  Graph graph = parse_text(
      "graph \"g\" {\n input %x: f32[1,8,6,6]\n"
      " const %w: f32[5,8,3,3] = random(1)\n" +
      body + "\n output %y\n}");
  ops::infer_types(graph);
  return graph;
}

CompileOptions int8_options() {
  CompileOptions options;
  options.precision = Precision::Int8;
  options.scales = {{"x", 1.0F / 64.0F}, {"a", 1.0F / 16.0F}, {"y", 1.0F / 16.0F}};
  return options;
}

TEST(CpuInt8, RoundsHalfToEven) {
  const Graph graph = graph_of("%a = Conv(%x, %w)\n %y = AveragePool(%a) {kernel_shape = [2, 2]}");
  const TensorMap inputs{{"x", random_tensor(DType::Int8, Shape{1, 8, 6, 6}, 2, -128.0F, 128.0F)}};
  const CompileOptions options = int8::exchanged_formats(graph, int8_options());
  const Tensor expected =
      dla::evaluate_int8(graph, inputs, options.scales, dla::Rounding::HalfEven).at("y");
  const auto backend = make_cpu_backend();
  const auto device = backend->open(0);
  for (const Capability& capability : all_capabilities()) {
    if (!has_isa(*isa_of(capability.name))) {
      continue;
    }
    const auto engine = backend->compile(graph, capability, options);
    const auto executable = device->load(engine, nullptr);
    EXPECT_TRUE(bitwise_equal(int8::run_once(*executable, inputs).at("y"), expected))
        << capability.name;
  }
}

TEST(CpuInt8, WhatHasNoArithmeticIsNamedWithAdvice) {
  const Graph graph = graph_of("%a = Conv(%x, %w)\n %y = Gelu(%a)");
  const auto backend = make_cpu_backend();
  const auto answers = backend->support(graph, backend->capabilities().front(), int8_options());
  EXPECT_TRUE(answers[0]);
  EXPECT_EQ(answers[1].rule(), "int8.arithmetic");
  EXPECT_NE(answers[1].reason().find("(Gelu)"), std::string::npos);
  EXPECT_NE(answers[1].suggestion().find("--for dla"), std::string::npos);
  EXPECT_THROW((void)backend->compile(graph, backend->capabilities().front(), int8_options()),
               Error);
}

}  // namespace
}  // namespace mtmi::cpu
