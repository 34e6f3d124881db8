#include "mtmi/core/nearest_name.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace mtmi {
namespace {

/// Levenshtein's, row by row.
std::size_t edits_between(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string nearest_name(std::string_view text, std::span<const std::string> names) {
  constexpr std::size_t kLongest = 64;  // nobody types more by mistake
  std::string nearest;
  std::size_t fewest = 0;
  for (const std::string& name : names) {
    if (text.size() > kLongest || name.size() > kLongest) {
      continue;
    }
    const std::size_t edits = edits_between(text, name);
    if (3 * edits < 2 * name.size() && (nearest.empty() || edits < fewest)) {
      nearest = name;
      fewest = edits;
    }
  }
  return nearest;
}

}  // namespace mtmi
