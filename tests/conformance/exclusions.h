// The cases that are not claimed, each with its reason: exclusions.txt.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace mtmi::conformance {

struct Exclusion {
  std::string pattern;  ///< of case names; '*' stands for any characters
  std::string reason;
};

/// One exclusion a line: the pattern, blanks, the reason; `#` starts a comment.
[[nodiscard]] std::vector<Exclusion> read_exclusions(const std::filesystem::path& path);

[[nodiscard]] bool matches(const std::string& pattern, const std::string& name);

}  // namespace mtmi::conformance
