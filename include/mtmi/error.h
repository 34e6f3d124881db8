// The one exception type of mtmi. docs/errors.md tells the three kinds of failure apart.
#pragma once

#include <stdexcept>
#include <string>

#include "mtmi/export.h"

namespace mtmi {

/// Why an operation ended.
enum class ErrorCode {
  InvalidArgument,  ///< the caller's value: an option, a shape, a tensor name
  InvalidModel,     ///< a damaged or contradictory model, engine, bundle, cache or image
  Unsupported,      ///< well-formed, but mtmi does not do it (the message says what it does)
  OutOfMemory,      ///< over the memory limit, or the system refused
  DeviceFailure,    ///< a device reported a fault
  Timeout,          ///< a wait ran past its limit
  Io,               ///< a file could not be read or written
  Interrupted,      ///< the user stopped it
};

/// A failure of the input or of the environment (never of mtmi itself: that is an MTMI_ASSERT).
///
/// what() is one sentence that a user can act on: "node 'conv1' (Conv): got pads [1,1], expected 4
/// values". It names no place in mtmi's source; where() does, and is shown with --verbose only.
class MTMI_API Error : public std::runtime_error {
 public:
  /// `where` is "module::function".
  Error(ErrorCode code, std::string where, const std::string& message);

  [[nodiscard]] ErrorCode code() const noexcept { return code_; }

  [[nodiscard]] const std::string& where() const noexcept { return where_; }

  /// The same with "`context`: ", e.g. the file's name, in front, unless the message begins so.
  [[nodiscard]] Error with_context(const std::string& context) const;

 private:
  ErrorCode code_;
  std::string where_;
};

/// "InvalidArgument", ...
[[nodiscard]] MTMI_API const char* to_string(ErrorCode code) noexcept;

}  // namespace mtmi
