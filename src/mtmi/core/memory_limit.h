// The most memory that this process may take for tensors and arenas.
#pragma once

#include <cstddef>
#include <string>

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
/// Throws Error(OutOfMemory) if this alone, or together with the process's resident memory, is over
/// the limit.
void require_memory(std::size_t size_bytes, const std::string& what);

}  // namespace mtmi
