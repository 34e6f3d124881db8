#include "mtmi/error.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/printable.h"

namespace mtmi {
namespace {

/// Names come from files: what they hold must not break the line, nor steer the terminal.
std::string on_one_line(const std::string& message) {
  std::string line;
  line.reserve(message.size());
  for (const char c : message) {
    if (is_control(c)) {
      char escaped[8];
      std::snprintf(escaped, sizeof(escaped), "\\x%02x", static_cast<unsigned>(c) & 0xFFU);
      line += escaped;
    } else {
      line += c;
    }
  }
  return line;
}

}  // namespace

Error::Error(ErrorCode code, std::string where, const std::string& message)
    : std::runtime_error(on_one_line(message)), code_(code), where_(std::move(where)) {}

Error Error::with_context(const std::string& context) const {
  const std::string prefix = on_one_line(context) + ": ";
  const std::string message = what();
  return {code_, where_, message.starts_with(prefix) ? message : prefix + message};
}

const char* to_string(ErrorCode code) noexcept {
  switch (code) {
    case ErrorCode::InvalidArgument:
      return "InvalidArgument";
    case ErrorCode::InvalidModel:
      return "InvalidModel";
    case ErrorCode::Unsupported:
      return "Unsupported";
    case ErrorCode::OutOfMemory:
      return "OutOfMemory";
    case ErrorCode::DeviceFailure:
      return "DeviceFailure";
    case ErrorCode::Timeout:
      return "Timeout";
    case ErrorCode::Io:
      return "Io";
    case ErrorCode::Interrupted:
      return "Interrupted";
  }
  return "?";
}

void assertion_failed(const char* expr, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expr);
  std::abort();
}

}  // namespace mtmi
