// The outer form of an engine file: header, checksums, sections. Private to device/.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mtmi::engine_container {

/// Raised whenever the meaning of any section changes: older files are refused, not misread.
inline constexpr std::uint32_t kFormatVersion = 1;

inline constexpr std::size_t kNumSections = 3;
inline constexpr std::array<std::string_view, kNumSections> kSectionNames{
    "meta", "weights", "blob"};

struct Contents {
  std::string content_hash;  ///< 32 hex digits
  std::array<std::span<const std::byte>, kNumSections> sections;
};

[[nodiscard]] std::vector<std::byte> pack(const Contents& contents);

/// Views of `bytes`. Throws Error(InvalidModel) unless every checksum is right.
[[nodiscard]] Contents unpack(std::span<const std::byte> bytes);

[[nodiscard]] bool has_magic(std::span<const std::byte> bytes) noexcept;

}  // namespace mtmi::engine_container
