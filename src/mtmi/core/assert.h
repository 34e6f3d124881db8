// Invariants of mtmi itself.
#pragma once

namespace mtmi {

/// Prints `expr` with its place and aborts. Called by MTMI_ASSERT only.
[[noreturn]] void assertion_failed(const char* expr, const char* file, int line);

}  // namespace mtmi

/// States an invariant of mtmi itself. On in all builds; never reachable from user input.
#define MTMI_ASSERT(expr) \
  ((expr) ? static_cast<void>(0) : ::mtmi::assertion_failed(#expr, __FILE__, __LINE__))
