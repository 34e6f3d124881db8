#include "mtmi/kernels/copy.h"

#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi::kernels {
namespace {

/// The transpose of the 2x3 matrix 0..5.
template <class T>
std::vector<T> transposed() {
  std::vector<T> src(6);
  std::iota(src.begin(), src.end(), T{0});
  std::vector<T> dst(6);
  const StridedLoop<2> loop = collapsed(StridedLoop<2>{{3, 2}, {{{2, 1}, {1, 3}}}});
  copy(loop,
       sizeof(T),
       reinterpret_cast<std::byte*>(dst.data()),
       reinterpret_cast<const std::byte*>(src.data()));
  return dst;
}

TEST(Copy, EverySizeOfElement) {
  EXPECT_EQ(transposed<std::uint8_t>(), (std::vector<std::uint8_t>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(transposed<std::uint16_t>(), (std::vector<std::uint16_t>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(transposed<std::uint32_t>(), (std::vector<std::uint32_t>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(transposed<std::uint64_t>(), (std::vector<std::uint64_t>{0, 3, 1, 4, 2, 5}));
}

TEST(Copy, RunsLeaveTheRestAlone) {
  const std::vector<std::uint8_t> src{1, 2, 3, 4};
  std::vector<std::uint8_t> dst(6, 9);
  const StridedLoop<2> loop = collapsed(StridedLoop<2>{{2, 2}, {{{3, 1}, {2, 1}}}});
  copy(loop,
       1,
       reinterpret_cast<std::byte*>(dst.data()),
       reinterpret_cast<const std::byte*>(src.data()));
  EXPECT_EQ(dst, (std::vector<std::uint8_t>{1, 2, 9, 3, 4, 9}));
}

TEST(Copy, NothingToDoTouchesNothing) {
  copy(collapsed(StridedLoop<2>{{0, 2}, {{{2, 1}, {2, 1}}}}), 4, nullptr, nullptr);
}

}  // namespace
}  // namespace mtmi::kernels
