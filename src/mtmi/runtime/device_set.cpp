#include "mtmi/runtime/device_set.h"

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

}  // namespace mtmi::runtime
