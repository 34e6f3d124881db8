#include "mtmi/kernels/fast/transpose.h"

#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

TEST(Transpose, EveryElementArrivesAndNothingElseIsWritten) {
  constexpr std::uint32_t kUntouched = 0xFFFFFFFF;
  for (const std::int64_t rows : {1, 4, 15, 16, 17, 33, 64}) {
    for (const std::int64_t columns : {1, 3, 16, 31, 48}) {
      const std::int64_t src_stride = columns + 3;
      const std::int64_t dst_stride = rows + 2;
      std::vector<std::uint32_t> src(static_cast<std::size_t>(rows * src_stride));
      for (std::size_t i = 0; i < src.size(); ++i) {
        src[i] = static_cast<std::uint32_t>(i);
      }
      std::vector<std::uint32_t> dst(static_cast<std::size_t>(columns * dst_stride), kUntouched);
      transpose(src.data(), src_stride, rows, columns, dst.data(), dst_stride);
      for (std::int64_t c = 0; c < columns; ++c) {
        for (std::int64_t r = 0; r < dst_stride; ++r) {
          const auto expected =
              r < rows ? static_cast<std::uint32_t>(r * src_stride + c) : kUntouched;
          ASSERT_EQ(dst[static_cast<std::size_t>(c * dst_stride + r)], expected)
              << rows << "x" << columns << " at " << c << ", " << r;
        }
      }
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels
