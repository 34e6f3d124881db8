#include "mtmi/ops/pad.h"

#include <array>

#include "mtmi/core/memory_limit.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/strided_loop.h"

namespace mtmi::interp {
namespace {

using kernels::dense_strides;

/// What is left of `src` after negative pads.
Tensor kept_part(const Tensor& src, const std::vector<ops::AxisPadding>& axes) {
  Placement from{0, dense_strides(src.shape())};
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    from.offset += axes[axis].start * from.strides[axis];
    extents.push_back(axes[axis].kept);
  }
  return copy_of_box(Shape(std::move(extents)), src, from);
}

Tensor pad_with_constant(const Tensor& kept,
                         const std::vector<ops::AxisPadding>& axes,
                         const Shape& shape,
                         const Tensor& value) {
  const std::vector<std::int64_t> standing(axes.size(), 0);
  Tensor dst = copy_of_box(shape, value, {0, standing});
  Placement to{0, dense_strides(shape)};
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    to.offset += axes[axis].before * to.strides[axis];
  }
  copy_box(kept.shape().extents(), dst, to, kept, {0, dense_strides(kept.shape())});
  return dst;
}

/// One axis after the other: what stands in a corner is the same in every order.
Tensor pad_from_inside(Tensor kept, const std::vector<ops::AxisPadding>& axes, ops::PadMode mode) {
  for (std::size_t axis = 0; axis < axes.size(); ++axis) {
    if (axes[axis].before + axes[axis].after == 0) {
      continue;
    }
    const auto extent = static_cast<std::size_t>(axes[axis].extent());
    require_memory(extent * sizeof(std::int64_t), "the indices of a padded axis");
    std::vector<std::int64_t> sources(extent);
    for (std::size_t i = 0; i < extent; ++i) {
      sources[i] = ops::padding_source(
          mode, static_cast<std::int64_t>(i) - axes[axis].before, axes[axis].kept);
    }
    kept = take(kept, static_cast<int>(axis), sources);
  }
  return kept;
}

std::vector<Tensor> pad(const EvaluateContext& context) {
  const ops::Padding padding = ops::padding_of(context.known);
  const auto [dtype, shape] = context.outputs[0];
  if (shape.num_elements() == 0) {
    return {Tensor(dtype, shape)};
  }
  const Tensor kept = kept_part(context.input(0), padding.axes);
  if (padding.mode != ops::PadMode::Constant) {
    return {pad_from_inside(kept, padding.axes, padding.mode)};
  }
  const Tensor value = context.has_input(2) ? context.input(2) : Tensor(dtype, Shape{});
  return {pad_with_constant(kept, padding.axes, shape, value)};
}

constexpr std::array kEvaluators{
    Evaluator{"Pad", pad},
};

}  // namespace

std::span<const Evaluator> pad_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
