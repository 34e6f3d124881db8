#include "mtmi/ops/slice.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

/// Positions count from the end where they are negative, and are then brought into the axis.
SliceRange range_of(std::int64_t extent, std::int64_t start, std::int64_t end, std::int64_t step) {
  if (extent == 0) {
    return {.start = 0, .step = step, .extent = 0};
  }
  start += start < 0 ? extent : 0;
  end += end < 0 ? extent : 0;
  if (step > 0) {
    start = std::clamp<std::int64_t>(start, 0, extent);
    end = std::clamp<std::int64_t>(end, 0, extent);
    return {start, step, end > start ? (end - start - 1) / step + 1 : 0};
  }
  start = std::clamp<std::int64_t>(start, 0, extent - 1);
  end = std::clamp<std::int64_t>(end, -1, extent - 1);
  return {start, step, start > end ? (start - end - 1) / -step + 1 : 0};
}

std::vector<TensorType> infer_slice(const InferContext& context) {
  std::vector<std::int64_t> extents;
  for (const SliceRange& range : slice_ranges(context)) {
    extents.push_back(range.extent);
  }
  return {{context.input(0).dtype, Shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"Slice", {3, 5}, {1, 1}, infer_slice},
};

}  // namespace

std::vector<SliceRange> slice_ranges(const InferContext& context) {
  const Shape& shape = context.input(0).shape;
  const std::vector<std::int64_t> starts = context.constant_ints(1, "starts");
  const std::vector<std::int64_t> ends = context.constant_ints(2, "ends");
  std::vector<std::int64_t> axes(starts.size());
  std::iota(axes.begin(), axes.end(), 0);
  if (context.has_input(3)) {
    axes = context.constant_ints(3, "axes");
  }
  std::vector<std::int64_t> steps(starts.size(), 1);
  if (context.has_input(4)) {
    steps = context.constant_ints(4, "steps");
  }
  if (ends.size() != starts.size() || axes.size() != starts.size() ||
      steps.size() != starts.size()) {
    refuse("starts " + list_of(starts) + ", ends " + list_of(ends) + ", axes " + list_of(axes) +
               ", steps " + list_of(steps),
           "equally many of each");
  }
  std::vector<SliceRange> ranges;
  for (const std::int64_t extent : shape.extents()) {
    ranges.push_back({.start = 0, .step = 1, .extent = extent});
  }
  const std::vector<int> normalized = normalized_axes(axes, shape.rank());
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (steps[i] == 0) {
      refuse("steps " + list_of(steps), "none of them 0");
    }
    // -2^63 has no negation; a step that large takes one element either way.
    const std::int64_t step = std::max(steps[i], -std::numeric_limits<std::int64_t>::max());
    ranges[static_cast<std::size_t>(normalized[i])] =
        range_of(shape[normalized[i]], starts[i], ends[i], step);
  }
  return ranges;
}

std::span<const Operator> slice_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
