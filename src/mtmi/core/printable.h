// Text out of files on the user's terminal.
#pragma once

#include <string>
#include <string_view>

namespace mtmi {

/// Whether `c` could steer the terminal or break a line.
[[nodiscard]] bool is_control(char c) noexcept;

/// Whether `text` has no control character.
[[nodiscard]] bool is_printable(std::string_view text) noexcept;

/// `text` with '?' for each control character: for messages about text that is refused.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace mtmi
