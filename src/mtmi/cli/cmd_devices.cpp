// mtmi devices: what this machine has, and what this build leaves out and why.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/thread_pool.h"

namespace mtmi::cli {
namespace {

nlohmann::json to_json(const Registry& registry) {
  nlohmann::json devices = nlohmann::json::array();
  for (const Backend* backend : registry.backends()) {
    nlohmann::json capabilities = nlohmann::json::array();
    for (const Capability& capability : backend->capabilities()) {
      capabilities.push_back({{"name", capability.name}, {"description", capability.description}});
    }
    devices.push_back({{"name", backend->name()},
                       {"count", backend->device_count()},
                       {"capabilities", std::move(capabilities)}});
  }
  nlohmann::json absent = nlohmann::json::array();
  for (const Registry::Absent& backend : registry.absent()) {
    absent.push_back({{"name", backend.name}, {"reason", backend.reason}});
  }
  return {{"devices", std::move(devices)},
          {"absent", std::move(absent)},
          {"processors", available_processors()},
          {"memory_limit_bytes", memory_limit()}};
}

std::string to_text(const Registry& registry) {
  Table table({"device", "count", "compiles for", ""});
  for (const Backend* backend : registry.backends()) {
    std::string name(backend->name());
    std::string count = std::to_string(backend->device_count());
    for (const Capability& capability : backend->capabilities()) {
      table.add_row({name, count, capability.name, capability.description});
      name.clear();
      count.clear();
    }
  }
  for (const Registry::Absent& backend : registry.absent()) {
    table.add_row({backend.name, "-", "-", backend.reason});
  }
  return table.to_string() + fmt::format("\n{} processors, at most {} of memory\n",
                                         available_processors(),
                                         format_bytes(memory_limit()));
}

}  // namespace

Action declare_devices(CLI::App& /*app*/) {
  return [](const CommonOptions& common) {
    Registry registry;
    register_all_backends(registry);
    if (common.json) {
      print_json(to_json(registry));
    } else {
      print(to_text(registry));
    }
    return ExitCode::Done;
  };
}

}  // namespace mtmi::cli
