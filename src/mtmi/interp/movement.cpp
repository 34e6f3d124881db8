#include "mtmi/interp/movement.h"

#include <cstring>
#include <utility>

#include "mtmi/kernels/copy.h"
#include "mtmi/kernels/strided_loop.h"

namespace mtmi::interp {

void copy_box(const std::vector<std::int64_t>& extents,
              Tensor& dst,
              const Placement& to,
              const Tensor& src,
              const Placement& from) {
  const std::size_t element_size = size_of(dst.dtype());
  const auto loop =
      kernels::collapsed(kernels::StridedLoop<2>{extents, {to.strides, from.strides}});
  kernels::copy(loop,
                element_size,
                dst.bytes().data() + static_cast<std::size_t>(to.offset) * element_size,
                src.bytes().data() + static_cast<std::size_t>(from.offset) * element_size);
}

Tensor copy_of_box(const Shape& shape, const Tensor& src, const Placement& from) {
  Tensor dst(src.dtype(), shape);
  copy_box(shape.extents(), dst, {0, kernels::dense_strides(shape)}, src, from);
  return dst;
}

Tensor take(const Tensor& src, int axis, std::span<const std::int64_t> indices) {
  std::vector<std::int64_t> extents = src.shape().extents();
  const auto at = static_cast<std::size_t>(axis);
  const auto extent = static_cast<std::size_t>(
      std::exchange(extents[at], static_cast<std::int64_t>(indices.size())));
  Tensor dst(src.dtype(), Shape(std::move(extents)));
  if (dst.num_elements() == 0) {
    return dst;
  }
  const std::int64_t inner = kernels::dense_strides(src.shape())[at];
  const std::size_t block_bytes = static_cast<std::size_t>(inner) * size_of(src.dtype());
  const std::byte* const end = src.bytes().data() + src.size_bytes();
  std::byte* to = dst.bytes().data();
  for (const std::byte* from = src.bytes().data(); from != end; from += extent * block_bytes) {
    for (const std::int64_t index : indices) {
      std::memcpy(to, from + static_cast<std::size_t>(index) * block_bytes, block_bytes);
      to += block_bytes;
    }
  }
  return dst;
}

}  // namespace mtmi::interp
