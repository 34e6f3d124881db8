#include "mtmi/kernels/einsum_ref.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

// ij,jk->ik with the labels in the order i, k, j.
TEST(EinsumRef, MultipliesMatrices) {
  const std::vector<float> a{1, 2, 3, 4, 5, 6};  // [2,3]
  const std::vector<float> b{1, 2, 3, 4, 5, 6};  // [3,2]
  const std::vector<std::int64_t> extents{2, 2, 3};
  const std::vector<std::vector<std::int64_t>> strides{{3, 0, 1}, {0, 1, 2}};
  const std::array<const float*, 2> operands{a.data(), b.data()};
  std::vector<float> dst(4);
  std::vector<std::int64_t> offsets(2);
  einsum_ref<float>(
      {.extents = extents, .output_rank = 2, .strides = strides}, operands, dst.data(), offsets);
  EXPECT_EQ(dst, (std::vector<float>{22, 28, 49, 64}));
}

TEST(EinsumRef, TheSumOverNothingIsZero) {
  const std::vector<std::int64_t> extents{2, 0};
  const std::vector<std::vector<std::int64_t>> strides{{0, 1}};
  const std::array<const std::int32_t*, 1> operands{nullptr};
  std::vector<std::int32_t> dst{7, 7};
  std::vector<std::int64_t> offsets(1);
  einsum_ref<std::int32_t>(
      {.extents = extents, .output_rank = 1, .strides = strides}, operands, dst.data(), offsets);
  EXPECT_EQ(dst, (std::vector<std::int32_t>{0, 0}));
}

}  // namespace
}  // namespace mtmi::kernels
