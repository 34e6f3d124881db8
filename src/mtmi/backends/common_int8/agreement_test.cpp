// Every operator and many networks, on every instruction set: the bits of the plain reference.
#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include "mtmi/backends/common_int8/int8_runner_for_tests.h"
#include "mtmi/backends/common_int8/random_layer_for_tests.h"
#include "mtmi/core/half.h"
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

Tensor as_floats(const Tensor& tensor) {
  Tensor floats(DType::Float32, tensor.shape());
  const auto src = tensor.data<std::int8_t>();
  std::transform(src.begin(), src.end(), floats.data<float>().begin(), [](std::int8_t q) {
    return static_cast<float>(q);
  });
  return floats;
}

/// Two units in the last place of a half, where values are not small beside the largest: there
/// float32 sums in another order differ by more of them.
void expect_close_halves(const Tensor& got, const Tensor& expected) {
  float most = 0.0F;
  for (const Float16 h : expected.data<Float16>()) {
    most = std::max(most, std::abs(to_float(h)));
  }
  for (std::size_t i = 0; i < expected.data<Float16>().size(); ++i) {
    const float want = to_float(expected.data<Float16>()[i]);
    const float unit = std::max(std::abs(want), most / 128.0F) * 0x1p-10F;
    ASSERT_NEAR(to_float(got.data<Float16>()[i]), want, 2.0F * unit) << "element " << i;
  }
}

class InHalf : public testing::TestWithParam<const char*> {};

TEST_P(InHalf, LayersAreCloseToTheReference) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    RandomLayer layer = random_layer(GetParam(), seed);
    layer.options.precision = Precision::Float16;
    for (auto& [name, tensor] : layer.inputs) {
      tensor = as_floats(tensor);
    }
    const CompileOptions options = exchanged_formats(layer.graph, layer.options);
    const TensorMap expected = dla::evaluate_int8(
        layer.graph, layer.inputs, {}, dla::Rounding::HalfAway, dla::Precision::Fp16);
    for (const kernels::int8::Int8Kernels& kernels : kernels::int8::all_int8_kernels()) {
      if (!has_isa(kernels.isa)) {
        continue;
      }
      const TensorMap got =
          run_int8(layer.graph, layer.inputs, options, dla::Rounding::HalfAway, kernels.isa);
      for (const auto& [name, tensor] : got) {
        expect_close_halves(tensor, expected.at(name));
        ASSERT_FALSE(HasFatalFailure()) << to_string(kernels.isa) << "\n" << to_text(layer.graph);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Operators,
                         InHalf,
                         testing::Values("Conv",
                                         "ConvRelu",
                                         "ConvLeaky",
                                         "ConvClip",
                                         "ConvNormalized",
                                         "ConvTranspose",
                                         "DeconvRelu",
                                         "Grouped",
                                         "Add",
                                         "Sub",
                                         "Mul",
                                         "MaxMin",
                                         "Relu",
                                         "LeakyRelu",
                                         "Clip",
                                         "Linear",
                                         "Concat",
                                         "SliceSplit"),
                         [](const auto& test) { return std::string(test.param); });

INSTANTIATE_TEST_SUITE_P(Operators,
                         OfOperator,
                         testing::ValuesIn(kRandomLayers),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace mtmi::int8
