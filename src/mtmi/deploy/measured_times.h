// How long each part took on this machine, remembered from one deploy to the next.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace mtmi::deploy {

/// Times are no part of a bundle: they lie in a file that nothing is made from.
/// Thread-compatible.
class MeasuredTimes {
 public:
  /// Reads what `file` remembers; nothing where it is missing or damaged.
  explicit MeasuredTimes(std::filesystem::path file);

  /// `part` has this engine now: its time is the one in `measured_ms` (by part), or else what is
  /// remembered of the engine.
  void update(const std::string& part,
              const std::string& engine_hash,
              const std::map<std::string, double>& measured_ms);

  /// Of the parts that update() named [ms].
  [[nodiscard]] const std::map<std::string, double>& by_part() const noexcept { return by_part_; }

  /// Writes the file, if it would change: the parts that update() named. Throws Error(Io).
  void save() const;

 private:
  std::filesystem::path file_;
  std::map<std::string, double> remembered_;  // by hash of the engine
  std::map<std::string, double> in_use_;      // the same
  std::map<std::string, double> by_part_;
};

}  // namespace mtmi::deploy
