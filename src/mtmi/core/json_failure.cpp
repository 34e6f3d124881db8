#include "mtmi/core/json_failure.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace mtmi {
namespace {

/// "line 3, column 7" of the byte that ends `read`.
std::string place_behind(std::string_view read) {
  const auto line = 1 + std::count(read.begin(), read.end(), '\n');
  const std::size_t line_end = read.rfind('\n');
  const std::size_t column =
      line_end == std::string_view::npos ? read.size() + 1 : read.size() - line_end;
  return "line " + std::to_string(line) + ", column " + std::to_string(column);
}

/// What stands between the first and the last quote: the library's text is all that has the key.
std::string quoted_in(std::string_view text) {
  const std::size_t first = text.find('\'');
  const std::size_t last = text.rfind('\'');
  return first < last ? std::string(text.substr(first, last - first + 1)) : "a key";
}

}  // namespace

std::string describe_json_failure(const std::exception& failure, std::string_view text) {
  if (const auto* parsing = dynamic_cast<const nlohmann::json::parse_error*>(&failure)) {
    // `byte` counts what was read, with the byte that is wrong.
    const std::size_t before =
        std::min(text.size(), parsing->byte - std::min(parsing->byte, std::size_t{1}));
    return place_behind(text.substr(0, before)) + " is no JSON";
  }
  constexpr int kKeyNotFound = 403;
  if (const auto* range = dynamic_cast<const nlohmann::json::out_of_range*>(&failure)) {
    return range->id == kKeyNotFound ? "there is no " + quoted_in(range->what()) + " in it"
                                     : "a list in it is too short, or a number too large";
  }
  return "a value in it is of another type than expected";
}

}  // namespace mtmi
