// Files of graphs before and after a pass. Private to the tests of passes/.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mtmi::passes {

/// One case: a title and two graphs as text (graph/text.h).
struct GoldenCase {
  std::string pass;   ///< the name of the file, which is that of the pass
  std::string title;  ///< a sentence
  std::string before;
  std::string after;
};

/// The cases of PASS.golden: each is a line "== title", the graph before, a line of dashes, and the
/// graph after. Throws Error(InvalidModel) if the file is not of that form.
[[nodiscard]] std::vector<GoldenCase> read_golden_file(const std::filesystem::path& path);

/// The cases of every *.golden file in `folder`, in the order of their names.
[[nodiscard]] std::vector<GoldenCase> read_golden_files(const std::filesystem::path& folder);

}  // namespace mtmi::passes
