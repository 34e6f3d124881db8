// Text out of files on the user's terminal.
#pragma once

#include <string>
#include <string_view>

namespace mtmi::quant {

/// Whether `text` has no control character, which could write to the user's terminal.
[[nodiscard]] bool is_printable(std::string_view text) noexcept;

/// `text` with '?' for each control character: for messages about text that is refused.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace mtmi::quant
