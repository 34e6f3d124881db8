#include "mtmi/kernels/broadcast.h"

namespace mtmi::kernels {

std::vector<std::int64_t> broadcast_strides(const Shape& shape, int rank) {
  const std::vector<std::int64_t> dense = dense_strides(shape);
  std::vector<std::int64_t> strides(static_cast<std::size_t>(rank - shape.rank()), 0);
  for (std::size_t axis = 0; axis < dense.size(); ++axis) {
    strides.push_back(shape.extents()[axis] == 1 ? 0 : dense[axis]);
  }
  return strides;
}

}  // namespace mtmi::kernels
