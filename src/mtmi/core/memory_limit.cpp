#include "mtmi/core/memory_limit.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <fstream>

#include <unistd.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::size_t kMiB = std::size_t{1} << 20;
// Below this the check costs more than it can save.
constexpr std::size_t kAlwaysAllowedBytes = 4 * kMiB;

std::atomic<std::size_t>& limit_storage() {
  static std::atomic<std::size_t> limit{default_memory_limit()};
  return limit;
}

std::size_t read_number(const char* path) {
  std::ifstream file(path);
  std::size_t value = 0;
  return file >> value ? value : SIZE_MAX;
}

std::size_t physical_bytes() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_bytes = sysconf(_SC_PAGESIZE);
  return pages > 0 && page_bytes > 0
             ? static_cast<std::size_t>(pages) * static_cast<std::size_t>(page_bytes)
             : SIZE_MAX;
}

std::size_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

std::string in_units(std::size_t size_bytes) {
  return size_bytes < 10 * kMiB ? std::to_string((size_bytes + 1023) / 1024) + " KiB"
                                : std::to_string(size_bytes / kMiB) + " MiB";
}

}  // namespace

std::size_t default_memory_limit() {
  const std::size_t machine = physical_bytes();
  const std::size_t group = std::min(read_number("/sys/fs/cgroup/memory.max"),
                                     read_number("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  return std::min(machine, group) / 4 * 3;
}

void set_memory_limit(std::size_t limit_bytes) noexcept {
  limit_storage().store(limit_bytes, std::memory_order_relaxed);
}

std::size_t memory_limit() noexcept {
  return limit_storage().load(std::memory_order_relaxed);
}

void require_memory(std::size_t size_bytes, const std::string& what) {
  const std::size_t limit = memory_limit();
  if (size_bytes <= kAlwaysAllowedBytes && size_bytes <= limit) {
    return;
  }
  const std::size_t used = resident_bytes();
  if (size_bytes > limit || used > limit - size_bytes) {
    throw Error(ErrorCode::OutOfMemory,
                "core::require_memory",
                what + " needs " + in_units(size_bytes) + ", and " + in_units(used) +
                    " of the limit of " + in_units(limit) + " are in use; raise --max-memory");
  }
}

}  // namespace mtmi
