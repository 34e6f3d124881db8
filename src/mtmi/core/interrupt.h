// Ctrl-C: long work asks between its steps, ends cleanly and keeps what is finished.
#pragma once

namespace mtmi {

/// From now on SIGINT and SIGTERM only set a flag; a second one ends the process at once.
void catch_interrupts() noexcept;

/// Whether one of them has come. Thread-safe; may be asked in hot loops.
[[nodiscard]] bool interrupted() noexcept;

/// Throws Error(Interrupted) if interrupted().
void check_interrupt();

}  // namespace mtmi
