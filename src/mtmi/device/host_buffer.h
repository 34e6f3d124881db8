// Buffers in host memory.
#pragma once

#include <memory>

#include "mtmi/device/device.h"

namespace mtmi {

/// Zeroed host memory, aligned to 64 bytes, of at least one such line.
class HostBuffer final : public Buffer {
 public:
  /// Throws Error(OutOfMemory).
  explicit HostBuffer(std::size_t size_bytes);

  [[nodiscard]] std::size_t size_bytes() const noexcept override { return size_bytes_; }

  [[nodiscard]] MemoryKind kind() const noexcept override { return MemoryKind::Host; }

  [[nodiscard]] std::byte* host_data() noexcept override { return data_.get(); }

 private:
  struct Free {
    void operator()(std::byte* data) const noexcept;
  };

  std::size_t size_bytes_;
  std::unique_ptr<std::byte, Free> data_;
};

/// Checks what every host executable's bind() must: one buffer per descriptor, large enough,
/// visible to the host and aligned to 64 bytes. `side` is "input" or "output".
/// Throws Error(InvalidArgument) naming the tensor.
void check_host_buffers(std::span<const TensorDesc> descs,
                        std::span<Buffer* const> buffers,
                        std::string_view side);

}  // namespace mtmi
