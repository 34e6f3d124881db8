// TopK: the largest or smallest elements along an axis, and where they stand.
#include <array>
#include <string>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_top_k(const InferContext& context) {
  const TensorType& x = context.input(0);
  require_numeric(x.dtype);
  const int axis = normalized_axis(context.attributes().get_int("axis", -1), x.shape.rank());
  const std::vector<std::int64_t> k = context.constant_ints(1, "K");
  if (k.size() != 1 || k[0] < 0 || k[0] > x.shape[axis]) {
    refuse("K " + list_of(k), "one number from 0 to " + std::to_string(x.shape[axis]));
  }
  std::vector<std::int64_t> extents = x.shape.extents();
  extents[static_cast<std::size_t>(axis)] = k[0];
  const Shape shape(std::move(extents));
  return {{x.dtype, shape}, {DType::Int64, shape}};
}

constexpr std::array kOperators{
    Operator{"TopK", {2, 2}, {1, 2}, infer_top_k},
};

}  // namespace

std::span<const Operator> top_k_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
