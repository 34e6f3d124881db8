#include "mtmi/ops/scatter.h"

#include <array>
#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

#include "mtmi/interp/cast.h"
#include "mtmi/interp/dispatch.h"
#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/indices.h"
#include "mtmi/kernels/arithmetic.h"
#include "mtmi/kernels/element.h"
#include "mtmi/kernels/strided_loop.h"
#include "mtmi/ops/checks.h"

namespace mtmi::interp {
namespace {

using ops::ScatterReduction;

template <class T>
T reduce(ScatterReduction reduction, T old, T update) {
  const auto a = kernels::load(old);
  const auto b = kernels::load(update);
  switch (reduction) {
    case ScatterReduction::Add:
      return kernels::store<T>(kernels::add(a, b));
    case ScatterReduction::Multiply:
      return kernels::store<T>(kernels::multiply(a, b));
    case ScatterReduction::Minimum:
      return kernels::store<T>(kernels::minimum(a, b));
    case ScatterReduction::Maximum:
      return kernels::store<T>(kernels::maximum(a, b));
    default:
      return update;
  }
}

/// Lets `count` elements of `src` from `from` on meet those of `dst` from `to` on.
void update_elements(ScatterReduction reduction,
                     Tensor& dst,
                     std::size_t to,
                     const Tensor& src,
                     std::size_t from,
                     std::size_t count) {
  const std::size_t element_size = size_of(dst.dtype());
  if (reduction == ScatterReduction::Replace) {
    std::memcpy(dst.bytes().data() + to * element_size,
                src.bytes().data() + from * element_size,
                count * element_size);
    return;
  }
  visit_numeric(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    const auto target = dst.data<T>().subspan(to, count);
    const auto source = src.data<T>().subspan(from, count);
    for (std::size_t i = 0; i < count; ++i) {
      target[i] = reduce(reduction, target[i], source[i]);
    }
  });
}

std::vector<Tensor> scatter_nd(const EvaluateContext& context) {
  Tensor dst = context.input(0).clone();
  const Tensor indices = cast(context.input(1), DType::Int64);
  const Tensor& updates = context.input(2);
  const auto reduction = ops::scatter_reduction(context.node.attributes);
  const std::span<const std::int64_t> extents = dst.shape().extents();
  const auto depth = static_cast<std::size_t>(indices.shape()[-1]);
  const auto block =
      static_cast<std::size_t>(std::accumulate(extents.begin() + static_cast<std::ptrdiff_t>(depth),
                                               extents.end(),
                                               std::int64_t{1},
                                               std::multiplies<>()));
  const std::size_t rows = static_cast<std::size_t>(indices.num_elements()) / depth;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto position = indices.data<std::int64_t>().subspan(row * depth, depth);
    const std::size_t at = checked_position(position, extents.first(depth));
    if (block != 0) {
      update_elements(reduction, dst, at * block, updates, row * block, block);
    }
  }
  return {dst};
}

std::vector<Tensor> scatter_elements(const EvaluateContext& context) {
  Tensor dst = context.input(0).clone();
  const Tensor& updates = context.input(2);
  const auto reduction = ops::scatter_reduction(context.node.attributes);
  const auto axis = static_cast<std::size_t>(
      ops::normalized_axis(context.node.attributes.get_int("axis", 0), dst.shape().rank()));
  const std::vector<std::int64_t> indices =
      checked_indices(context.input(1), dst.shape().extents()[axis]);
  std::vector<std::int64_t> strides = kernels::dense_strides(dst.shape());
  const std::int64_t axis_stride = std::exchange(strides[axis], 0);
  const auto loop = kernels::collapsed(kernels::StridedLoop<2>{
      updates.shape().extents(), {strides, kernels::dense_strides(updates.shape())}});
  kernels::for_each_row(loop, [&](const std::array<std::int64_t, 2>& at) {
    for (std::int64_t i = 0; i < loop.extents.back(); ++i) {
      const auto from = static_cast<std::size_t>(at[1] + i);
      const auto to = static_cast<std::size_t>(at[0] + i * loop.strides[0].back() +
                                               indices[from] * axis_stride);
      update_elements(reduction, dst, to, updates, from, 1);
    }
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"ScatterElements", scatter_elements},
    Evaluator{"ScatterND", scatter_nd},
};

}  // namespace

std::span<const Evaluator> scatter_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
