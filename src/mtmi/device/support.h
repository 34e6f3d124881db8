// A device's answer to "can you run this node?".
#pragma once

#include <string>
#include <utility>

namespace mtmi {

/// Yes, or no with what a person can act on. A "no" is an ordinary answer, not an error: the
/// planner asks the next device.
class [[nodiscard]] Support {
 public:
  static Support yes() { return {}; }

  /// `rule` is a stable short name ("dla.resize.linear_factor"), `reason` says got and expected,
  /// `suggestion` the rewrite that would help, or is empty.
  static Support no(std::string rule, std::string reason, std::string suggestion = "") {
    Support support;
    support.rule_ = std::move(rule);
    support.reason_ = std::move(reason);
    support.suggestion_ = std::move(suggestion);
    return support;
  }

  explicit operator bool() const noexcept { return rule_.empty(); }

  [[nodiscard]] const std::string& rule() const noexcept { return rule_; }

  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

  [[nodiscard]] const std::string& suggestion() const noexcept { return suggestion_; }

 private:
  std::string rule_;
  std::string reason_;
  std::string suggestion_;
};

}  // namespace mtmi
