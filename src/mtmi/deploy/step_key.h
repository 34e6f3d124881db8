// What a step's result is made from, and the hash of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mtmi::deploy {

/// Everything that the result of a step depends on: content hashes of what it reads, its options,
/// the version of mtmi and a format number of the step's own. Equal keys mean equal results. A
/// value.
class StepKey {
 public:
  /// `step` is "build", `part` "seg", or empty where the step is about the whole network. `format`
  /// goes up when the step makes something else of the same inputs than it did before.
  StepKey(std::string step, std::string part, int format);

  /// One more thing that counts; the order of the calls counts, too.
  StepKey& add(std::string name, std::string value);
  /// The bits of `value`.
  StepKey& add(std::string name, float value);

  [[nodiscard]] const std::string& step() const noexcept { return step_; }

  [[nodiscard]] const std::string& part() const noexcept { return part_; }

  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& made_from() const noexcept {
    return made_from_;
  }

  /// 32 hexadecimal digits.
  [[nodiscard]] std::string hash() const;

 private:
  std::string step_;
  std::string part_;
  std::vector<std::pair<std::string, std::string>> made_from_;
};

}  // namespace mtmi::deploy
