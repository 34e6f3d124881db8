#include "mtmi/kernels/fast/packed_pairs.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/half.h"
#include "mtmi/kernels/fast/variants_testing.h"

namespace mtmi::kernels {
namespace {

std::vector<float> packed_floats(const PackedPairs& shape,
                                 const float* src,
                                 std::int64_t row_stride,
                                 std::int64_t column_stride) {
  std::vector<BFloat16> packed(static_cast<std::size_t>(shape.num_elements()), BFloat16{0x7FFF});
  pack_pairs(shape, src, row_stride, column_stride, packed);
  std::vector<float> floats;
  for (const BFloat16 x : packed) {
    floats.push_back(to_float(x));
  }
  return floats;
}

/// The element of pair `pair` of segment `segment`, `column`, in the order that the header says.
std::size_t place(const PackedPairs& shape,
                  std::int64_t segment,
                  std::int64_t k,
                  std::int64_t column) {
  const std::int64_t first = column / PackedPairs::kBlock * PackedPairs::kBlock;
  const std::int64_t before = shape.segments * shape.segment_pairs() * 2 * first;
  const std::int64_t row = segment * shape.segment_pairs() + k / 2;
  return static_cast<std::size_t>(before + (row * shape.width(first) + column - first) * 2 + k % 2);
}

TEST(PackPairs, LaysNeighboursOfTheDepthSideBySideAndFillsUpWithZeros) {
  // 3 rows of 2 columns: one pair, and a row without a partner; 16 pairs of 16 columns in all.
  const std::vector<float> src{1, 2, 3, 4, 5, 6};
  const PackedPairs shape{.segments = 1, .segment_length = 3, .columns = 2};
  ASSERT_EQ(shape.num_elements(), 16 * 16 * 2);
  std::vector<float> expected(16 * 16 * 2, 0.0F);
  expected[0] = 1;  // column 0: rows 0 and 1
  expected[1] = 3;
  expected[2] = 2;  // column 1
  expected[3] = 4;
  expected[32] = 5;  // the next pair of rows, without a second
  expected[34] = 6;
  EXPECT_EQ(packed_floats(shape, src.data(), 2, 1), expected);
}

TEST(PackPairs, CutsColumnsIntoBlocksAndBeginsEverySegmentAnew) {
  const PackedPairs shape{.segments = 3, .segment_length = 21, .columns = 150};
  EXPECT_EQ(shape.width(0), 64);
  EXPECT_EQ(shape.width(128), 32) << "22 columns in vectors of 16";
  std::vector<float> src;
  for (int i = 0; i < 3 * 21 * 150; ++i) {
    src.push_back(static_cast<float>(i % 251 + 1));  // no zero, exact in eight bits
  }
  const std::vector<float> packed = packed_floats(shape, src.data(), 150, 1);
  std::size_t next = 0;
  for (std::int64_t s = 0; s < 3; ++s) {
    for (std::int64_t k = 0; k < 21; ++k) {
      for (std::int64_t n = 0; n < 150; ++n, ++next) {
        ASSERT_EQ(packed[place(shape, s, k, n)], src[next]) << s << " " << k << " " << n;
      }
    }
  }
  const auto zeros = std::count(packed.begin(), packed.end(), 0.0F);
  EXPECT_EQ(zeros, std::ssize(packed) - std::ssize(src)) << "nothing else but zeros";
}

TEST(PackPairs, TakesATransposedMatrixAndRoundsHalfToEven) {
  const std::vector<float> src{1.0F, 1.0F + 0x1p-8F, -3.0F, 1.0F + 0x1.8p-7F};  // [column][row]
  const PackedPairs shape{.segments = 1, .segment_length = 2, .columns = 2};
  const std::vector<float> packed = packed_floats(shape, src.data(), 1, 2);
  EXPECT_EQ(std::vector<float>(packed.begin(), packed.begin() + 4),
            (std::vector<float>{1.0F, 1.0F, -3.0F, 1.0F + 0x1p-6F}));
}

TEST(UnpackPairs, GivesBackWhatWasPacked) {
  Random random(6);
  for (const auto& shape :
       {PackedPairs{3, 21, 70}, PackedPairs{1, 64, 16}, PackedPairs{2, 1, 129}}) {
    std::vector<float> weights =
        random_floats(shape.segments * shape.segment_length * shape.columns, random);
    for (float& w : weights) {
      w = to_float(to_bfloat16(w));
    }
    std::vector<BFloat16> packed(static_cast<std::size_t>(shape.num_elements()));
    pack_pairs(shape, weights.data(), shape.columns, 1, packed);
    std::vector<float> got(weights.size());
    unpack_pairs(shape, packed, got);
    EXPECT_EQ(got, weights);
  }
}

}  // namespace
}  // namespace mtmi::kernels
