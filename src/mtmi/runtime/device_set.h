// The devices that a pipeline uses.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "mtmi/device/device.h"
#include "mtmi/device/registry.h"

namespace mtmi::runtime {

/// Opens every device once. One thread at a time.
class DeviceSet {
 public:
  /// `registry` must outlive it.
  explicit DeviceSet(const Registry& registry) : registry_(registry) {}

  /// The device of that name. Throws Error(Unsupported) where this build lacks the backend,
  /// Error(InvalidArgument | DeviceFailure) where the device is not there.
  Device& open(const std::string& name);

 private:
  const Registry& registry_;
  std::map<std::string, std::unique_ptr<Device>> devices_;
};

}  // namespace mtmi::runtime
