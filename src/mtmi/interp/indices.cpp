#include "mtmi/interp/indices.h"

#include <string>

#include "mtmi/error.h"
#include "mtmi/interp/cast.h"

namespace mtmi::interp {

std::int64_t checked_index(std::int64_t index, std::int64_t extent) {
  if (index < -extent || index >= extent) {
    throw Error(ErrorCode::InvalidModel,
                "interp::checked_index",
                "got index " + std::to_string(index) + ", expected one within an extent of " +
                    std::to_string(extent));
  }
  return index < 0 ? index + extent : index;
}

std::vector<std::int64_t> checked_indices(const Tensor& indices, std::int64_t extent) {
  const Tensor wide = cast(indices, DType::Int64);
  std::vector<std::int64_t> result;
  result.reserve(static_cast<std::size_t>(wide.num_elements()));
  for (const std::int64_t index : wide.data<std::int64_t>()) {
    result.push_back(checked_index(index, extent));
  }
  return result;
}

std::size_t checked_position(std::span<const std::int64_t> position,
                             std::span<const std::int64_t> extents) {
  std::int64_t offset = 0;
  for (std::size_t axis = 0; axis < extents.size(); ++axis) {
    offset = offset * extents[axis] + checked_index(position[axis], extents[axis]);
  }
  return static_cast<std::size_t>(offset);
}

}  // namespace mtmi::interp
