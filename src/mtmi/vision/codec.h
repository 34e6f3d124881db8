// Private to vision/: the two image formats behind image.h, and what their wrappers share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::vision {

/// A side longer than this is taken for damage (JPEG cannot have more).
inline constexpr std::uint32_t kMaxSide = 65535;

[[nodiscard]] bool is_png(std::span<const std::byte> bytes) noexcept;
[[nodiscard]] bool is_jpeg(std::span<const std::byte> bytes) noexcept;

/// Pre: is_png(bytes). They throw as image.h says, without the name of the file.
[[nodiscard]] Image decode_png(std::span<const std::byte> bytes);
[[nodiscard]] Gray8Image decode_png_gray8(std::span<const std::byte> bytes);
[[nodiscard]] Gray16Image decode_png_gray16(std::span<const std::byte> bytes);

/// Pre: is_jpeg(bytes).
[[nodiscard]] Image decode_jpeg(std::span<const std::byte> bytes);

/// Error(InvalidModel) "damaged `format`: `reason`".
[[nodiscard]] inline Error damaged(const char* format, const std::string& reason) {
  return {
      ErrorCode::InvalidModel, "vision::decode", std::string("damaged ") + format + ": " + reason};
}

}  // namespace mtmi::vision
