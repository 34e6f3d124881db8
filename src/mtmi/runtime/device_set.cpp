#include "mtmi/runtime/device_set.h"

#include <algorithm>

namespace mtmi::runtime {

Device& DeviceSet::open(const std::string& name) {
  const DeviceName parsed = parse_device_name(name);
  std::unique_ptr<Device>& device = devices_[to_string(parsed)];
  if (device == nullptr) {
    const auto options = options_.find(to_string(parsed));
    device =
        registry_.backend(parsed.backend)
            .open_with(parsed.index, options == options_.end() ? DeviceOptions() : options->second);
  }
  return *device;
}

void require_device(const Registry& registry,
                    const std::string& name,
                    const std::optional<DeviceOptions>& settings) {
  const DeviceName parsed = parse_device_name(name);
  registry.require_known(parsed);
  if (!settings) {
    (void)registry.backend(parsed.backend);
    return;
  }
  const std::vector<const Backend*> backends = registry.backends();
  const auto backend = std::find_if(backends.begin(), backends.end(), [&](const Backend* b) {
    return b->name() == parsed.backend;
  });
  if (backend != backends.end() && (*backend)->device_count() > 0) {
    (void)(*backend)->open_with(parsed.index, *settings);
  }
}

}  // namespace mtmi::runtime
