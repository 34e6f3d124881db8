// scale_table.h's JSON: one line per tensor, so that two tables can be compared by eye and by diff.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/json_failure.h"
#include "mtmi/core/printable.h"
#include "mtmi/error.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {
namespace {

using nlohmann::json;

// Raised when a table of an older mtmi can no longer be read.
constexpr int kFormat = 1;
constexpr std::string_view kKind = "mtmi scales";

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidModel, "quant::parse_scales_json", printable(message));
}

/// The shortest text that gives this very float32 back, whether it is read as float or as double.
std::string number(float value) {
  return fmt::format("{}", static_cast<double>(value));
}

std::string json_text(const std::string& text) {
  try {
    return json(text).dump();
  } catch (const json::exception&) {
    throw Error(ErrorCode::Unsupported,
                "quant::to_json",
                "tensor '" + text + "': its name is no UTF-8, which JSON needs");
  }
}

std::string line_of(const std::string& name, const TensorScale& tensor) {
  std::string line =
      fmt::format(R"(    {}: {{"scale": {}, "amax": {}, "absmax": {}, "source": "{}")",
                  json_text(name),
                  number(tensor.scale),
                  number(tensor.amax),
                  number(tensor.absmax),
                  to_string(tensor.source));
  if (!tensor.rule.empty()) {
    line += ", \"rule\": " + json_text(tensor.rule);
  }
  if (!tensor.histogram.empty()) {
    line += fmt::format(", \"histogram\": [{}]", fmt::join(tensor.histogram, ","));
  }
  return line + "}";
}

/// The library keeps the last of two equal keys and says nothing: they are found while it parses.
json parse_without_duplicates(std::string_view text) {
  std::vector<std::set<std::string>> keys;
  const auto look = [&keys](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) {
      keys.emplace_back();
    } else if (event == json::parse_event_t::object_end) {
      keys.pop_back();
    } else if (event == json::parse_event_t::key &&
               !keys.back().insert(parsed.get<std::string>()).second) {
      refuse("'" + parsed.get<std::string>() + "' stands there twice");
    }
    return true;
  };
  return json::parse(text, look);
}

/// A number as float32. One that a float32 cannot hold is infinite.
float read_float(const json& entry, const char* key) {
  const json& value = entry.at(key);
  if (!value.is_number()) {
    refuse(fmt::format("'{}': got {}, expected a number", key, value.dump()));
  }
  const auto wide = value.get<double>();
  return std::abs(wide) > double{std::numeric_limits<float>::max()}
             ? std::numeric_limits<float>::infinity()
             : static_cast<float>(wide);
}

/// Unlike get<T>(), it refuses fractions and signs, by a json::exception.
std::uint64_t read_count(const json& value) {
  return value.get_ref<const json::number_unsigned_t&>();
}

std::vector<std::uint64_t> read_histogram(const json& entry) {
  if (!entry.contains("histogram")) {
    return {};
  }
  std::vector<std::uint64_t> counts;
  for (const json& count : entry.at("histogram")) {
    counts.push_back(read_count(count));
  }
  if (counts.size() != kHistogramBins) {
    refuse(fmt::format("'histogram': got {} bins, expected {}", counts.size(), kHistogramBins));
  }
  return counts;
}

ScaleSource read_source(const json& entry) {
  const auto text = entry.at("source").get<std::string>();
  for (const ScaleSource source :
       {ScaleSource::Calibrated, ScaleSource::Dead, ScaleSource::Aligned, ScaleSource::Imported}) {
    if (text == to_string(source)) {
      return source;
    }
  }
  refuse("'source': got '" + text + "', expected calibrated, dead, aligned or imported");
}

/// 32 hexadecimal digits, or nothing.
std::string read_hash(const json& document) {
  auto hash = document.at("graph_hash").get<std::string>();
  constexpr std::size_t kDigits = 32;
  const bool is_hash =
      hash.size() == kDigits && hash.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hash.empty() && !is_hash) {
    refuse("'graph_hash': got '" + hash + "', expected 32 hexadecimal digits");
  }
  return hash;
}

TensorScale read_tensor(const json& entry) {
  TensorScale tensor{.scale = read_float(entry, "scale"),
                     .amax = read_float(entry, "amax"),
                     .absmax = read_float(entry, "absmax"),
                     .source = read_source(entry),
                     .rule = entry.value("rule", ""),
                     .histogram = read_histogram(entry)};
  if (!is_printable(tensor.rule)) {
    refuse("'rule': got '" + tensor.rule + "', expected the name of a rule");
  }
  if (const std::string defect = find_defect(tensor.scale); !defect.empty()) {
    refuse("got " + defect);
  }
  // An imported scale's range is a product, a found range's scale a quotient: each rounded once.
  const float expected = range_of(tensor.scale);
  const float rounding = 1e-6F * expected + kSteps * std::numeric_limits<float>::denorm_min();
  if (!(std::abs(tensor.amax - expected) <= rounding)) {
    refuse(fmt::format("amax: got {}, expected 127 times the scale, {}", tensor.amax, expected));
  }
  if (!std::isfinite(tensor.absmax) || tensor.absmax < 0) {
    refuse(fmt::format("absmax: got {}, expected a magnitude", tensor.absmax));
  }
  return tensor;
}

ScaleTable read_table(const json& document) {
  if (!document.is_object() || document.value("kind", "") != kKind) {
    refuse(fmt::format("expected an object with \"kind\": \"{}\"", kKind));
  }
  if (const auto format = read_count(document.at("format")); format != kFormat) {
    refuse(fmt::format("its format is {}, this mtmi reads {}; calibrate again", format, kFormat));
  }
  ScaleTable table{.graph_hash = read_hash(document),
                   .method = parse_method(document.at("method").get<std::string>()),
                   .images = read_count(document.at("images")),
                   .tensors = {}};
  for (const auto& [name, entry] : document.at("tensors").items()) {
    if (name.empty() || !is_printable(name)) {
      refuse("tensor '" + name + "': expected a name without control characters");
    }
    try {
      table.tensors.emplace(name, read_tensor(entry));
    } catch (const Error& e) {
      throw e.with_context("tensor '" + name + "'");
    } catch (const json::exception& e) {
      refuse("tensor '" + name + "': " + describe_json_failure(e, ""));
    }
  }
  return table;
}

}  // namespace

std::string to_json(const ScaleTable& table) {
  std::string text = fmt::format(
      "{{\n  \"kind\": \"{}\",\n  \"format\": {},\n  \"graph_hash\": {},\n  \"method\": \"{}\",\n"
      "  \"images\": {},\n  \"tensors\": {{",
      kKind,
      kFormat,
      json_text(table.graph_hash),
      to_string(table.method),
      table.images);
  const char* separator = "\n";
  for (const auto& [name, tensor] : table.tensors) {
    text += separator + line_of(name, tensor);
    separator = ",\n";
  }
  return text + "\n  }\n}\n";
}

ScaleTable parse_scales_json(std::string_view text) {
  try {
    return read_table(parse_without_duplicates(text));
  } catch (const json::exception& e) {
    refuse("no table of scales: " + describe_json_failure(e, text));
  } catch (const Error& e) {
    if (e.code() == ErrorCode::InvalidArgument) {
      refuse(e.what());  // parse_method(): here it is the file that is wrong
    }
    throw;
  }
}

}  // namespace mtmi::quant
