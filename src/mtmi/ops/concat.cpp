// Joining tensors along an axis, and the reverse.
#include <array>

#include "mtmi/core/checked.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

TensorType with_extent(const TensorType& type, int axis, std::int64_t extent) {
  std::vector<std::int64_t> extents = type.shape.extents();
  extents[static_cast<std::size_t>(axis)] = extent;
  return {type.dtype, checked_shape(std::move(extents))};
}

std::vector<TensorType> infer_concat(const InferContext& context) {
  if (!context.attributes().has("axis")) {
    refuse("no attribute 'axis'", "one");
  }
  const TensorType& first = context.input(0);
  const int axis = normalized_axis(context.attributes().get_int("axis", 0), first.shape.rank());
  std::int64_t extent = first.shape[axis];
  for (int i = 1; i < context.num_inputs(); ++i) {
    const TensorType& part = context.input(i);
    require_dtype(part.dtype, first.dtype);
    if (part.shape.rank() != first.shape.rank() ||
        with_extent(part, axis, 0) != with_extent(first, axis, 0)) {
      refuse("shapes " + to_string(first.shape) + " and " + to_string(part.shape),
             "shapes that differ in axis " + std::to_string(axis) + " only");
    }
    extent = checked_add(extent, part.shape[axis]);
  }
  return {with_extent(first, axis, extent)};
}

/// The extents of the parts where the node gives only their number: equal, the last one smaller.
std::vector<std::int64_t> even_split(const InferContext& context, std::int64_t extent) {
  const std::int64_t count = context.num_outputs();
  const std::int64_t asked = context.attributes().get_int("num_outputs", count);
  if (asked != count) {
    refuse("num_outputs " + std::to_string(asked), "the " + std::to_string(count) + " it has");
  }
  const std::int64_t part = (extent + count - 1) / count;
  std::vector<std::int64_t> sizes(static_cast<std::size_t>(count), part);
  sizes.back() = extent - part * (count - 1);
  if (sizes.back() < 0) {
    refuse("an extent of " + std::to_string(extent),
           "one that splits into " + std::to_string(count) + " parts");
  }
  return sizes;
}

std::vector<TensorType> infer_split(const InferContext& context) {
  const TensorType& x = context.input(0);
  const int axis = normalized_axis(context.attributes().get_int("axis", 0), x.shape.rank());
  const std::vector<std::int64_t> sizes =
      context.has_input(1) ? context.constant_ints(1, "split") : even_split(context, x.shape[axis]);
  std::int64_t total = 0;
  std::vector<TensorType> parts;
  for (const std::int64_t size : sizes) {
    parts.push_back(with_extent(x, axis, size));
    total = checked_add(total, size);
  }
  if (total != x.shape[axis] || static_cast<int>(sizes.size()) != context.num_outputs()) {
    refuse("parts " + list_of(sizes),
           std::to_string(context.num_outputs()) + " that sum to " + std::to_string(x.shape[axis]));
  }
  return parts;
}

constexpr std::array kOperators{
    Operator{"Concat", {1, Arity::kVariadic}, {1, 1}, infer_concat},
    Operator{"Split", {1, 2}, {1, Arity::kVariadic}, infer_split},
};

}  // namespace

std::span<const Operator> concat_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
