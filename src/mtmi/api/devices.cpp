#include "mtmi/devices.h"

#include <utility>

#include "mtmi/api/registry.h"
#include "mtmi/backends/register_all.h"

namespace mtmi {

const Registry& built_in_registry() {
  static const Registry* const registry = [] {
    auto* const made = new Registry();
    register_all_backends(*made);
    return made;
  }();
  return *registry;
}

std::vector<DeviceInfo> devices() {
  std::vector<DeviceInfo> all;
  for (const Backend* backend : built_in_registry().backends()) {
    const std::vector<Capability> capabilities = backend->capabilities();
    const std::string description = capabilities.empty() ? "" : capabilities.front().description;
    for (int i = 0; i < backend->device_count(); ++i) {
      all.push_back({.name = std::string(backend->name()) + ":" + std::to_string(i),
                     .description = description,
                     .available = true});
    }
  }
  for (const Registry::Absent& absent : built_in_registry().absent()) {
    all.push_back({.name = absent.name, .description = absent.reason, .available = false});
  }
  return all;
}

}  // namespace mtmi
