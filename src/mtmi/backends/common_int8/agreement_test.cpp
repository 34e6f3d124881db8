// Every operator and many networks, on every instruction set: the bits of the plain reference.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/backends/common_int8/int8_runner_for_tests.h"
#include "mtmi/backends/common_int8/random_layer_for_tests.h"
#include "mtmi/core/random.h"
#include "mtmi/dla/int8_reference.h"
#include "mtmi/graph/text.h"
#include "mtmi/kernels/int8/int8_kernels.h"
#include "mtmi/ops/operator.h"

namespace mtmi::int8 {
namespace {

/// Where two tensors of one type first differ; "" where they do not.
std::string difference(const Tensor& got, const Tensor& expected) {
  if (got.dtype() != expected.dtype() || got.num_elements() != expected.num_elements()) {
    return "another type or number of elements";
  }
  const std::size_t es = size_of(got.dtype());
  for (std::size_t i = 0; i < got.size_bytes(); ++i) {
    if (got.bytes()[i] != expected.bytes()[i]) {
      return "element " + std::to_string(i / es) + " of " + to_string(got.shape());
    }
  }
  return "";
}

/// Runs `graph` on every instruction set that this processor has and compares each output.
void expect_the_bits_of_the_reference(const Graph& graph,
                                      const TensorMap& inputs,
                                      CompileOptions options,
                                      dla::Rounding rounding) {
  options = exchanged_formats(graph, options);
  const dla::Precision precision =
      options.precision == Precision::Int8 ? dla::Precision::Int8 : dla::Precision::Fp16;
  const TensorMap expected = dla::evaluate_int8(graph, inputs, options.scales, rounding, precision);
  for (const kernels::int8::Int8Kernels& kernels : kernels::int8::all_int8_kernels()) {
    if (!has_isa(kernels.isa)) {
      continue;
    }
    const TensorMap got = run_int8(graph, inputs, options, rounding, kernels.isa);
    for (const auto& [name, tensor] : got) {
      ASSERT_EQ(difference(tensor, expected.at(name)), "")
          << name << " on " << to_string(kernels.isa) << " of\n"
          << to_text(graph);
    }
  }
}

/// Cases of one operator: seeds 0 to kCases.
constexpr std::uint64_t kCases = 60;

class OfOperator : public testing::TestWithParam<const char*> {};

TEST_P(OfOperator, EveryVariantGivesTheBitsOfTheReference) {
  for (std::uint64_t seed = 0; seed < kCases; ++seed) {
    SCOPED_TRACE(seed);
    const RandomLayer layer = random_layer(GetParam(), seed);
    const dla::Rounding rounding =
        seed % 3 == 2 ? dla::Rounding::HalfEven : dla::Rounding::HalfAway;
    expect_the_bits_of_the_reference(layer.graph, layer.inputs, layer.options, rounding);
    if (HasFatalFailure()) {
      return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operators,
                         OfOperator,
                         testing::ValuesIn(kRandomLayers),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace mtmi::int8
