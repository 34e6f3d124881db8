#include "mtmi/kernels/fast/packed_weights.h"

#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(PackWeights, CutsBlocksAndFillsTheLastVector) {
  // 2 rows of 5 columns in blocks of 4, vectors of 2: blocks [2][4] and [2][2].
  const std::vector<float> src{0, 1, 2, 3, 4, 10, 11, 12, 13, 14};
  const PackedShape shape{.depth = 2, .columns = 5, .block = 4, .lanes = 2};
  ASSERT_EQ(shape.num_floats(), 12);
  std::vector<float> packed(12, -1.0F);
  pack_weights(shape, src.data(), 5, 1, packed);
  EXPECT_EQ(packed, (std::vector<float>{0, 1, 2, 3, 10, 11, 12, 13, 4, 0, 14, 0}));
}

TEST(PackWeights, TakesATransposedMatrix) {
  const std::vector<float> src{0, 10, 1, 11, 2, 12};  // [3 columns][2 rows]
  const PackedShape shape{.depth = 2, .columns = 3, .block = 4, .lanes = 4};
  std::vector<float> packed(8);
  pack_weights(shape, src.data(), 1, 2, packed);
  EXPECT_EQ(packed, (std::vector<float>{0, 1, 2, 0, 10, 11, 12, 0}));
}

}  // namespace
}  // namespace mtmi::kernels
