// A device that only takes time.
#pragma once

#include <memory>
#include <string>

#include "mtmi/backends/delay/delay_backend.h"
#include "mtmi/device/device.h"

namespace mtmi::delay {

class DelayDevice final : public Device {
 public:
  DelayDevice(int index, DelayTime time, std::shared_ptr<DelayControl> control);

  [[nodiscard]] std::string_view name() const noexcept override { return name_; }

  [[nodiscard]] std::span<const MemoryKind> memory_kinds() const noexcept override;
  [[nodiscard]] const Clock& clock() const noexcept override;
  [[nodiscard]] std::unique_ptr<Executable> load(std::span<const std::byte> engine,
                                                 std::shared_ptr<const void> owner) override;
  [[nodiscard]] std::unique_ptr<Buffer> allocate(std::size_t size_bytes) override;
  [[nodiscard]] std::unique_ptr<Stream> make_stream() override;
  [[nodiscard]] std::unique_ptr<Event> make_event() override;

  [[nodiscard]] Health health() override { return {}; }

 private:
  std::string name_;
  DelayTime time_;
  std::shared_ptr<DelayControl> control_;  // shared with its executables: a hung run outlives tests
};

}  // namespace mtmi::delay
