// Operators that bring values to mean 0 and variance 1, then scale and shift them.
#include <algorithm>
#include <array>
#include <string>

#include "mtmi/error.h"
#include "mtmi/ops/broadcast.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"
#include "mtmi/ops/input_checks.h"

namespace mtmi::ops {
namespace {

void require_broadcast_to(const Shape& from, const Shape& to, const std::string& role) {
  if (broadcast(from, to) != to) {
    refuse(role + " of shape " + to_string(from), "one that broadcasts to " + to_string(to));
  }
}

/// A negative one could make the variance plus epsilon 0 or less.
void require_epsilon(const InferContext& context) {
  const float epsilon = context.attributes().get_float("epsilon", 1e-5F);
  if (!(epsilon >= 0.0F)) {
    refuse("epsilon " + std::to_string(epsilon), "a number >= 0");
  }
}

DType stash_type(const InferContext& context) {
  switch (context.attributes().get_int("stash_type", 1)) {
    case 1:
      return DType::Float32;
    case 16:
      return DType::BFloat16;
    default:
      refuse("stash_type " + std::to_string(context.attributes().get_int("stash_type", 1)),
             "1 (f32) or 16 (bf16)");
  }
}

std::vector<TensorType> infer_layer_norm(const InferContext& context) {
  const TensorType& x = context.input(0);
  require_floating_point(x.dtype);
  require_dtype_of_first(context, {1, 2});
  require_epsilon(context);
  const int axis = normalized_axis(context.attributes().get_int("axis", -1), x.shape.rank());
  require_broadcast_to(context.input(1).shape, x.shape, "a scale");
  if (context.has_input(2)) {
    require_broadcast_to(context.input(2).shape, x.shape, "a bias");
  }
  std::vector<std::int64_t> extents = x.shape.extents();
  std::fill(extents.begin() + axis, extents.end(), 1);
  const TensorType statistics{stash_type(context), Shape(std::move(extents))};
  return {x, statistics, statistics};
}

/// Checks x [n, c, ...] and that inputs 1 to `last` have shape [c].
void require_per_channel(const InferContext& context, int last) {
  const TensorType& x = context.input(0);
  require_floating_point(x.dtype);
  require_epsilon(context);
  if (x.shape.rank() < 2) {
    refuse("a source of shape " + to_string(x.shape), "a rank of 2 or more");
  }
  for (int index = 1; index <= last; ++index) {
    require_floating_point(context.input(index).dtype);
    require_shape(context, index, Shape{x.shape[1]}, "input " + std::to_string(index));
  }
}

std::vector<TensorType> infer_batch_norm(const InferContext& context) {
  if (context.attributes().get_int("training_mode", 0) != 0 || context.num_outputs() > 1) {
    throw Error(ErrorCode::Unsupported,
                "ops::infer",
                "got training_mode 1, expected 0: mtmi runs networks, it does not train them");
  }
  require_per_channel(context, 4);
  return {context.input(0)};
}

std::vector<TensorType> infer_instance_norm(const InferContext& context) {
  require_per_channel(context, 2);
  require_dtype_of_first(context, {1, 2});
  return {context.input(0)};
}

std::vector<TensorType> infer_group_norm(const InferContext& context) {
  require_per_channel(context, 2);
  require_dtype_of_first(context, {1, 2});
  const std::int64_t groups = context.attributes().get_int("num_groups", 0);
  const std::int64_t channels = context.input(0).shape[1];
  if (groups < 1 || channels % groups != 0) {
    refuse("num_groups " + std::to_string(groups),
           "a divisor of " + std::to_string(channels) + " channels");
  }
  return {context.input(0)};
}

constexpr std::array kOperators{
    Operator{"BatchNormalization", {5, 5}, {1, 3}, infer_batch_norm},
    Operator{"GroupNormalization", {3, 3}, {1, 1}, infer_group_norm},
    Operator{"InstanceNormalization", {3, 3}, {1, 1}, infer_instance_norm},
    Operator{"LayerNormalization", {2, 3}, {1, 3}, infer_layer_norm},
};

}  // namespace

std::span<const Operator> normalization_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
