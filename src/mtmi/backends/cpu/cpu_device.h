// The processor as a device.
#pragma once

#include <memory>

#include "mtmi/core/cpu_features.h"
#include "mtmi/device/device.h"
#include "mtmi/device/engine_file.h"

namespace mtmi::cpu {

/// Runs `engine`, which was compiled for `isa`. `owner` keeps the memory of its constants.
/// Pre: this machine has `isa`. Throws Error(InvalidModel | OutOfMemory).
[[nodiscard]] std::unique_ptr<Executable> make_executable(Engine engine,
                                                          Isa isa,
                                                          std::shared_ptr<const void> owner);

/// Kernels run on the process's thread pool; a stream is one thread that hands them their work.
class CpuDevice final : public Device {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "cpu:0"; }

  [[nodiscard]] std::span<const MemoryKind> memory_kinds() const noexcept override;

  [[nodiscard]] const Clock& clock() const noexcept override { return steady_clock(); }

  [[nodiscard]] std::unique_ptr<Executable> load(std::span<const std::byte> engine,
                                                 std::shared_ptr<const void> owner) override;
  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t size_bytes) override;
  [[nodiscard]] std::unique_ptr<Stream> make_stream() override;
  [[nodiscard]] std::unique_ptr<Event> make_event() override;

  [[nodiscard]] Health health() override { return {}; }
};

}  // namespace mtmi::cpu
