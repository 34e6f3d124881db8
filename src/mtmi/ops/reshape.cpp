// Operators that give the same elements another shape.
#include <algorithm>
#include <array>

#include "mtmi/core/checked.h"
#include "mtmi/error.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_identity(const InferContext& context) {
  return {context.input(0)};
}

bool is_scalar_of(const Tensor* tensor, DType dtype) {
  return tensor != nullptr && tensor->dtype() == dtype && tensor->num_elements() == 1;
}

/// Inference only: all elements pass, the mask is true throughout.
std::vector<TensorType> infer_dropout(const InferContext& context) {
  const Tensor* ratio = context.constant(1);
  const Tensor* training = context.constant(2);
  const bool drops_nothing = is_scalar_of(ratio, DType::Float32) && ratio->data<float>()[0] == 0.0F;
  const bool is_inference =
      !context.has_input(2) || (is_scalar_of(training, DType::Bool) && !training->data<bool>()[0]);
  if (!is_inference && !drops_nothing) {
    throw Error(ErrorCode::Unsupported,
                "ops::reshape",
                "its input 2 (training_mode) is not the constant false; mtmi runs networks, it "
                "does not train them");
  }
  return {context.input(0), {DType::Bool, context.input(0).shape}};
}

/// What stands for 0 and -1 in the requested shape filled in.
std::vector<TensorType> infer_reshape(const InferContext& context) {
  const TensorType& x = context.input(0);
  const bool keeps_zero = context.attributes().get_int("allowzero", 0) != 0;
  const std::vector<std::int64_t> requested = context.constant_ints(1, "shape");
  const std::string expected = "a shape for " + to_string(x.shape);
  std::vector<std::int64_t> extents = requested;
  auto unknown = extents.end();
  std::int64_t known = 1;
  for (auto it = extents.begin(); it != extents.end(); ++it) {
    const auto axis = static_cast<int>(it - extents.begin());
    if (*it == 0 && !keeps_zero) {
      if (axis >= x.shape.rank()) {
        refuse(list_of(requested), expected + ": a 0 stands for an axis that is not there");
      }
      *it = x.shape[axis];
    }
    if (*it == -1) {
      if (unknown != extents.end()) {
        refuse(list_of(requested), expected + " with at most one -1");
      }
      unknown = it;
    } else {
      known = checked_mul(known, *it);
    }
  }
  if (unknown != extents.end()) {
    if (known <= 0 || x.shape.num_elements() % known != 0) {
      refuse(list_of(requested), expected + " that leaves a whole number for -1");
    }
    *unknown = x.shape.num_elements() / known;
  }
  Shape shape = checked_shape(std::move(extents));
  if (shape.num_elements() != x.shape.num_elements()) {
    refuse(list_of(requested), expected);
  }
  return {{x.dtype, std::move(shape)}};
}

std::vector<TensorType> infer_flatten(const InferContext& context) {
  const TensorType& x = context.input(0);
  const int rank = x.shape.rank();
  const std::int64_t axis = context.attributes().get_int("axis", 1);
  // Unlike elsewhere, the axis may stand behind the last one.
  const int split = axis == rank ? rank : rank == 0 && axis == 0 ? 0 : normalized_axis(axis, rank);
  std::int64_t outer = 1;
  std::int64_t inner = 1;
  for (int i = 0; i < rank; ++i) {
    (i < split ? outer : inner) *= x.shape[i];
  }
  return {{x.dtype, Shape{outer, inner}}};
}

std::vector<TensorType> infer_squeeze(const InferContext& context) {
  const TensorType& x = context.input(0);
  std::vector<bool> drop(static_cast<std::size_t>(x.shape.rank()), false);
  if (context.has_input(1)) {
    for (const int axis : normalized_axes(context.constant_ints(1, "axes"), x.shape.rank())) {
      if (x.shape[axis] != 1) {
        refuse("axis " + std::to_string(axis) + " of " + to_string(x.shape), "an extent of 1");
      }
      drop[static_cast<std::size_t>(axis)] = true;
    }
  } else {
    std::transform(
        x.shape.extents().begin(), x.shape.extents().end(), drop.begin(), [](std::int64_t extent) {
          return extent == 1;
        });
  }
  std::vector<std::int64_t> extents;
  for (std::size_t axis = 0; axis < drop.size(); ++axis) {
    if (!drop[axis]) {
      extents.push_back(x.shape.extents()[axis]);
    }
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

std::vector<TensorType> infer_unsqueeze(const InferContext& context) {
  const TensorType& x = context.input(0);
  const std::vector<std::int64_t> axes = context.constant_ints(1, "axes");
  const int rank = x.shape.rank() + static_cast<int>(axes.size());
  std::vector<std::int64_t> extents(static_cast<std::size_t>(rank), -1);
  for (const int axis : normalized_axes(axes, rank)) {
    extents[static_cast<std::size_t>(axis)] = 1;
  }
  auto next = x.shape.extents().begin();
  for (std::int64_t& extent : extents) {
    if (extent == -1) {
      extent = *next++;
    }
  }
  return {{x.dtype, Shape(std::move(extents))}};
}

constexpr std::array kOperators{
    Operator{"Identity", {1, 1}, {1, 1}, infer_identity},
    Operator{"Dropout", {1, 3}, {1, 2}, infer_dropout},
    Operator{"Reshape", {2, 2}, {1, 1}, infer_reshape},
    Operator{"Flatten", {1, 1}, {1, 1}, infer_flatten},
    Operator{"Squeeze", {1, 2}, {1, 1}, infer_squeeze},
    Operator{"Unsqueeze", {2, 2}, {1, 1}, infer_unsqueeze},
};

}  // namespace

std::span<const Operator> reshape_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
