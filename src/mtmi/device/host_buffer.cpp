#include "mtmi/device/host_buffer.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::size_t kAlignment = 64;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "device::check_host_buffers", message);
}

}  // namespace

HostBuffer::HostBuffer(std::size_t size_bytes) : size_bytes_(size_bytes) {
  const std::string what = "a buffer of " + std::to_string(size_bytes) + " bytes";
  require_memory(size_bytes, what);
  const std::size_t lines = std::max<std::size_t>(1, (size_bytes + kAlignment - 1) / kAlignment);
  data_.reset(static_cast<std::byte*>(std::aligned_alloc(kAlignment, lines * kAlignment)));
  if (data_ == nullptr) {
    throw Error(ErrorCode::OutOfMemory, "device::HostBuffer", "no memory left for " + what);
  }
  std::memset(data_.get(), 0, lines * kAlignment);
}

void HostBuffer::Free::operator()(std::byte* data) const noexcept {
  std::free(data);
}

void check_host_buffers(std::span<const TensorDesc> descs,
                        std::span<Buffer* const> buffers,
                        std::string_view side) {
  if (descs.size() != buffers.size()) {
    refuse("got " + std::to_string(buffers.size()) + " " + std::string(side) +
           " buffers, expected " + std::to_string(descs.size()));
  }
  for (std::size_t i = 0; i < descs.size(); ++i) {
    const std::string who = std::string(side) + " '" + descs[i].name + "': ";
    Buffer* const buffer = buffers[i];
    if (buffer == nullptr || buffer->host_data() == nullptr) {
      refuse(who + "got a buffer that the host cannot see, expected host memory");
    }
    if (buffer->size_bytes() < size_bytes_of(descs[i])) {
      refuse(who + "got a buffer of " + std::to_string(buffer->size_bytes()) +
             " bytes, expected at least " + std::to_string(size_bytes_of(descs[i])));
    }
    if (reinterpret_cast<std::uintptr_t>(buffer->host_data()) % kAlignment != 0) {
      refuse(who + "got a buffer that is not aligned to 64 bytes");
    }
  }
}

}  // namespace mtmi
