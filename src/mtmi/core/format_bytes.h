// Sizes in memory as people read them: one convention wherever mtmi tells one.
#pragma once

#include <cstddef>
#include <string>

namespace mtmi {

/// 3670016 -> "3.5 MiB"; below 1 KiB "12 bytes". A unit is 1,024 of the one before.
[[nodiscard]] std::string format_bytes(std::size_t size_bytes);

}  // namespace mtmi
