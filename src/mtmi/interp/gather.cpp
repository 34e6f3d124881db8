#include <array>
#include <cstring>
#include <functional>
#include <numeric>
#include <utility>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/indices.h"
#include "mtmi/interp/movement.h"
#include "mtmi/kernels/strided_loop.h"
#include "mtmi/ops/checks.h"

namespace mtmi::interp {
namespace {

std::size_t product(std::span<const std::int64_t> extents) {
  return static_cast<std::size_t>(
      std::accumulate(extents.begin(), extents.end(), std::int64_t{1}, std::multiplies<>()));
}

std::vector<Tensor> gather(const EvaluateContext& context) {
  const Tensor& data = context.input(0);
  const int axis =
      ops::normalized_axis(context.node.attributes.get_int("axis", 0), data.shape().rank());
  const auto indices = checked_indices(context.input(1), data.shape()[axis]);
  return {take(data, axis, indices).reshaped(context.outputs[0].shape)};
}

/// y[.., i, ..] = data[.., indices[.., i, ..], ..]: all axes but one keep their position.
std::vector<Tensor> gather_elements(const EvaluateContext& context) {
  const Tensor& data = context.input(0);
  const Shape& shape = context.outputs[0].shape;
  const auto axis = static_cast<std::size_t>(
      ops::normalized_axis(context.node.attributes.get_int("axis", 0), shape.rank()));
  std::vector<std::int64_t> strides = kernels::dense_strides(data.shape());
  const std::int64_t axis_stride = std::exchange(strides[axis], 0);
  const std::vector<std::int64_t> indices =
      checked_indices(context.input(1), data.shape().extents()[axis]);
  const std::size_t element_size = size_of(data.dtype());
  Tensor dst(data.dtype(), shape);
  const auto loop = kernels::collapsed(
      kernels::StridedLoop<2>{shape.extents(), {kernels::dense_strides(shape), strides}});
  kernels::for_each_row(loop, [&](const std::array<std::int64_t, 2>& at) {
    for (std::int64_t i = 0; i < loop.extents.back(); ++i) {
      const auto to = static_cast<std::size_t>(at[0] + i);
      const auto from =
          static_cast<std::size_t>(at[1] + i * loop.strides[1].back() + indices[to] * axis_stride);
      std::memcpy(dst.bytes().data() + to * element_size,
                  data.bytes().data() + from * element_size,
                  element_size);
    }
  });
  return {dst};
}

/// Per batch, each row of the indices names a block of the data.
std::vector<Tensor> gather_nd(const EvaluateContext& context) {
  const Tensor& data = context.input(0);
  const Tensor& indices = context.input(1);
  const auto batch_dims =
      static_cast<std::size_t>(context.node.attributes.get_int("batch_dims", 0));
  const std::span<const std::int64_t> extents = data.shape().extents();
  const auto depth = static_cast<std::size_t>(indices.shape()[-1]);
  const std::span<const std::int64_t> indexed = extents.subspan(batch_dims, depth);
  const std::size_t block_bytes =
      product(extents.subspan(batch_dims + depth)) * size_of(data.dtype());
  const std::size_t batch_bytes = product(indexed) * block_bytes;
  const std::size_t batches = product(extents.first(batch_dims));
  const std::size_t rows = static_cast<std::size_t>(indices.num_elements()) / depth;

  Tensor dst(data.dtype(), context.outputs[0].shape);
  for (std::size_t row = 0; row < rows; ++row) {
    const auto position = indices.data<std::int64_t>().subspan(row * depth, depth);
    const std::size_t block = checked_position(position, indexed);
    if (block_bytes != 0) {
      std::memcpy(dst.bytes().data() + row * block_bytes,
                  data.bytes().data() + row / (rows / batches) * batch_bytes + block * block_bytes,
                  block_bytes);
    }
  }
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"Gather", gather},
    Evaluator{"GatherElements", gather_elements},
    Evaluator{"GatherND", gather_nd},
};

}  // namespace

std::span<const Evaluator> gather_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
