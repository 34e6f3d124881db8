#include "mtmi/core/format_bytes.h"

#include <array>
#include <cstdio>

namespace mtmi {

std::string format_bytes(std::size_t size_bytes) {
  constexpr std::array kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  if (size_bytes < 1024) {
    return std::to_string(size_bytes) + (size_bytes == 1 ? " byte" : " bytes");
  }
  constexpr double kNextUnit = 1023.95;  // what would be rounded to 1024.0 is 1.0 of the next unit
  auto value = static_cast<double>(size_bytes);
  std::size_t unit = 0;
  while (value >= kNextUnit && unit + 1 < kUnits.size()) {
    value /= 1024.0;
    ++unit;
  }
  std::array<char, 48> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", value, kUnits[unit]);
  return text.data();
}

}  // namespace mtmi
