// The device of the template backend.
#pragma once

#include "mtmi/device/device.h"

namespace mtmi::null {

/// Runs on threads of the host, one per stream.
class NullDevice final : public Device {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "null:0"; }

  [[nodiscard]] std::span<const MemoryKind> memory_kinds() const noexcept override;

  /// Every device of the process tells the same time; a GPU's events are converted to it.
  [[nodiscard]] const Clock& clock() const noexcept override { return steady_clock(); }

  [[nodiscard]] std::unique_ptr<Executable> load(std::span<const std::byte> engine,
                                                 std::shared_ptr<const void> owner) override;
  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t size_bytes) override;
  [[nodiscard]] std::unique_ptr<Stream> make_stream() override;
  [[nodiscard]] std::unique_ptr<Event> make_event() override;

  /// Asks the driver whether the device still answers.
  [[nodiscard]] Health health() override { return {}; }
};

}  // namespace mtmi::null
