#include "mtmi/backends/dla_sim/dla_sim_device.h"

#include <array>

#include "mtmi/backends/dla_sim/capability.h"
#include "mtmi/backends/dla_sim/dla_sim_executable.h"
#include "mtmi/backends/dla_sim/predicted_time.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_event.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/error.h"

namespace mtmi::dla_sim {

DlaSimDevice::DlaSimDevice(int core, const Behaviour& behaviour, const Clock& clock)
    : name_("dla_sim:" + std::to_string(core)), behaviour_(behaviour), clock_(clock) {}

std::span<const MemoryKind> DlaSimDevice::memory_kinds() const noexcept {
  static constexpr std::array kKinds{MemoryKind::Host};
  return kKinds;
}

std::unique_ptr<Executable> DlaSimDevice::load(std::span<const std::byte> bytes,
                                               std::shared_ptr<const void> owner) {
  Engine engine = read_engine(bytes, owner);
  if (engine.backend != "dla_sim") {
    throw Error(ErrorCode::InvalidModel,
                "dla_sim::DlaSimDevice::load",
                "the engine was built for " + engine.backend + ", not for dla_sim");
  }
  const std::chrono::nanoseconds predicted = read_predicted_time(engine.blob);
  return std::make_unique<DlaSimExecutable>(
      std::move(engine), predicted, behaviour_, std::move(owner));
}

std::unique_ptr<Buffer> DlaSimDevice::allocate(std::size_t size_bytes) {
  return std::make_unique<HostBuffer>(size_bytes);
}

std::unique_ptr<Stream> DlaSimDevice::make_stream() {
  return std::make_unique<HostStream>(clock(), name_);
}

std::unique_ptr<Event> DlaSimDevice::make_event() {
  return std::make_unique<HostEvent>();
}

}  // namespace mtmi::dla_sim
