#include "mtmi/core/checked.h"

#include <string>

#include "mtmi/error.h"

namespace mtmi {
namespace {

[[noreturn]] void overflow(std::int64_t a, const char* op, std::int64_t b) {
  throw Error(ErrorCode::InvalidModel,
              "core::checked",
              "the result is too large: " + std::to_string(a) + op + std::to_string(b) +
                  " does not fit into 64 bits");
}

}  // namespace

std::int64_t checked_add(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(a, b, &result)) {
    overflow(a, " + ", b);
  }
  return result;
}

std::int64_t checked_sub(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(a, b, &result)) {
    overflow(a, " - ", b);
  }
  return result;
}

std::int64_t checked_mul(std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(a, b, &result)) {
    overflow(a, " * ", b);
  }
  return result;
}

}  // namespace mtmi
