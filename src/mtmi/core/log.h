// Messages to the user on stderr. Results go to stdout and never through here.
#pragma once

#include <string_view>

namespace mtmi {

enum class LogLevel { Quiet, Normal, Verbose };

/// Default: Normal. Thread-safe.
void set_log_level(LogLevel level) noexcept;
[[nodiscard]] LogLevel log_level() noexcept;

/// One line on stderr: always / unless Quiet / only if Verbose. Thread-safe; never throws.
void log_warning(std::string_view message) noexcept;
void log_info(std::string_view message) noexcept;
void log_verbose(std::string_view message) noexcept;

}  // namespace mtmi
