#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(EvaluateAttention, IsSoftmaxOfTheProductsTimesTheValues) {
  const Tensor q = tensor<float>(Shape{1, 1, 2, 2}, {1, 2, -1, 0.5F});
  const Tensor k = tensor<float>(Shape{1, 1, 3, 2}, {0, 1, 1, 0, 2, -1});
  const Tensor v = tensor<float>(Shape{1, 1, 3, 1}, {1, 2, 3});
  const Tensor k_transposed = tensor<float>(Shape{1, 1, 2, 3}, {0, 1, 2, 1, 0, -1});
  const Tensor scores = evaluate_one({"MatMul", {q, k_transposed}});
  const Tensor expected = evaluate_one({"MatMul", {evaluate_one({"Softmax", {scores}}), v}});
  const Tensor got = evaluate_one({"Attention", {q, k, v}});
  ASSERT_EQ(got.shape(), expected.shape());
  EXPECT_FLOAT_EQ(got.data<float>()[0], expected.data<float>()[0]);
  EXPECT_FLOAT_EQ(got.data<float>()[1], expected.data<float>()[1]);
}

TEST(EvaluateAttention, AppliesTheScale) {
  const Tensor one = tensor<float>(Shape{1, 1, 1, 1}, {1});
  const Tensor keys = tensor<float>(Shape{1, 1, 2, 1}, {0, 1});
  EXPECT_EQ(values<float>({"Attention", {one, keys, keys}, {{"scale", 0.0F}}}),
            std::vector<float>{0.5F});
}

}  // namespace
}  // namespace mtmi::interp
