#include "mtmi/ops/matmul.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(MatMul, BroadcastsBatchesAndDropsTheAxesOfVectors) {
  EXPECT_EQ(inferred({"MatMul", {f32({5, 1, 2, 3}), f32({4, 3, 6})}}), Types{"f32[5,4,2,6]"});
  EXPECT_EQ(inferred({"MatMul", {f32({3}), f32({4, 3, 6})}}), Types{"f32[4,6]"});
  EXPECT_EQ(inferred({"MatMul", {f32({4, 2, 3}), f32({3})}}), Types{"f32[4,2]"});
  EXPECT_EQ(inferred({"MatMul", {f32({3}), f32({3})}}), Types{"f32[]"});
}

TEST(MatMul, ShapesThatDoNotFitAreRefused) {
  EXPECT_EQ(
      refusal({"MatMul", {f32({2, 3}), f32({4, 2})}}),
      "got shapes [2,3] and [4,2], expected as many columns on the left as rows on the right");
  EXPECT_EQ(refusal({"MatMul", {f32({}), f32({4, 2})}}),
            "got shapes [] and [4,2], expected no scalar");
  EXPECT_EQ(refusal({"MatMul", {f32({2, 1, 1}), f32({3, 1, 1})}}),
            "got shapes [2] and [3], expected shapes that broadcast");
  EXPECT_EQ(refusal({"MatMul", {f32({1, 1}), Tensor(DType::Float64, Shape{1, 1})}}),
            "got f64 for input 1, expected f32");
}

TEST(Gemm, TransposesAndBroadcastsC) {
  EXPECT_EQ(
      inferred({"Gemm", {f32({3, 2}), f32({5, 3}), f32({5})}, {{"transA", 1L}, {"transB", 1L}}}),
      Types{"f32[2,5]"});
}

TEST(Gemm, ShapesThatDoNotFitAreRefused) {
  EXPECT_EQ(refusal({"Gemm", {f32({2, 3}), f32({3, 5}), f32({2})}}),
            "got shapes [2] and [2,5], expected shapes that broadcast");
  EXPECT_EQ(refusal({"Gemm", {f32({1, 3}), f32({3, 5}), f32({2, 5})}}),
            "got C of shape [2,5], expected one that broadcasts to [1,5]");
  EXPECT_EQ(refusal({"Gemm", {f32({2, 3}), f32({2, 3})}}),
            "got A of shape [2,3] and B of shape [2,3], expected as many columns on the left as "
            "rows on the right (after transposing)");
}

}  // namespace
}  // namespace mtmi::ops
