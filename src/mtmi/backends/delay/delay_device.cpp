#include "mtmi/backends/delay/delay_device.h"

#include <array>
#include <utility>

#include "mtmi/backends/delay/delay_executable.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_event.h"
#include "mtmi/device/host_stream.h"

namespace mtmi::delay {
DelayDevice::DelayDevice(int index, DelayTime time, std::shared_ptr<DelayControl> control)
    : name_("delay:" + std::to_string(index)), time_(time), control_(std::move(control)) {}

std::span<const MemoryKind> DelayDevice::memory_kinds() const noexcept {
  static constexpr std::array kKinds{MemoryKind::Host};
  return kKinds;
}

const Clock& DelayDevice::clock() const noexcept {
  return time_ == DelayTime::Virtual ? virtual_clock() : steady_clock();
}

std::unique_ptr<Executable> DelayDevice::load(std::span<const std::byte> engine,
                                              std::shared_ptr<const void> /*owner*/) {
  return std::make_unique<DelayExecutable>(read_delay_engine(engine), control_);
}

std::unique_ptr<Buffer> DelayDevice::allocate(std::size_t size_bytes) {
  return std::make_unique<HostBuffer>(size_bytes);
}

std::unique_ptr<Stream> DelayDevice::make_stream() {
  return std::make_unique<HostStream>(clock(), name_);
}

std::unique_ptr<Event> DelayDevice::make_event() {
  return std::make_unique<HostEvent>();
}

}  // namespace mtmi::delay
