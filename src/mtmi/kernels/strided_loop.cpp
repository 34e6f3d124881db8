#include "mtmi/kernels/strided_loop.h"

namespace mtmi::kernels {

std::vector<std::int64_t> dense_strides(const Shape& shape) {
  std::vector<std::int64_t> strides(static_cast<std::size_t>(shape.rank()));
  std::int64_t stride = 1;
  for (std::size_t axis = strides.size(); axis-- > 0;) {
    strides[axis] = stride;
    stride *= shape.extents()[axis];
  }
  return strides;
}

}  // namespace mtmi::kernels
