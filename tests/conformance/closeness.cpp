#include "closeness.h"

#include <cmath>
#include <sstream>

#include "mtmi/core/half.h"
#include "mtmi/graph/graph.h"

namespace mtmi::conformance {
namespace {

double element(const Tensor& tensor, std::size_t i) {
  switch (tensor.dtype()) {
    case DType::Float32:
      return static_cast<double>(tensor.data<float>()[i]);
    case DType::Float16:
      return static_cast<double>(to_float(tensor.data<Float16>()[i]));
    case DType::BFloat16:
      return static_cast<double>(to_float(tensor.data<BFloat16>()[i]));
    case DType::Float64:
      return tensor.data<double>()[i];
    case DType::Int8:
      return tensor.data<std::int8_t>()[i];
    case DType::UInt8:
      return tensor.data<std::uint8_t>()[i];
    case DType::Int32:
      return tensor.data<std::int32_t>()[i];
    case DType::Int64:
      return static_cast<double>(tensor.data<std::int64_t>()[i]);
    case DType::Bool:
      return tensor.data<bool>()[i] ? 1.0 : 0.0;
  }
  return 0.0;
}

bool is_close(double expected, double got, double relative) {
  if (std::isnan(expected) || std::isnan(got)) {
    return std::isnan(expected) && std::isnan(got);
  }
  if (std::isinf(expected) || std::isinf(got)) {
    return expected == got;
  }
  return std::abs(got - expected) <= 1e-7 + relative * std::abs(expected);
}

}  // namespace

std::string describe_difference(const Tensor& expected, const Tensor& got) {
  const TensorType want{expected.dtype(), expected.shape()};
  const TensorType have{got.dtype(), got.shape()};
  if (want != have) {
    return "got " + to_string(have) + ", expected " + to_string(want);
  }
  if (!is_floating_point(expected.dtype()) && bitwise_equal(expected, got)) {
    return "";
  }
  const double relative = expected.dtype() == DType::BFloat16 ? 1e-2 : 1e-3;
  for (std::size_t i = 0; i < static_cast<std::size_t>(expected.num_elements()); ++i) {
    const double a = element(expected, i);
    const double b = element(got, i);
    if (is_floating_point(expected.dtype()) ? !is_close(a, b, relative) : a != b) {
      std::ostringstream text;
      text.precision(9);
      text << "element " << i << " of " << to_string(have) << ": got " << b << ", expected " << a;
      return text.str();
    }
  }
  return "";
}

}  // namespace mtmi::conformance
