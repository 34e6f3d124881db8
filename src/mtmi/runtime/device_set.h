// The devices that a pipeline uses.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "mtmi/device/device.h"
#include "mtmi/device/registry.h"

namespace mtmi::runtime {

/// Opens every device once. One thread at a time.
class DeviceSet {
 public:
  /// `registry` must outlive it. `options` are settings by device name.
  explicit DeviceSet(const Registry& registry, std::map<std::string, DeviceOptions> options = {})
      : registry_(registry), options_(std::move(options)) {}

  /// The device of that name. Throws Error(Unsupported) where this build lacks the backend,
  /// Error(InvalidArgument | DeviceFailure) where the device is not there or its settings are not
  /// known.
  Device& open(const std::string& name);

 private:
  const Registry& registry_;
  std::map<std::string, DeviceOptions> options_;
  std::map<std::string, std::unique_ptr<Device>> devices_;
};

/// For what a target says. Throws Error(Unsupported) for a device that a part is to run on and this
/// build lacks, Error(InvalidArgument) for an index that this machine lacks; with `settings`, which
/// may be of another machine's device, for a name that is none at all, and what opening the device
/// with them throws where this machine has it.
void require_device(const Registry& registry,
                    const std::string& name,
                    const std::optional<DeviceOptions>& settings);

}  // namespace mtmi::runtime
