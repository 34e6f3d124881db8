#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

std::vector<float> einsum(const std::string& equation,
                          std::vector<std::optional<Tensor>> operands) {
  return values<float>({"Einsum", std::move(operands), {{"equation", equation}}});
}

TEST(EvaluateEinsum, EqualsMatMulWithBroadcasting) {
  const Tensor a = tensor<float>(Shape{2, 1, 1, 2}, {1, 2, 3, 4});
  const Tensor b = tensor<float>(Shape{2, 2, 1}, {1, 1, 10, 100});
  EXPECT_EQ(einsum("...ij,...jk->...ik", {a, b}), values<float>({"MatMul", {a, b}}));
}

TEST(EvaluateEinsum, TakesDiagonalsTracesAndSums) {
  const Tensor x = tensor<float>(Shape{2, 2}, {1, 2, 3, 4});
  EXPECT_EQ(einsum("ii->i", {x}), (std::vector<float>{1, 4}));
  EXPECT_EQ(einsum("ii", {x}), std::vector<float>{5});
  EXPECT_EQ(einsum("ij->j", {x}), (std::vector<float>{4, 6}));
}

TEST(EvaluateEinsum, OfThreeOperands) {
  const Tensor x = tensor<float>({1, 2});
  const Tensor y = tensor<float>({3, 4});
  const Tensor w = tensor<float>(Shape{2, 2}, {1, 0, 0, -1});
  EXPECT_EQ(einsum("i,ij,j", {x, w, y}), std::vector<float>{-5});
}

TEST(EvaluateEinsum, IgnoresWhatIsLeftOutAtTheEnd) {
  EXPECT_EQ(einsum("i->", {tensor<float>({1, 2}), std::nullopt}), std::vector<float>{3});
}

}  // namespace
}  // namespace mtmi::interp
