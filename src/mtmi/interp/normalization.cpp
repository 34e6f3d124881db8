#include <array>

#include "mtmi/interp/evaluators.h"
#include "mtmi/interp/wide_types.h"
#include "mtmi/kernels/arithmetic.h"
#include "mtmi/kernels/broadcast.h"
#include "mtmi/kernels/normalization_ref.h"
#include "mtmi/ops/checks.h"

namespace mtmi::interp {
namespace {

double epsilon_of(const EvaluateContext& c) {
  return static_cast<double>(c.node.attributes.get_float("epsilon", 1e-5F));
}

/// What normalize_rows_ref() gives.
struct Normalized {
  Tensor dst;
  std::vector<double> mean;
  std::vector<double> inv_std;
};

/// Input 0 seen as [rows, columns].
Normalized normalize_rows(const EvaluateContext& c, std::int64_t rows, std::int64_t columns) {
  Normalized result{.dst = Tensor(c.outputs[0].dtype, c.outputs[0].shape),
                    .mean = std::vector<double>(static_cast<std::size_t>(rows)),
                    .inv_std = std::vector<double>(static_cast<std::size_t>(rows))};
  visit_wide(result.dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::normalize_rows_ref(rows,
                                columns,
                                epsilon_of(c),
                                c.input(0).data<T>().data(),
                                result.dst.data<T>().data(),
                                result.mean,
                                result.inv_std);
  });
  return result;
}

/// dst = f(dst, operand), broadcast as if `operand` had `shape`.
template <class F>
void apply(Tensor& dst, const Tensor& operand, const Shape& shape, F f) {
  const auto loop = kernels::broadcast_loop<2>(dst.shape(), {&dst.shape(), &shape});
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    T* const to = dst.data<T>().data();
    kernels::map(loop, to, to, operand.data<T>().data(), f);
  });
}

constexpr auto kMultiply = [](auto x, auto y) { return kernels::multiply(x, y); };
constexpr auto kAdd = [](auto x, auto y) { return kernels::add(x, y); };

std::vector<Tensor> layer_norm(const EvaluateContext& c) {
  const Shape& shape = c.input(0).shape();
  const int axis = ops::normalized_axis(c.node.attributes.get_int("axis", -1), shape.rank());
  const AxisSplit split = split_at_axes(shape, axis, shape.rank());
  const Normalized normalized = normalize_rows(c, split.outer, split.extent);
  std::vector<Tensor> outputs{normalized.dst};
  apply(outputs[0], c.input(1), c.input(1).shape(), kMultiply);
  if (c.has_input(2)) {
    apply(outputs[0], c.input(2), c.input(2).shape(), kAdd);
  }
  if (c.outputs.size() > 1) {
    outputs.push_back(from_doubles(c.outputs[1], normalized.mean));
  }
  if (c.outputs.size() > 2) {
    outputs.push_back(from_doubles(c.outputs[2], normalized.inv_std));
  }
  return outputs;
}

/// x [n, groups * c, ...] normalised over each group, then scaled and shifted per channel.
std::vector<Tensor> group_norm_of(const EvaluateContext& c, std::int64_t groups) {
  const Shape& shape = c.input(0).shape();
  const std::int64_t rows = shape[0] * groups;
  Tensor dst = normalize_rows(c, rows, shape.num_elements() / rows).dst;
  std::vector<std::int64_t> channels(static_cast<std::size_t>(shape.rank() - 1), 1);
  channels[0] = shape[1];  // [c, 1, ...]
  const Shape per_channel(std::move(channels));
  apply(dst, c.input(1), per_channel, kMultiply);
  apply(dst, c.input(2), per_channel, kAdd);
  return {dst};
}

std::vector<Tensor> instance_norm(const EvaluateContext& c) {
  return group_norm_of(c, c.input(0).shape()[1]);
}

std::vector<Tensor> group_norm(const EvaluateContext& c) {
  return group_norm_of(c, c.node.attributes.get_int("num_groups", 1));
}

std::vector<Tensor> batch_norm(const EvaluateContext& c) {
  Tensor dst(c.outputs[0].dtype, c.outputs[0].shape);
  visit_wide(dst.dtype(), [&]<class T>(std::type_identity<T>) {
    kernels::batch_norm_ref(split_at_axis(dst.shape(), 1),
                            epsilon_of(c),
                            to_doubles(c.input(1)),
                            to_doubles(c.input(2)),
                            to_doubles(c.input(3)),
                            to_doubles(c.input(4)),
                            c.input(0).data<T>().data(),
                            dst.data<T>().data());
  });
  return {dst};
}

constexpr std::array kEvaluators{
    Evaluator{"BatchNormalization", wide<batch_norm>},
    Evaluator{"GroupNormalization", wide<group_norm>},
    Evaluator{"InstanceNormalization", wide<instance_norm>},
    Evaluator{"LayerNormalization", wide<layer_norm>},
};

}  // namespace

std::span<const Evaluator> normalization_evaluators() {
  return kEvaluators;
}

}  // namespace mtmi::interp
