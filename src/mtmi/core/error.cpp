#include "mtmi/error.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "mtmi/core/assert.h"

namespace mtmi {

Error::Error(ErrorCode code, std::string where, const std::string& message)
    : std::runtime_error(message), code_(code), where_(std::move(where)) {}

Error Error::with_context(const std::string& context) const {
  return {code_, where_, context + ": " + what()};
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
