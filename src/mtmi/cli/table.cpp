#include "mtmi/cli/table.h"

#include <algorithm>
#include <utility>

#include "mtmi/core/assert.h"

namespace mtmi::cli {
namespace {

constexpr std::size_t kGap = 2;

/// Characters, not bytes: cells may hold a multiplication sign or a micro sign.
std::size_t display_width(const std::string& cell) {
  return static_cast<std::size_t>(std::count_if(cell.begin(), cell.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool looks_like_a_number(const std::string& cell) {
  return cell.find_first_of("0123456789") != std::string::npos &&
         cell.find_first_not_of("0123456789.,+-eE% ") == std::string::npos;
}

}  // namespace

Table::Table(std::vector<std::string> header) {
  rows_.push_back(std::move(header));
  add_rule();
}

void Table::add_row(std::vector<std::string> cells) {
  MTMI_ASSERT(cells.size() == rows_.front().size());
  rows_.push_back(std::move(cells));
}

void Table::add_rule() {
  rows_.emplace_back();
}

std::string Table::to_string() const {
  const std::size_t columns = rows_.front().size();
  std::vector<std::size_t> widths(columns, 0);
  std::vector<bool> numeric(columns, rows_.size() > 2);
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    for (std::size_t c = 0; c < rows_[r].size(); ++c) {
      const std::string& cell = rows_[r][c];
      widths[c] = std::max(widths[c], display_width(cell));
      numeric[c] =
          numeric[c] && (r == 0 || cell.empty() || cell == "-" || looks_like_a_number(cell));
    }
  }
  std::size_t total = kGap * (columns - 1);
  for (const std::size_t width : widths) {
    total += width;
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line = row.empty() ? std::string(total, '-') : "";
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - display_width(row[c]), ' ');
      line += (c == 0 ? "" : std::string(kGap, ' ')) +
              (numeric[c] ? padding + row[c] : row[c] + padding);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

}  // namespace mtmi::cli
