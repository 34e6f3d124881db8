#include "mtmi/backends/null/null_device.h"

#include <array>
#include <utility>

#include "mtmi/backends/null/null_executable.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_event.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/error.h"

namespace mtmi::null {

std::span<const MemoryKind> NullDevice::memory_kinds() const noexcept {
  // The first is what allocate() gives. More kinds mean fewer copies: a device that reads pinned
  // host memory in place says so here.
  static constexpr std::array kKinds{MemoryKind::Host};
  return kKinds;
}

std::unique_ptr<Executable> NullDevice::load(std::span<const std::byte> bytes,
                                             std::shared_ptr<const void> owner) {
  // read_engine() has checked every byte against damage; what it cannot know is whose engine it is.
  Engine engine = read_engine(bytes, std::move(owner));
  if (engine.backend != "null") {
    throw Error(ErrorCode::InvalidModel,
                "null::NullDevice::load",
                "the engine was built for " + engine.backend + ", not for null");
  }
  return std::make_unique<NullExecutable>(std::move(engine));
}

std::unique_ptr<Buffer> NullDevice::allocate(std::size_t size_bytes) {
  return std::make_unique<HostBuffer>(size_bytes);
}

std::unique_ptr<Stream> NullDevice::make_stream() {
  // A device with queues of its own (CUDA, cuDLA) implements Stream over them.
  return std::make_unique<HostStream>(clock(), "null:0");
}

std::unique_ptr<Event> NullDevice::make_event() {
  return std::make_unique<HostEvent>();
}

}  // namespace mtmi::null
