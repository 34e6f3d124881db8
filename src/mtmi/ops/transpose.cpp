#include "mtmi/ops/transpose.h"

#include <array>
#include <numeric>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_transpose(const InferContext& context) {
  const TensorType& x = context.input(0);
  std::vector<std::int64_t> extents;
  for (const int axis : transpose_permutation(context.attributes(), x.shape.rank())) {
    extents.push_back(x.shape[axis]);
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"Transpose", {1, 1}, {1, 1}, infer_transpose},
};

}  // namespace

std::vector<int> transpose_permutation(const Attributes& attributes, int rank) {
  if (!attributes.has("perm")) {
    std::vector<int> reversed(static_cast<std::size_t>(rank));
    std::iota(reversed.rbegin(), reversed.rend(), 0);
    return reversed;
  }
  const std::vector<std::int64_t> perm = attributes.get_ints("perm");
  if (static_cast<int>(perm.size()) != rank) {
    refuse("perm " + list_of(perm), "one entry for each of " + std::to_string(rank) + " axes");
  }
  return normalized_axes(perm, rank);
}

std::span<const Operator> transpose_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
