#include "mtmi/passes/golden.h"

#include <algorithm>
#include <sstream>

#include "mtmi/core/file.h"
#include "mtmi/error.h"

namespace mtmi::passes {

std::vector<GoldenCase> read_golden_file(const std::filesystem::path& path) {
  const MappedFile file(path);
  std::istringstream lines{std::string(file.text())};
  std::vector<GoldenCase> cases;
  std::string* section = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("== ")) {
      cases.push_back(
          {.pass = path.stem().string(), .title = line.substr(3), .before = {}, .after = {}});
      section = &cases.back().before;
    } else if (line == "-----" && section != nullptr) {
      section = &cases.back().after;
    } else if (section != nullptr) {
      *section += line + '\n';
    } else if (!line.empty() && line[0] != '#') {
      throw Error(ErrorCode::InvalidModel,
                  "passes::read_golden_file",
                  path.string() + ": got '" + line + "', expected '== title'");
    }
  }
  return cases;
}

std::vector<GoldenCase> read_golden_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".golden") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<GoldenCase> all;
  for (const auto& path : paths) {
    const std::vector<GoldenCase> cases = read_golden_file(path);
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

}  // namespace mtmi::passes
