#include "mtmi/core/interrupt.h"

#include <atomic>
#include <csignal>

#include "mtmi/error.h"

namespace mtmi {
namespace {

std::atomic<bool> g_interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

extern "C" void on_signal(int signal) {
  if (g_interrupted.exchange(true)) {
    std::signal(signal, SIG_DFL);
    std::raise(signal);
  }
}

}  // namespace

void catch_interrupts() noexcept {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  // Over a limit on file sizes write() then fails with a reason, and nothing is left behind.
  std::signal(SIGXFSZ, SIG_IGN);
}

bool interrupted() noexcept {
  return g_interrupted.load(std::memory_order_relaxed);
}

void check_interrupt() {
  if (interrupted()) {
    throw Error(ErrorCode::Interrupted, "core::check_interrupt", "interrupted");
  }
}

}  // namespace mtmi
