#include "mtmi/core/printable.h"

#include <algorithm>

namespace mtmi {

bool is_control(char c) noexcept {
  constexpr unsigned char kFirstPrintable = 0x20;
  constexpr unsigned char kDelete = 0x7f;
  const auto code = static_cast<unsigned char>(c);
  return code < kFirstPrintable || code == kDelete;
}

bool is_printable(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(), is_control);
}

std::string printable(std::string_view text) {
  std::string result(text);
  std::replace_if(result.begin(), result.end(), is_control, '?');
  return result;
}

}  // namespace mtmi
