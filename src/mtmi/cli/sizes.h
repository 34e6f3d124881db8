// Sizes on the command line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "mtmi/shape.h"

namespace mtmi::cli {

/// HEIGHTxWIDTH, as everywhere in mtmi.
struct PixelSize {
  std::int64_t height = 0;  ///< [pixels]
  std::int64_t width = 0;   ///< [pixels]
};

/// "512x1024" -> 512 high, 1024 wide. Throws UsageError.
[[nodiscard]] PixelSize parse_pixel_size(std::string_view text);

/// "1,3,640,640". Throws UsageError.
[[nodiscard]] Shape parse_dims(std::string_view text);

/// "NAME=VALUE" at the last '=' of `text`, since names may hold one. Throws UsageError.
[[nodiscard]] std::pair<std::string, std::string> parse_assignment(std::string_view text);

/// "2GiB", "512MiB", "1000000" -> bytes. Throws UsageError.
[[nodiscard]] std::size_t parse_bytes(std::string_view text);

}  // namespace mtmi::cli
