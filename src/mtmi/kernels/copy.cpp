#include "mtmi/kernels/copy.h"

#include <cstring>

namespace mtmi::kernels {
namespace {

void copy_runs(const StridedLoop<2>& loop,
               std::size_t element_size,
               std::byte* dst,
               const std::byte* src) noexcept {
  const auto size = static_cast<std::int64_t>(element_size);
  const auto run_bytes = static_cast<std::size_t>(loop.extents.back()) * element_size;
  for_each_row(loop, [&](const std::array<std::int64_t, 2>& at) {
    std::memcpy(dst + at[0] * size, src + at[1] * size, run_bytes);
  });
}

/// memcpy of a constant size is one load and one store, and is defined for every element type.
template <std::size_t kSize>
void copy_elements(const StridedLoop<2>& loop, std::byte* dst, const std::byte* src) noexcept {
  constexpr auto kStep = static_cast<std::int64_t>(kSize);
  const std::int64_t count = loop.extents.back();
  const std::int64_t step_dst = loop.strides[0].back() * kStep;
  const std::int64_t step_src = loop.strides[1].back() * kStep;
  for_each_row(loop, [&](const std::array<std::int64_t, 2>& at) {
    std::byte* to = dst + at[0] * kStep;
    const std::byte* from = src + at[1] * kStep;
    for (std::int64_t i = 0; i < count; ++i) {
      std::memcpy(to + i * step_dst, from + i * step_src, kSize);
    }
  });
}

}  // namespace

void copy(const StridedLoop<2>& loop,
          std::size_t element_size,
          std::byte* dst,
          const std::byte* src) noexcept {
  if (loop.strides[0].back() == 1 && loop.strides[1].back() == 1) {
    copy_runs(loop, element_size, dst, src);
    return;
  }
  switch (element_size) {
    case 1:
      return copy_elements<1>(loop, dst, src);
    case 2:
      return copy_elements<2>(loop, dst, src);
    case 4:
      return copy_elements<4>(loop, dst, src);
    default:
      return copy_elements<8>(loop, dst, src);
  }
}

}  // namespace mtmi::kernels
