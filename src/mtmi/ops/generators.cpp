#include "mtmi/ops/generators.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "mtmi/error.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/families.h"

namespace mtmi::ops {
namespace {

std::vector<TensorType> infer_shape(const InferContext& context) {
  const auto extents = extents_between(context.attributes(), context.input(0).shape);
  return {{DType::Int64, Shape{static_cast<std::int64_t>(extents.size())}}};
}

std::vector<TensorType> infer_size(const InferContext& /*context*/) {
  return {{DType::Int64, Shape{}}};
}

std::vector<TensorType> infer_constant_of_shape(const InferContext& context) {
  const DType dtype = fill_value(context.attributes()).dtype();
  return {{dtype, checked_shape(context.constant_ints(0, "shape"))}};
}

[[noreturn]] void refuse_range(const std::string& start,
                               const std::string& limit,
                               const std::string& delta) {
  refuse("start " + start + ", limit " + limit + ", delta " + delta,
         "a delta other than 0 and a countable number of steps");
}

/// max(ceil((limit - start) / delta), 0), in 64 bits without overflow.
std::int64_t count_steps(std::int64_t start, std::int64_t limit, std::int64_t delta) {
  if (delta == 0) {
    refuse_range(std::to_string(start), std::to_string(limit), "0");
  }
  const bool up = delta > 0;
  if (up ? limit <= start : limit >= start) {
    return 0;
  }
  const auto from = static_cast<std::uint64_t>(up ? start : limit);
  const auto to = static_cast<std::uint64_t>(up ? limit : start);
  const auto step = up ? static_cast<std::uint64_t>(delta) : -static_cast<std::uint64_t>(delta);
  const std::uint64_t count = (to - from - 1) / step + 1;
  if (count > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    refuse_range(std::to_string(start), std::to_string(limit), std::to_string(delta));
  }
  return static_cast<std::int64_t>(count);
}

std::int64_t count_steps(double start, double limit, double delta) {
  constexpr double kMost = 0x1p60;
  const double steps = std::ceil((limit - start) / delta);
  if (delta == 0 || !(steps < kMost)) {  // a NaN is refused too
    refuse_range(std::to_string(start), std::to_string(limit), std::to_string(delta));
  }
  return static_cast<std::int64_t>(std::max(steps, 0.0));
}

const Tensor& range_scalar(const InferContext& context, int index) {
  const Tensor* tensor = context.constant(index);
  if (tensor == nullptr) {
    throw Error(ErrorCode::Unsupported,
                "ops::generators",
                "its input " + std::to_string(index) +
                    " is computed from data; mtmi wants it fixed before the network runs");
  }
  if (tensor->num_elements() != 1) {
    refuse("input " + std::to_string(index) + " of shape " + to_string(tensor->shape()),
           "a scalar");
  }
  return *tensor;
}

template <class Wide, class T>
std::int64_t count_steps_of(const InferContext& context) {
  const auto scalar = [&context](int index) {
    return static_cast<Wide>(range_scalar(context, index).data<T>()[0]);
  };
  return count_steps(scalar(0), scalar(1), scalar(2));
}

std::vector<TensorType> infer_range(const InferContext& context) {
  const DType dtype = context.input(0).dtype;
  require_dtype(context.input(1).dtype, dtype);
  require_dtype(context.input(2).dtype, dtype);
  switch (dtype) {
    case DType::Float32:
      return {{dtype, checked_shape({count_steps_of<double, float>(context)})}};
    case DType::Float64:
      return {{dtype, checked_shape({count_steps_of<double, double>(context)})}};
    case DType::Int32:
      return {{dtype, checked_shape({count_steps_of<std::int64_t, std::int32_t>(context)})}};
    case DType::Int64:
      return {{dtype, checked_shape({count_steps_of<std::int64_t, std::int64_t>(context)})}};
    default:
      refuse(to_string(dtype), "f32, f64, s32 or s64");
  }
}

constexpr std::array kOperators{
    Operator{"Shape", {1, 1}, {1, 1}, infer_shape},
    Operator{"Size", {1, 1}, {1, 1}, infer_size},
    Operator{"ConstantOfShape", {1, 1}, {1, 1}, infer_constant_of_shape},
    Operator{"Range", {3, 3}, {1, 1}, infer_range},
};

}  // namespace

std::vector<std::int64_t> extents_between(const Attributes& attributes, const Shape& shape) {
  const std::int64_t rank = shape.rank();
  const auto position = [rank](std::int64_t at) {
    return std::clamp<std::int64_t>(at < 0 ? at + rank : at, 0, rank);
  };
  const std::int64_t start = position(attributes.get_int("start", 0));
  const std::int64_t end = position(attributes.get_int("end", rank));
  if (start >= end) {
    return {};
  }
  return {shape.extents().begin() + start, shape.extents().begin() + end};
}

Tensor fill_value(const Attributes& attributes) {
  const Attribute* value = attributes.find("value");
  if (value == nullptr) {
    return Tensor(DType::Float32, Shape{1});
  }
  const Tensor* tensor = std::get_if<Tensor>(value);
  if (tensor == nullptr || tensor->num_elements() != 1) {
    refuse("an attribute 'value' that is not one element", "a tensor of one element");
  }
  return *tensor;
}

std::span<const Operator> generator_operators() {
  return kOperators;
}

}  // namespace mtmi::ops
