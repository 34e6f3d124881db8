// The most memory that this process may have resident, as far as sizes that files decide go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace mtmi {

/// Three quarters of what the machine, or the control group that this process runs in, has [bytes].
[[nodiscard]] std::size_t default_memory_limit();

/// Sets the limit for the whole process [bytes]. Thread-safe.
void set_memory_limit(std::size_t limit_bytes) noexcept;

/// The limit in force [bytes]. Thread-safe.
[[nodiscard]] std::size_t memory_limit() noexcept;

/// Asks for memory before it is taken, so that a bad size is a sentence and not a killed process.
/// `what` names the thing: "tensor 'x' [1,3,224,224]".
///
/// Throws Error(OutOfMemory) if this alone, or together with the process's resident memory (its
/// code and what it has mapped of files among it), is over the limit. What is taken must be written
/// at once, as Arena and Tensor do: what is not resident yet is not counted against the next.
void require_memory(std::size_t size_bytes, const std::string& what);

/// `count` zeros. Asks as require_memory(). Pre: count >= 0.
template <class T>
[[nodiscard]] std::vector<T> zeros_within_limit(std::int64_t count, const std::string& what) {
  const auto size = static_cast<std::size_t>(count);
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max() / sizeof(T);
  require_memory(size > kMost ? std::numeric_limits<std::size_t>::max() : size * sizeof(T), what);
  return std::vector<T>(size);
}

}  // namespace mtmi
