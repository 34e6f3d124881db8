#include "exclusions.h"

#include <fstream>

#include <fnmatch.h>

namespace mtmi::conformance {

std::vector<Exclusion> read_exclusions(const std::filesystem::path& path) {
  std::vector<Exclusion> exclusions;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    const auto end = line.find(' ');
    if (line.empty() || line.front() == '#' || end == std::string::npos) {
      continue;
    }
    exclusions.push_back({line.substr(0, end), line.substr(line.find_first_not_of(' ', end))});
  }
  return exclusions;
}

bool matches(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace mtmi::conformance
