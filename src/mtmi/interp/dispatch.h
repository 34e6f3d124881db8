// From a DType to the C++ type of its elements.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "mtmi/dtype.h"
#include "mtmi/error.h"

namespace mtmi::interp {

[[noreturn]] inline void refuse_dtype(DType dtype) {
  throw Error(ErrorCode::Unsupported,
              "interp::dispatch",
              "there is no reference kernel for " + std::string(to_string(dtype)));
}

/// f(std::type_identity<T>{}) with T the element type; for Float32, Float16, BFloat16, Float64.
/// Throws Error(Unsupported) for others.
template <class F>
decltype(auto) visit_floating_point(DType dtype, F&& f) {
  switch (dtype) {
    case DType::Float32:
      return f(std::type_identity<float>{});
    case DType::Float16:
      return f(std::type_identity<Float16>{});
    case DType::BFloat16:
      return f(std::type_identity<BFloat16>{});
    case DType::Float64:
      return f(std::type_identity<double>{});
    default:
      refuse_dtype(dtype);
  }
}

/// The same for all types but Bool.
template <class F>
decltype(auto) visit_numeric(DType dtype, F&& f) {
  switch (dtype) {
    case DType::Int8:
      return f(std::type_identity<std::int8_t>{});
    case DType::UInt8:
      return f(std::type_identity<std::uint8_t>{});
    case DType::Int32:
      return f(std::type_identity<std::int32_t>{});
    case DType::Int64:
      return f(std::type_identity<std::int64_t>{});
    default:
      return visit_floating_point(dtype, f);
  }
}

/// The same for all types.
template <class F>
decltype(auto) visit_any(DType dtype, F&& f) {
  return dtype == DType::Bool ? f(std::type_identity<bool>{}) : visit_numeric(dtype, f);
}

}  // namespace mtmi::interp
