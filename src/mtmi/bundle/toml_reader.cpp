#include "mtmi/bundle/toml_reader.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/core.h>

namespace mtmi::bundle {
namespace {

/// False for what is not finite.
bool fits_float(double number) {
  return std::abs(number) <= double{std::numeric_limits<float>::max()};
}

}  // namespace

toml::table parse_toml(std::string_view text, const std::string& file) {
  try {
    return toml::parse(text, file);
  } catch (const toml::parse_error& e) {
    throw Error(ErrorCode::InvalidModel,
                "bundle::parse_toml",
                file + ": line " + std::to_string(e.source().begin.line) + ": " +
                    std::string(e.description()));
  }
}

TomlReader::TomlReader(const toml::table& table, std::string file, std::string where)
    : table_(table), file_(std::move(file)), where_(std::move(where)) {}

const toml::source_region& TomlReader::place_of(const char* key) const {
  const toml::node* node = table_.get(key);
  return node != nullptr ? node->source() : table_.source();
}

std::string TomlReader::prefix_of(const toml::source_region& place) const {
  return file_ + ": line " + std::to_string(place.begin.line) + ": " +
         (where_.empty() ? "" : "[" + where_ + "] ");
}

void TomlReader::refuse_at(const toml::source_region& place, const std::string& message) const {
  throw Error(ErrorCode::InvalidModel, "bundle::TomlReader", prefix_of(place) + message);
}

void TomlReader::refuse(const char* key, const std::string& expected) const {
  refuse_at(place_of(key), std::string(key) + ": expected " + expected);
}

Error TomlReader::locate(const char* key, const Error& error) const {
  return error.with_context(prefix_of(place_of(key)) + key);
}

const toml::node* TomlReader::take(const char* key) {
  known_.emplace_back(key);
  return table_.get(key);
}

std::optional<std::string> TomlReader::get_string(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto* text = node->as_string();
  if (text == nullptr) {
    refuse(key, "a text in quotes");
  }
  return text->get();
}

std::optional<std::int64_t> TomlReader::get_integer(const char* key,
                                                    std::int64_t low,
                                                    std::int64_t high) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto* number = node->as_integer();
  if (number == nullptr || number->get() < low || number->get() > high) {
    refuse(key, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
  }
  return number->get();
}

std::optional<double> TomlReader::get_number(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const auto number = node->value<double>();
  if (!number || !node->is_number() || !std::isfinite(*number)) {
    refuse(key, "a finite number");
  }
  return number;
}

std::optional<float> TomlReader::get_float(const char* key) {
  const std::optional<double> number = get_number(key);
  if (number && !fits_float(*number)) {
    refuse(key, "a number that a float32 holds");
  }
  return number ? std::optional(static_cast<float>(*number)) : std::nullopt;
}

std::optional<bool> TomlReader::get_bool(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (node->as_boolean() == nullptr) {
    refuse(key, "true or false");
  }
  return node->as_boolean()->get();
}

std::optional<std::vector<std::string>> TomlReader::get_strings(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const toml::array* list = node->as_array();
  std::vector<std::string> texts;
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if (const auto* text = list->get(i)->as_string()) {
      texts.push_back(text->get());
    }
  }
  if (list == nullptr || texts.size() != list->size()) {
    refuse(key, "a list of texts in quotes");
  }
  return texts;
}

std::optional<std::array<float, 3>> TomlReader::get_triple(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  const toml::array* list = node->as_array();
  std::array<float, 3> numbers{};
  bool ok = list != nullptr && list->size() == numbers.size();
  for (std::size_t i = 0; ok && i < numbers.size(); ++i) {
    const auto number = list->get(i)->value<double>();
    ok = number.has_value() && fits_float(*number);
    numbers[i] = ok ? static_cast<float>(*number) : 0.0F;
  }
  if (!ok) {
    refuse(key, "three finite numbers, each one that a float32 holds");
  }
  return numbers;
}

std::optional<TomlReader> TomlReader::get_table(const char* key) {
  const toml::node* node = take(key);
  if (node == nullptr) {
    return std::nullopt;
  }
  if (node->as_table() == nullptr) {
    refuse(key, "a table");
  }
  return TomlReader(*node->as_table(), file_, where_.empty() ? key : where_ + "." + key);
}

std::vector<TomlReader> TomlReader::get_tables(const char* key) {
  std::vector<TomlReader> readers;
  const toml::node* node = take(key);
  if (node == nullptr) {
    return readers;
  }
  const toml::array* list = node->as_array();
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    if (const toml::table* table = list->get(i)->as_table()) {
      readers.emplace_back(*table, file_, where_ + "." + key);
    }
  }
  if (list == nullptr || readers.size() != list->size()) {
    refuse(key, "a list of tables");
  }
  return readers;
}

std::vector<std::pair<std::string, TomlReader>> TomlReader::all_tables() {
  std::vector<std::pair<std::string, TomlReader>> readers;
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    known_.push_back(name);
    if (node.as_table() == nullptr) {
      refuse(name.c_str(), "a table");
    }
    readers.emplace_back(
        name, TomlReader(*node.as_table(), file_, where_.empty() ? name : where_ + "." + name));
  }
  return readers;
}

std::map<std::string, std::string> TomlReader::all_scalars() {
  std::map<std::string, std::string> scalars;
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    known_.push_back(name);
    if (const auto text = node.value_exact<std::string>()) {
      scalars.emplace(name, *text);
    } else if (const auto whole = node.value_exact<std::int64_t>()) {
      scalars.emplace(name, fmt::format("{}", *whole));
    } else if (const auto number = node.value_exact<double>()) {
      scalars.emplace(name, fmt::format("{}", *number));
    } else if (const auto flag = node.value_exact<bool>()) {
      scalars.emplace(name, *flag ? "true" : "false");
    } else {
      refuse(name.c_str(), "a string, a number or a boolean");
    }
  }
  return scalars;
}

bool TomlReader::is_string(const char* key) const {
  const toml::node* node = table_.get(key);
  return node != nullptr && node->is_string();
}

void TomlReader::finish() const {
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) {
      continue;
    }
    std::string allowed;
    for (const std::string& known : known_) {
      allowed += (allowed.empty() ? "" : ", ") + known;
    }
    refuse_at(key.source(), fmt::format("unknown key '{}'; known here: {}", name, allowed));
  }
}

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code < 0x20 || code == 0x7F) {
      result += fmt::format("\\u{:04X}", static_cast<unsigned>(code));
      continue;
    }
    if (c == '"' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result + "\"";
}

}  // namespace mtmi::bundle
