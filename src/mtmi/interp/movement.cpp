#include "mtmi/interp/movement.h"

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

}  // namespace mtmi::interp
