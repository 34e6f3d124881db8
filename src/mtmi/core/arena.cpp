#include "mtmi/core/arena.h"

#include <cstdint>
#include <utility>

#include <sys/mman.h>

#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::size_t kLargePage = std::size_t{2} << 20;

}  // namespace

Arena::Arena(std::size_t size_bytes, const std::string& what) : size_bytes_(size_bytes) {
  if (size_bytes == 0) {
    return;
  }
  require_memory(size_bytes, what);
  // One large page more, so that the first one that is used begins at its own boundary.
  mapping_bytes_ = size_bytes + (size_bytes >= kLargePage ? kLargePage : 0);
  void* mapping = mmap(nullptr,
                       mapping_bytes_,
                       PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                       -1,
                       0);
  if (mapping == MAP_FAILED) {
    throw Error(ErrorCode::OutOfMemory, "core::Arena", "no memory left for " + what);
  }
  mapping_ = mapping;
  const auto begin = reinterpret_cast<std::uintptr_t>(mapping);
  const std::uintptr_t aligned =
      size_bytes >= kLargePage ? (begin + kLargePage - 1) / kLargePage * kLargePage : begin;
  data_ = static_cast<std::byte*>(mapping) + (aligned - begin);
#if defined(MADV_HUGEPAGE)
  static_cast<void>(madvise(data_, size_bytes, MADV_HUGEPAGE));  // a wish, not a need
#endif
  // Now, not step by step: require_memory() counts what is resident, and no run waits for pages.
  constexpr std::size_t kPage = 4096;
  for (std::size_t at = 0; at < size_bytes; at += kPage) {
    static_cast<volatile std::byte*>(data_)[at] = std::byte{0};
  }
}

Arena::Arena(Arena&& other) noexcept {
  *this = std::move(other);
}

Arena& Arena::operator=(Arena&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_bytes_, other.size_bytes_);
  std::swap(mapping_, other.mapping_);
  std::swap(mapping_bytes_, other.mapping_bytes_);
  return *this;
}

Arena::~Arena() {
  if (mapping_ != nullptr) {
    munmap(mapping_, mapping_bytes_);
  }
}

}  // namespace mtmi
