#include "mtmi/deploy/step_key.h"

#include <bit>
#include <cstdint>

#include <fmt/core.h>

#include "mtmi/core/hash.h"
#include "mtmi/version.h"

namespace mtmi::deploy {

StepKey::StepKey(std::string step, std::string part, int format)
    : step_(std::move(step)), part_(std::move(part)) {
  add("mtmi", version());
  add("format", std::to_string(format));
}

StepKey& StepKey::add(std::string name, std::string value) {
  made_from_.emplace_back(std::move(name), std::move(value));
  return *this;
}

StepKey& StepKey::add(std::string name, float value) {
  return add(std::move(name), fmt::format("{:08x}", std::bit_cast<std::uint32_t>(value)));
}

std::string StepKey::hash() const {
  Hasher hasher;
  hasher.update(step_);
  hasher.update(part_);
  for (const auto& [name, value] : made_from_) {
    hasher.update(name);
    hasher.update(value);
  }
  return hasher.hex_digest();
}

}  // namespace mtmi::deploy
