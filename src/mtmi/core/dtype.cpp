#include "mtmi/dtype.h"

#include <array>

#include "mtmi/core/assert.h"

namespace mtmi {
namespace {

struct DTypeInfo {
  DType dtype;
  std::size_t size_bytes;
  std::string_view name;
};

constexpr std::array<DTypeInfo, 9> kInfo{{
    {DType::Float32, 4, "f32"},
    {DType::Float16, 2, "f16"},
    {DType::BFloat16, 2, "bf16"},
    {DType::Float64, 8, "f64"},
    {DType::Int8, 1, "s8"},
    {DType::UInt8, 1, "u8"},
    {DType::Int32, 4, "s32"},
    {DType::Int64, 8, "s64"},
    {DType::Bool, 1, "bool"},
}};

const DTypeInfo& info(DType dtype) {
  const auto index = static_cast<std::size_t>(dtype);
  MTMI_ASSERT(index < kInfo.size());
  return kInfo[index];
}

}  // namespace

std::size_t size_of(DType dtype) noexcept {
  return info(dtype).size_bytes;
}

std::string_view to_string(DType dtype) noexcept {
  return info(dtype).name;
}

std::optional<DType> parse_dtype(std::string_view name) noexcept {
  for (const DTypeInfo& entry : kInfo) {
    if (entry.name == name) {
      return entry.dtype;
    }
  }
  return std::nullopt;
}

bool is_floating_point(DType dtype) noexcept {
  return dtype == DType::Float32 || dtype == DType::Float16 || dtype == DType::BFloat16 ||
         dtype == DType::Float64;
}

}  // namespace mtmi
