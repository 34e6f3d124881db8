// One simulated core.
#pragma once

#include <string>

#include "mtmi/backends/dla_sim/behaviour.h"
#include "mtmi/device/device.h"

namespace mtmi::dla_sim {

/// Kernels run on the process's thread pool; a stream is one thread that hands them their work.
class DlaSimDevice final : public Device {
 public:
  /// `clock` outlives the device.
  DlaSimDevice(int core, const Behaviour& behaviour, const Clock& clock);

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }

  [[nodiscard]] std::span<const MemoryKind> memory_kinds() const noexcept override;

  [[nodiscard]] const Clock& clock() const noexcept override { return clock_; }

  [[nodiscard]] std::unique_ptr<Executable> load(std::span<const std::byte> engine,
                                                 std::shared_ptr<const void> owner) override;
  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t size_bytes) override;
  [[nodiscard]] std::unique_ptr<Stream> make_stream() override;
  [[nodiscard]] std::unique_ptr<Event> make_event() override;

  [[nodiscard]] Health health() override { return {}; }

 private:
  std::string name_;
  Behaviour behaviour_;
  const Clock& clock_;
};

}  // namespace mtmi::dla_sim
