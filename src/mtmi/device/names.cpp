// The names of the enumerations of device/.
#include <array>
#include <utility>

#include "mtmi/device/backend.h"

namespace mtmi {
namespace {

constexpr std::array<std::pair<Layout, std::string_view>, 7> kLayouts{{
    {Layout::Linear, "linear"},
    {Layout::Hwc, "hwc"},
    {Layout::Hwc8, "hwc8"},
    {Layout::Chw16, "chw16"},
    {Layout::Chw32, "chw32"},
    {Layout::DlaLinear, "dla_linear"},
    {Layout::DlaHwc4, "dla_hwc4"},
}};
constexpr std::array<std::pair<Precision, std::string_view>, 4> kPrecisions{{
    {Precision::Float32, "f32"},
    {Precision::BFloat16, "bf16"},
    {Precision::Float16, "f16"},
    {Precision::Int8, "int8"},
}};
constexpr std::array<std::pair<Rounding, std::string_view>, 2> kRoundings{{
    {Rounding::HalfEven, "even"},
    {Rounding::TowardZero, "truncate"},
}};
constexpr std::array<std::pair<MemoryKind, std::string_view>, 4> kMemoryKinds{{
    {MemoryKind::Host, "host"},
    {MemoryKind::CudaPinned, "cuda_pinned"},
    {MemoryKind::CudaDevice, "cuda_device"},
    {MemoryKind::CudlaRegistered, "cudla_registered"},
}};

template <class Names, class Enum>
std::string_view name_of(const Names& names, Enum value) noexcept {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) {
      return name;
    }
  }
  return "?";
}

template <class Enum, class Names>
std::optional<Enum> value_of(const Names& names, std::string_view wanted) noexcept {
  for (const auto& [candidate, name] : names) {
    if (name == wanted) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Layout layout) noexcept {
  return name_of(kLayouts, layout);
}

std::optional<Layout> parse_layout(std::string_view name) noexcept {
  return value_of<Layout>(kLayouts, name);
}

std::string_view to_string(Precision precision) noexcept {
  return name_of(kPrecisions, precision);
}

std::optional<Precision> parse_precision(std::string_view name) noexcept {
  return value_of<Precision>(kPrecisions, name);
}

std::string_view to_string(Rounding rounding) noexcept {
  return name_of(kRoundings, rounding);
}

std::optional<Rounding> parse_rounding(std::string_view name) noexcept {
  return value_of<Rounding>(kRoundings, name);
}

std::string_view to_string(MemoryKind kind) noexcept {
  return name_of(kMemoryKinds, kind);
}

}  // namespace mtmi
