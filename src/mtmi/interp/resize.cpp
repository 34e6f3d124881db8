#include "mtmi/ops/resize.h"

#include <array>
#include <utility>

#include "mtmi/core/memory_limit.h"
#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/element.h"
#include "mtmi/kernels/resize_ref.h"
#include "mtmi/kernels/saturate.h"

namespace mtmi::interp {
namespace {

kernels::AxisTaps taps_of(const ops::ResizeRule& rule, const ops::ResizeAxis& axis) {
  kernels::AxisTaps all;
  all.first.push_back(0);
  for (std::int64_t o = 0; o < axis.out; ++o) {
    const ops::ResizeTaps taps = ops::resize_taps(rule, axis, o);
    all.indices.insert(all.indices.end(), taps.indices.begin(), taps.indices.end());
    all.weights.insert(all.weights.end(), taps.weights.begin(), taps.weights.end());
    all.offsets.push_back(taps.offset);
    all.first.push_back(static_cast<std::int64_t>(all.indices.size()));
  }
  return all;
}

/// Axis by axis in double, rounded once.
Tensor interpolate(const Tensor& src, const ops::ResizeGeometry& g) {
  std::vector<double> values = to_doubles(src);
  std::vector<std::int64_t> extents = src.shape().extents();
  for (std::size_t i = 0; i < g.axes.size(); ++i) {
    if (ops::is_identity(g.rule, g.axes[i])) {
      continue;
    }
    const AxisSplit split = split_at_axis(Shape(extents), static_cast<int>(i));
    extents[i] = g.axes[i].out;
    const auto count = static_cast<std::size_t>(Shape(extents).num_elements());
    require_memory(count * sizeof(double), "an intermediate result of Resize");
    std::vector<double> resized(count);
    kernels::resample_axis_ref(split, taps_of(g.rule, g.axes[i]), values.data(), resized.data());
    values = std::move(resized);
  }
  return from_doubles({src.dtype(), g.dst_shape()}, values);
}

std::vector<std::int64_t> nearest_indices(const ops::ResizeRule& rule,
                                          const ops::ResizeAxis& axis) {
  std::vector<std::int64_t> indices;
  for (std::int64_t o = 0; o < axis.out; ++o) {
    const ops::ResizeTaps taps = ops::resize_taps(rule, axis, o);
    indices.push_back(taps.indices.empty() ? -1 : taps.indices[0]);
  }
  return indices;
}

/// Axis by axis by copying elements as they are.
Tensor select_nearest(const Tensor& src, const ops::ResizeGeometry& g) {
  Tensor current = src;
  for (std::size_t i = 0; i < g.axes.size(); ++i) {
    if (ops::is_identity(g.rule, g.axes[i])) {
      continue;
    }
    std::vector<std::int64_t> extents = current.shape().extents();
    extents[i] = g.axes[i].out;
    Tensor resized(src.dtype(), Shape(extents));
    visit_any(src.dtype(), [&]<class T>(std::type_identity<T>) {
      kernels::select_along_axis_ref(
          split_at_axis(current.shape(), static_cast<int>(i)),
          nearest_indices(g.rule, g.axes[i]),
          kernels::store<T>(kernels::saturate<kernels::ComputeType<T>>(g.rule.extrapolation_value)),
          std::as_const(current).data<T>().data(),
          resized.data<T>().data());
    });
    current = resized;
  }
  return current;
}

std::vector<Tensor> resize(const EvaluateContext& c) {
  const ops::ResizeGeometry g = ops::resize_geometry(c.known);
  return {g.rule.mode == ops::ResizeMode::Nearest ? select_nearest(c.input(0), g)
                                                  : interpolate(c.input(0), g)};
}

constexpr std::array kEvaluators{
    Evaluator{"Resize", resize},
};

}  // namespace

std::span<const Evaluator> resize_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
