// Tables for people.
#pragma once

#include <string>
#include <vector>

namespace mtmi::cli {

/// Columns as wide as their widest cell; numbers to the right, text to the left.
class Table {
 public:
  explicit Table(std::vector<std::string> header);

  /// Pre: as many cells as the header has.
  void add_row(std::vector<std::string> cells);
  /// A line across, before the next row.
  void add_rule();

  /// Ends with a line feed.
  [[nodiscard]] std::string to_string() const;

 private:
  std::vector<std::vector<std::string>> rows_;  // an empty one is a rule
};

}  // namespace mtmi::cli
