#include "mtmi/ops/reduction.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <string>

#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<int> reduced_axes(const InferContext& context, int rank) {
  std::vector<std::int64_t> axes;
  if (context.has_input(1)) {
    axes = context.constant_ints(1, "axes");
  }
  if (axes.empty() && context.attributes().get_int("noop_with_empty_axes", 0) == 0) {
    axes.resize(static_cast<std::size_t>(rank));
    std::iota(axes.begin(), axes.end(), 0);
  }
  return normalized_axes(axes, rank);
}

Reduction reduce_axes(const Shape& src, std::vector<int> axes, bool keep) {
  std::vector<std::int64_t> kept;
  std::vector<std::int64_t> dst;
  for (int axis = 0; axis < src.rank(); ++axis) {
    const bool reduced = std::find(axes.begin(), axes.end(), axis) != axes.end();
    kept.push_back(reduced ? 1 : src[axis]);
    if (!reduced || keep) {
      dst.push_back(kept.back());
    }
  }
  return {.axes = std::move(axes), .kept = Shape(std::move(kept)), .dst = Shape(std::move(dst))};
}

std::vector<TensorType> infer_reduce(const InferContext& context) {
  require_numeric(context.input(0).dtype);
  return {{context.input(0).dtype, reduction_of(context).dst}};
}

/// Max and Min order Bool, too.
std::vector<TensorType> infer_extremum(const InferContext& context) {
  return {{context.input(0).dtype, reduction_of(context).dst}};
}

std::vector<TensorType> infer_mean(const InferContext& context) {
  const TensorType& x = context.input(0);
  const Shape dst = reduction_of(context).dst;
  if (!is_floating_point(x.dtype) && x.shape.num_elements() == 0 && dst.num_elements() != 0) {
    refuse("the mean of no " + std::string(to_string(x.dtype)) + " values", "one or more");
  }
  return infer_reduce(context);
}

std::vector<TensorType> infer_arg(const InferContext& context) {
  const Shape& src = context.input(0).shape;
  require_numeric(context.input(0).dtype);
  const Reduction reduction = reduction_of(context);
  if (src[reduction.axes[0]] == 0) {
    refuse("axis " + std::to_string(reduction.axes[0]) + " of extent 0", "one or more elements");
  }
  return {{DType::Int64, reduction.dst}};
}

constexpr std::array kOperators{
    Operator{"ArgMax", {1, 1}, {1, 1}, infer_arg},
    Operator{"ArgMin", {1, 1}, {1, 1}, infer_arg},
    Operator{"ReduceL1", {1, 2}, {1, 1}, infer_reduce},
    Operator{"ReduceL2", {1, 2}, {1, 1}, infer_reduce},
    Operator{"ReduceLogSum", {1, 2}, {1, 1}, infer_reduce},
    Operator{"ReduceLogSumExp", {1, 2}, {1, 1}, infer_reduce},
    Operator{"ReduceMax", {1, 2}, {1, 1}, infer_extremum},
    Operator{"ReduceMean", {1, 2}, {1, 1}, infer_mean},
    Operator{"ReduceMin", {1, 2}, {1, 1}, infer_extremum},
    Operator{"ReduceProd", {1, 2}, {1, 1}, infer_reduce},
    Operator{"ReduceSum", {1, 2}, {1, 1}, infer_reduce},
    Operator{"ReduceSumSquare", {1, 2}, {1, 1}, infer_reduce},
};

}  // namespace

Reduction reduction_of(const InferContext& context) {
  const Shape& src = context.input(0).shape;
  const bool keep = context.attributes().get_int("keepdims", 1) != 0;
  if (context.node().op.starts_with("Arg")) {
    return reduce_axes(
        src, {normalized_axis(context.attributes().get_int("axis", 0), src.rank())}, keep);
  }
  return reduce_axes(src, reduced_axes(context, src.rank()), keep);
}

std::span<const Operator> reduction_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
