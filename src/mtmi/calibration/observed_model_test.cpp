#include "mtmi/calibration/observed_model.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/head_for_tests.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::calibration {
namespace {

TensorMap head_inputs(std::uint64_t seed) {
  return {{"near", random_tensor(DType::Float32, {1, 8, 8, 8}, seed)},
          {"far", random_tensor(DType::Float32, {1, 8, 4, 4}, seed + 1)}};
}

std::vector<float> sorted(const Tensor& tensor) {
  std::vector<float> values(tensor.data<float>().begin(), tensor.data<float>().end());
  std::sort(values.begin(), values.end());
  return values;
}

TEST(ObservedModel, HandsEveryTensorOverOnceWithTheElementsThatItHas) {
  const Graph head = small_head();
  const auto cpu = make_cpu_backend();
  ObservedModel model(*cpu, head);
  EXPECT_THAT(model.tensors(),
              testing::ElementsAre("near", "far", "conv", "relu", "big", "sum", "scores"));
  for (const std::uint64_t seed : {1U, 2U}) {
    const TensorMap inputs = head_inputs(seed);
    TensorMap expected = inputs;
    const auto keep = [&](std::string_view name, const Tensor& tensor) {
      expected.insert_or_assign(std::string(name), tensor);
    };
    static_cast<void>(interpret(head, inputs, keep));
    std::vector<std::string> seen;
    model.run(inputs, [&](std::string_view name, const Tensor& tensor) {
      seen.emplace_back(name);
      EXPECT_EQ(tensor.shape(), expected.find(name)->second.shape());
      EXPECT_THAT(
          sorted(tensor),
          testing::Pointwise(testing::FloatNear(1e-4F), sorted(expected.find(name)->second)))
          << name;
    });
    EXPECT_THAT(seen, testing::UnorderedElementsAreArray(model.tensors()));
  }
}

TEST(ObservedModel, ItsDigestIsThatOfTheGraph) {
  const auto cpu = make_cpu_backend();
  Graph other = small_head();
  other.set_attributes(
      other.order().front(),
      {{"pads", std::vector<std::int64_t>{1, 1, 1, 1}}, {"group", std::int64_t{1}}});
  EXPECT_EQ(ObservedModel(*cpu, small_head()).digest(), ObservedModel(*cpu, small_head()).digest());
  EXPECT_NE(ObservedModel(*cpu, small_head()).digest(), ObservedModel(*cpu, other).digest());
}

}  // namespace
}  // namespace mtmi::calibration
