#include "mtmi/device/backend.h"

#include <utility>

#include "mtmi/error.h"

namespace mtmi {

std::unique_ptr<Executable> Backend::compile_and_load(const Graph& graph,
                                                      const Capability& capability,
                                                      const CompileOptions& options,
                                                      Device& device) const {
  auto engine = std::make_shared<const std::vector<std::byte>>(compile(graph, capability, options));
  const std::span<const std::byte> bytes = *engine;
  return device.load(bytes, std::move(engine));
}

std::unique_ptr<Device> Backend::open_with(int index, const DeviceOptions& options) const {
  if (!options.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "device::open",
                "device " + std::string(name()) + ":" + std::to_string(index) +
                    ": got the setting '" + options.begin()->first + "', expected none");
  }
  return open(index);
}

}  // namespace mtmi
