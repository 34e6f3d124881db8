#include "mtmi/plan/target.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mtmi {
namespace {

constexpr std::array<std::pair<QueuePolicy, std::string_view>, 3> kPolicies{{
    {QueuePolicy::Block, "block"},
    {QueuePolicy::DropOldest, "drop-oldest"},
    {QueuePolicy::LatestOnly, "latest-only"},
}};

constexpr const char* kDefaultDevice = "cpu";

template <class T>
void fill_in(std::optional<T>& value, const std::optional<T>& fallback) {
  value = value.has_value() ? std::move(value) : fallback;
}

}  // namespace

std::string_view to_string(QueuePolicy policy) noexcept {
  return kPolicies[static_cast<std::size_t>(policy)].second;
}

std::optional<QueuePolicy> parse_queue_policy(std::string_view name) noexcept {
  for (const auto& [policy, its_name] : kPolicies) {
    if (its_name == name) {
      return policy;
    }
  }
  return std::nullopt;
}

PartTarget head_target(const Target& target, std::size_t index, std::string_view head) {
  const auto found = target.heads.find(std::string(head));
  PartTarget part = found == target.heads.end() ? PartTarget() : found->second;
  const std::vector<std::string>& devices = target.head_devices;
  fill_in(part.device,
          std::optional(devices.empty() ? kDefaultDevice : devices[index % devices.size()]));
  fill_in(part.precision, target.head_defaults.precision);
  fill_in(part.precision, std::optional(Precision::Float32));
  fill_in(part.stand_by, target.head_defaults.stand_by);
  fill_in(part.timeout_ms, target.head_defaults.timeout_ms);
  fill_in(part.every, target.head_defaults.every);
  fill_in(part.fallback, target.head_defaults.fallback);
  fill_in(part.calibration, target.head_defaults.calibration);
  fill_in(part.output, target.head_defaults.output);
  if (part.keep_float.empty()) {
    part.keep_float = target.head_defaults.keep_float;
  }
  const AgreementLimits& limits = target.head_defaults.limits;
  fill_in(part.limits.max_labels_changed, limits.max_labels_changed);
  fill_in(part.limits.max_depth_change, limits.max_depth_change);
  fill_in(part.limits.min_sqnr, limits.min_sqnr);
  fill_in(part.every, std::optional(1));
  return part;
}

PartTarget encoder_target(const Target& target) {
  PartTarget part = target.encoder;
  fill_in(part.device, std::optional<std::string>(kDefaultDevice));
  fill_in(part.precision, std::optional(Precision::Float32));
  return part;
}

std::vector<std::string> unknown_heads(const Target& target,
                                       const std::vector<std::string>& heads) {
  std::vector<std::string> unknown;
  for (const auto& [name, part] : target.heads) {
    if (std::find(heads.begin(), heads.end(), name) == heads.end()) {
      unknown.push_back(name);
    }
  }
  return unknown;
}

}  // namespace mtmi
