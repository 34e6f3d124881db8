#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;

TEST(EvaluateMatMul, BroadcastsBothBatches) {
  EXPECT_EQ(values<float>({"MatMul",
                           {tensor<float>(Shape{2, 1, 1, 2}, {1, 2, 3, 4}),
                            tensor<float>(Shape{2, 2, 1}, {1, 1, 10, 100})}}),
            (Floats{3, 210, 7, 430}));
}

TEST(EvaluateMatMul, VectorsOnEitherSide) {
  const Tensor matrix = tensor<float>(Shape{2, 2}, {1, 2, 3, 4});
  const Tensor vector = tensor<float>({1, 10});
  EXPECT_EQ(values<float>({"MatMul", {vector, matrix}}), (Floats{31, 42}));
  EXPECT_EQ(values<float>({"MatMul", {matrix, vector}}), (Floats{21, 43}));
  EXPECT_EQ(values<float>({"MatMul", {vector, vector}}), Floats{101});
}

TEST(EvaluateMatMul, OfIntegers) {
  EXPECT_EQ(values<std::int64_t>(
                {"MatMul", {tensor<std::int64_t>({3, -1}), tensor<std::int64_t>({5, 7})}}),
            std::vector<std::int64_t>{8});
}

TEST(EvaluateMatMul, OverNoProductsIsZero) {
  EXPECT_EQ(
      values<float>(
          {"MatMul", {Tensor(DType::Float32, Shape{2, 0}), Tensor(DType::Float32, Shape{0, 1})}}),
      (Floats{0, 0}));
}

TEST(EvaluateGemm, ScalesTransposesAndAdds) {
  EXPECT_EQ(values<float>({"Gemm",
                           {tensor<float>(Shape{2, 1}, {1, 2}),
                            tensor<float>(Shape{2, 2}, {1, 2, 3, 4}),
                            tensor<float>({100})},
                           {{"transA", std::int64_t{1}},
                            {"transB", std::int64_t{1}},
                            {"alpha", 2.0F},
                            {"beta", 0.5F}}}),
            (Floats{60, 72}));
}

}  // namespace
}  // namespace mtmi::interp
