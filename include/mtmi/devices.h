// The devices of this machine and this build.
#pragma once

#include <string>
#include <vector>

#include "mtmi/export.h"

namespace mtmi {

struct DeviceInfo {
  std::string name;         ///< "cpu:0"
  std::string description;  ///< what it is, or why this build or machine has none
  bool available = false;
};

/// All kinds of devices that mtmi knows, those that are not there included.
[[nodiscard]] MTMI_API std::vector<DeviceInfo> devices();

}  // namespace mtmi
