// Element types of tensors.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mtmi/export.h"

namespace mtmi {

/// The type of one element. Bool is one byte, 0 or 1.
enum class DType : std::uint8_t {
  Float32,
  Float16,
  BFloat16,
  Float64,
  Int8,
  UInt8,
  Int32,
  Int64,
  Bool,
};

/// Size of one element [bytes].
[[nodiscard]] MTMI_API std::size_t size_of(DType dtype) noexcept;

/// "f32", "f16", "bf16", "f64", "s8", "u8", "s32", "s64", "bool".
[[nodiscard]] MTMI_API std::string_view to_string(DType dtype) noexcept;

/// The inverse of to_string(); nothing if `name` is none of them.
[[nodiscard]] MTMI_API std::optional<DType> parse_dtype(std::string_view name) noexcept;

/// Whether `dtype` is one of Float32, Float16, BFloat16, Float64.
[[nodiscard]] MTMI_API bool is_floating_point(DType dtype) noexcept;

/// An IEEE 754 binary16 number as its bits. Arithmetic is done in float; see core/half.h.
struct Float16 {
  std::uint16_t bits = 0;
  bool operator==(const Float16&) const = default;
};

/// The upper half of an IEEE 754 binary32 number as its bits.
struct BFloat16 {
  std::uint16_t bits = 0;
  bool operator==(const BFloat16&) const = default;
};

/// The DType of the C++ type T: `dtype_of<float> == DType::Float32`.
template <class T>
inline constexpr DType dtype_of = [] {
  static_assert(sizeof(T) == 0, "no DType for this C++ type");
  return DType::Float32;
}();
template <>
inline constexpr DType dtype_of<float> = DType::Float32;
template <>
inline constexpr DType dtype_of<Float16> = DType::Float16;
template <>
inline constexpr DType dtype_of<BFloat16> = DType::BFloat16;
template <>
inline constexpr DType dtype_of<double> = DType::Float64;
template <>
inline constexpr DType dtype_of<std::int8_t> = DType::Int8;
template <>
inline constexpr DType dtype_of<std::uint8_t> = DType::UInt8;
template <>
inline constexpr DType dtype_of<std::int32_t> = DType::Int32;
template <>
inline constexpr DType dtype_of<std::int64_t> = DType::Int64;
template <>
inline constexpr DType dtype_of<bool> = DType::Bool;

}  // namespace mtmi
