#include "mtmi/device/simulation_note.h"

#include <set>

#include "mtmi/device/registry.h"

namespace mtmi {

std::string simulation_note(const std::vector<std::string>& devices) {
  std::set<std::string> simulated;
  for (const std::string& device : devices) {
    if (parse_device_name(device).backend == "dla_sim") {
      simulated.insert(device);
    }
  }
  std::string names;
  for (const std::string& device : simulated) {
    names += (names.empty() ? "" : ", ") + device;
  }
  return names.empty() ? ""
                       : names +
                             ": simulated, a model built from public arithmetic and rules, not "
                             "Orin silicon";
}

std::string simulation_line(const std::vector<std::string>& devices) {
  const std::string note = simulation_note(devices);
  return note.empty() ? "" : note + "\n";
}

}  // namespace mtmi
