#include "mtmi/runtime/device_set.h"

namespace mtmi::runtime {

Device& DeviceSet::open(const std::string& name) {
  const DeviceName parsed = parse_device_name(name);
  std::unique_ptr<Device>& device = devices_[to_string(parsed)];
  if (device == nullptr) {
    device = registry_.backend(parsed.backend).open(parsed.index);
  }
  return *device;
}

}  // namespace mtmi::runtime
