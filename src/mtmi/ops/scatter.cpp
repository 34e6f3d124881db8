#include "mtmi/ops/scatter.h"

#include <array>
#include <string>
#include <vector>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

/// Checks what both operators have in common: data, indices, updates.
void check_types(const InferContext& context) {
  const DType dtype = context.input(0).dtype;
  require_index_dtype(context.input(1).dtype, "indices");
  require_dtype(context.input(2).dtype, dtype);
  if (scatter_reduction(context.attributes()) != ScatterReduction::Replace) {
    require_numeric(dtype);
  }
}

/// Each row of the indices names a block of the data.
std::vector<TensorType> infer_scatter_nd(const InferContext& context) {
  check_types(context);
  const TensorType& data = context.input(0);
  const auto& at = context.input(1).shape.extents();
  if (at.empty() || at.back() < 1 || at.back() > data.shape.rank()) {
    refuse("indices of shape " + to_string(context.input(1).shape),
           "positions in " + to_string(data.shape));
  }
  std::vector<std::int64_t> expected(at.begin(), at.end() - 1);
  expected.insert(
      expected.end(), data.shape.extents().begin() + at.back(), data.shape.extents().end());
  if (context.input(2).shape.extents() != expected) {
    refuse("updates of shape " + to_string(context.input(2).shape), list_of(expected));
  }
  return {data};
}

/// One update per index: data[indices[i][j]][j] = updates[i][j] (axis 0).
std::vector<TensorType> infer_scatter_elements(const InferContext& context) {
  check_types(context);
  const TensorType& data = context.input(0);
  const Shape& indices = context.input(1).shape;
  const int rank = data.shape.rank();
  const int axis = normalized_axis(context.attributes().get_int("axis", 0), rank);
  bool fits = indices.rank() == rank;
  for (int i = 0; fits && i < rank; ++i) {
    fits = i == axis || indices[i] <= data.shape[i];
  }
  if (!fits || context.input(2).shape != indices) {
    refuse(
        "indices " + to_string(indices) + " and updates " + to_string(context.input(2).shape),
        "equal shapes within " + to_string(data.shape) + " but for axis " + std::to_string(axis));
  }
  return {data};
}

constexpr std::array kOperators{
    Operator{"ScatterElements", {3, 3}, {1, 1}, infer_scatter_elements},
    Operator{"ScatterND", {3, 3}, {1, 1}, infer_scatter_nd},
};

}  // namespace

ScatterReduction scatter_reduction(const Attributes& attributes) {
  const std::string text = attributes.get_string("reduction", "none");
  if (text == "none") {
    return ScatterReduction::Replace;
  }
  if (text == "add") {
    return ScatterReduction::Add;
  }
  if (text == "mul") {
    return ScatterReduction::Multiply;
  }
  if (text == "min") {
    return ScatterReduction::Minimum;
  }
  if (text == "max") {
    return ScatterReduction::Maximum;
  }
  refuse("reduction '" + text + "'", "none, add, mul, min or max");
}

std::span<const Operator> scatter_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
