// TOML tables read strictly: an unknown key is an error that names its line. Private to bundle/.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <toml++/toml.h>

#include "mtmi/error.h"

namespace mtmi::bundle {

/// Parses `text`. Throws Error(InvalidModel) "FILE: line 3: ...".
[[nodiscard]] toml::table parse_toml(std::string_view text, const std::string& file);

/// One table of a TOML file. Every getter marks its key as known; finish() refuses the others.
/// All throw Error(InvalidModel) that names file, line and key.
class TomlReader {
 public:
  /// `where` is the table's name in messages, "head.depth"; empty for the file's top.
  TomlReader(const toml::table& table, std::string file, std::string where);

  [[nodiscard]] std::optional<std::string> get_string(const char* key);
  [[nodiscard]] std::optional<std::int64_t> get_integer(const char* key,
                                                        std::int64_t low,
                                                        std::int64_t high);
  /// Also of an integer.
  [[nodiscard]] std::optional<double> get_number(const char* key);
  /// A number that a float32 holds, rounded to one.
  [[nodiscard]] std::optional<float> get_float(const char* key);
  [[nodiscard]] std::optional<bool> get_bool(const char* key);
  [[nodiscard]] std::optional<std::vector<std::string>> get_strings(const char* key);
  /// A list of exactly three numbers.
  [[nodiscard]] std::optional<std::array<float, 3>> get_triple(const char* key);
  /// A table below this one.
  [[nodiscard]] std::optional<TomlReader> get_table(const char* key);
  /// A list of tables.
  [[nodiscard]] std::vector<TomlReader> get_tables(const char* key);
  /// All tables below this one by name; every other kind of value is refused.
  [[nodiscard]] std::vector<std::pair<std::string, TomlReader>> all_tables();

  /// All strings, whole numbers, numbers and booleans of this table as text, by key; every other
  /// kind of value is refused.
  [[nodiscard]] std::map<std::string, std::string> all_scalars();

  /// Whether the key holds a string; marks nothing.
  [[nodiscard]] bool is_string(const char* key) const;

  /// Refuses keys that no getter asked for.
  void finish() const;

  [[noreturn]] void refuse(const char* key, const std::string& expected) const;

  /// `error` with file, line and key in front.
  [[nodiscard]] Error locate(const char* key, const Error& error) const;

 private:
  const toml::node* take(const char* key);
  [[nodiscard]] const toml::source_region& place_of(const char* key) const;
  /// "FILE: line 3: [table] "
  [[nodiscard]] std::string prefix_of(const toml::source_region& place) const;
  [[noreturn]] void refuse_at(const toml::source_region& place, const std::string& message) const;

  const toml::table& table_;
  std::string file_;
  std::string where_;
  std::vector<std::string> known_;
};

/// `text` as a TOML basic string, in quotes; control characters as \uXXXX, so that it is one line.
/// Pre: `text` is UTF-8.
[[nodiscard]] std::string toml_string(std::string_view text);

}  // namespace mtmi::bundle
