#include "mtmi/device/registry.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/nearest_name.h"
#include "mtmi/error.h"

namespace mtmi {

DeviceName parse_device_name(std::string_view text) {
  const std::size_t colon = text.find(':');
  DeviceName name{.backend = std::string(text.substr(0, colon)), .index = 0};
  bool ok = !name.backend.empty();
  if (colon != std::string_view::npos) {
    const char* end = text.data() + text.size();
    const auto [parsed_to, error] = std::from_chars(text.data() + colon + 1, end, name.index);
    ok = ok && error == std::errc() && parsed_to == end && name.index >= 0;
  }
  if (!ok) {
    throw Error(
        ErrorCode::InvalidArgument,
        "device::parse_device_name",
        "got device '" + std::string(text) + "', expected NAME or NAME:NUMBER as in dla_sim:1");
  }
  return name;
}

std::string to_string(const DeviceName& name) {
  return name.backend + ":" + std::to_string(name.index);
}

void Registry::add(std::unique_ptr<Backend> backend) {
  MTMI_ASSERT(std::none_of(backends_.begin(), backends_.end(), [&backend](const auto& other) {
    return other->name() == backend->name();
  }));
  backends_.push_back(std::move(backend));
}

void Registry::add_absent(std::string name, std::string reason) {
  absent_.push_back({.name = std::move(name), .reason = std::move(reason)});
}

const Backend& Registry::backend(std::string_view name) const {
  const auto found = std::find_if(backends_.begin(), backends_.end(), [name](const auto& backend) {
    return backend->name() == name;
  });
  if (found != backends_.end()) {
    return **found;
  }
  std::string message = "no device '" + std::string(name) + "' in this build";
  for (const Absent& absent : absent_) {
    message += absent.name == name ? " (" + absent.reason + ")" : "";
  }
  message += "; there are:";
  std::vector<std::string> names;
  for (const auto& backend : backends_) {
    message += " " + std::string(backend->name());
    names.emplace_back(backend->name());
  }
  const std::string nearest = nearest_name(name, names);
  message += nearest.empty() ? "" : "; did you mean " + nearest + "?";
  throw Error(ErrorCode::Unsupported, "device::Registry", message);
}

void Registry::require_known(const DeviceName& name) const {
  const bool is_left_out =
      std::any_of(absent_.begin(), absent_.end(), [&name](const Absent& absent) {
        return absent.name == name.backend;
      });
  if (is_left_out) {
    return;
  }
  const int count = backend(name.backend).device_count();
  if (count > 0 && name.index >= count) {
    throw Error(ErrorCode::InvalidArgument,
                "device::Registry",
                "there is no device " + to_string(name) + ": this machine has " +
                    std::to_string(count) + " of them");
  }
}

std::vector<const Backend*> Registry::backends() const {
  std::vector<const Backend*> all;
  for (const auto& backend : backends_) {
    all.push_back(backend.get());
  }
  return all;
}

}  // namespace mtmi
