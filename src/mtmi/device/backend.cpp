#include "mtmi/device/backend.h"

#include <utility>

namespace mtmi {

std::unique_ptr<Executable> Backend::compile_and_load(const Graph& graph,
                                                      const Capability& capability,
                                                      const CompileOptions& options,
                                                      Device& device) const {
  auto engine = std::make_shared<const std::vector<std::byte>>(compile(graph, capability, options));
  const std::span<const std::byte> bytes = *engine;
  return device.load(bytes, std::move(engine));
}

}  // namespace mtmi
