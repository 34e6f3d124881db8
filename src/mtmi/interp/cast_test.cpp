#include "mtmi/interp/cast.h"

#include <array>

#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

constexpr std::array kTypes{DType::Float32,
                            DType::Float16,
                            DType::BFloat16,
                            DType::Float64,
                            DType::Int8,
                            DType::UInt8,
                            DType::Int32,
                            DType::Int64,
                            DType::Bool};

TEST(Cast, EveryPairOfTypesKeepsZeroAndOne) {
  const Tensor bits = tensor<bool>({false, true});
  for (const DType from : kTypes) {
    for (const DType to : kTypes) {
      const Tensor there = cast(cast(bits, from), to);
      EXPECT_EQ(there.dtype(), to);
      EXPECT_TRUE(bitwise_equal(cast(there, DType::Bool), bits))
          << to_string(from) << " to " << to_string(to);
    }
  }
}

TEST(Cast, ToItselfSharesTheElements) {
  const Tensor x = tensor<float>({1, 2});
  EXPECT_EQ(cast(x, DType::Float32).bytes().data(), x.bytes().data());
}

TEST(EvaluateCast, TakesTheTypeOfTheNode) {
  const Tensor x = tensor<float>({-1.5F, 300.0F});
  EXPECT_EQ(values<std::int8_t>({"Cast", {x}, {{"to", std::int64_t{3}}}}),
            (std::vector<std::int8_t>{-1, 127}));
  EXPECT_EQ(values<std::int64_t>({"CastLike", {x, tensor<std::int64_t>({0})}}),
            (std::vector<std::int64_t>{-1, 300}));
}

}  // namespace
}  // namespace mtmi::interp
