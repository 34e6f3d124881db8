// Picking elements by index. Whether the indices lie in the data is seen when they are used.
#include <algorithm>
#include <array>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

/// The axis of the data is replaced by the shape of the indices.
std::vector<TensorType> infer_gather(const InferContext& context) {
  const TensorType& data = context.input(0);
  const TensorType& indices = context.input(1);
  require_index_dtype(indices.dtype, "indices");
  const int axis = normalized_axis(context.attributes().get_int("axis", 0), data.shape.rank());
  std::vector<std::int64_t> extents = data.shape.extents();
  const auto at = extents.erase(extents.begin() + axis);
  extents.insert(at, indices.shape.extents().begin(), indices.shape.extents().end());
  return {{data.dtype, checked_shape(std::move(extents))}};
}

/// y[i][j] = data[indices[i][j]][j] (axis 0): the shape of the indices.
std::vector<TensorType> infer_gather_elements(const InferContext& context) {
  const TensorType& data = context.input(0);
  const TensorType& indices = context.input(1);
  require_index_dtype(indices.dtype, "indices");
  const int rank = data.shape.rank();
  const int axis = normalized_axis(context.attributes().get_int("axis", 0), rank);
  bool fits = indices.shape.rank() == rank;
  for (int i = 0; fits && i < rank; ++i) {
    fits = i == axis || indices.shape[i] <= data.shape[i];
  }
  if (!fits) {
    refuse("indices of shape " + to_string(indices.shape),
           "a shape within " + to_string(data.shape) + " but for axis " + std::to_string(axis));
  }
  return {{data.dtype, indices.shape}};
}

/// The innermost axis of the indices holds positions in the axes behind the batch.
std::vector<TensorType> infer_gather_nd(const InferContext& context) {
  const TensorType& data = context.input(0);
  const TensorType& indices = context.input(1);
  require_dtype(indices.dtype, DType::Int64);
  const std::int64_t batch = context.attributes().get_int("batch_dims", 0);
  const int rank = std::min(data.shape.rank(), indices.shape.rank());
  if (rank == 0 || batch < 0 || batch >= rank) {
    refuse("batch_dims " + std::to_string(batch) + " for data " + to_string(data.shape) +
               " and indices " + to_string(indices.shape),
           "one from 0 to below both ranks");
  }
  const auto& from = data.shape.extents();
  const auto& at = indices.shape.extents();
  if (!std::equal(from.begin(), from.begin() + batch, at.begin()) || at.back() < 1 ||
      at.back() > data.shape.rank() - batch) {
    refuse("indices of shape " + to_string(indices.shape),
           "positions in " + to_string(data.shape) + " behind " + std::to_string(batch) +
               " equal batch axes");
  }
  std::vector<std::int64_t> extents(at.begin(), at.end() - 1);
  extents.insert(extents.end(), from.begin() + batch + at.back(), from.end());
  return {{data.dtype, checked_shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"Gather", {2, 2}, {1, 1}, infer_gather},
    Operator{"GatherElements", {2, 2}, {1, 1}, infer_gather_elements},
    Operator{"GatherND", {2, 2}, {1, 1}, infer_gather_nd},
};

}  // namespace

std::span<const Operator> gather_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
