// What a user typed wrong, as opposed to what went wrong: exit code 2 instead of 1.
#pragma once

#include <string>

#include "mtmi/error.h"

namespace mtmi::cli {

/// An option whose text cannot be what the option takes.
class UsageError : public Error {
 public:
  explicit UsageError(const std::string& message)
      : Error(ErrorCode::InvalidArgument, "cli", message) {}
};

}  // namespace mtmi::cli
