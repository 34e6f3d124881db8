#include "mtmi/core/log.h"

#include <atomic>
#include <cstdio>

namespace mtmi {
namespace {

std::atomic<LogLevel> g_level{LogLevel::Normal};

// One call, so that lines of several threads do not mix.
void print(const char* prefix, std::string_view message) noexcept {
  std::fprintf(stderr, "%s%.*s\n", prefix, static_cast<int>(message.size()), message.data());
}

}  // namespace

void set_log_level(LogLevel level) noexcept {
  g_level = level;
}

LogLevel log_level() noexcept {
  return g_level;
}

void log_warning(std::string_view message) noexcept {
  print("mtmi: warning: ", message);
}

void log_info(std::string_view message) noexcept {
  if (g_level != LogLevel::Quiet) {
    print("", message);
  }
}

void log_verbose(std::string_view message) noexcept {
  if (g_level == LogLevel::Verbose) {
    print("", message);
  }
}

}  // namespace mtmi
