#include "mtmi/cli/option_checks.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>
#include <utility>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/sizes.h"
#include "mtmi/core/nearest_name.h"
#include "mtmi/device/registry.h"
#include "mtmi/error.h"

namespace mtmi::cli {
namespace {

template <class T>
std::optional<T> parse_all(std::string_view text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stop == end ? std::optional(number) : std::nullopt;
}

template <class T>
CLI::Validator within(const char* kind,
                      std::optional<T> (*parse)(std::string_view),
                      T low,
                      T high) {
  const std::string range = high == std::numeric_limits<T>::max()
                                ? fmt::format(">= {}", low)
                                : fmt::format("from {} to {}", low, high);
  const auto check = [=](const std::string& text) {
    const std::optional<T> number = parse(text);
    return number && *number >= low && *number <= high
               ? std::string()
               : fmt::format("got '{}', expected {} {}", text, kind, range);
  };
  return {check, range};
}

/// "a, b or c"
std::string list_of(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) {
    list += (list.empty() ? "" : &name == &names.back() ? " or " : ", ") + name;
  }
  return list;
}

}  // namespace

CLI::Validator whole_number(std::uint64_t low, std::uint64_t high) {
  return within("a whole number", &parse_all<std::uint64_t>, low, high);
}

CLI::Validator finite_number(double low, double high) {
  return within("a number", &parse_finite, low, high);
}

CLI::Validator one_of(std::vector<std::string> names) {
  const std::string list = list_of(names);
  const auto check = [names = std::move(names), list](const std::string& text) {
    if (std::find(names.begin(), names.end(), text) != names.end()) {
      return std::string();
    }
    const std::string nearest = names.size() > 1 ? nearest_name(text, names) : "";
    return fmt::format("got '{}', expected {}{}",
                       text,
                       list,
                       nearest.empty() ? "" : "; did you mean " + nearest + "?");
  };
  return {check, list};
}

CLI::Validator parsed_by(std::function<void(const std::string&)> parse) {
  const auto check = [parse = std::move(parse)](const std::string& text) {
    try {
      parse(text);
    } catch (const Error& e) {
      return std::string(e.what());
    }
    return std::string();
  };
  return {check, ""};
}

CLI::Validator precision_name() {
  return one_of({"f32", "bf16", "f16", "int8"});
}

CLI::Validator pixel_size() {
  return parsed_by([](const std::string& text) { static_cast<void>(parse_pixel_size(text)); });
}

CLI::Validator input_shape() {
  return parsed_by([](const std::string& text) {
    static_cast<void>(parse_dims(parse_assignment(text).second));
  });
}

CLI::Validator device_name() {
  return parsed_by([](const std::string& text) {
    const DeviceName name = parse_device_name(text);
    Registry registry;
    register_all_backends(registry);
    registry.require_known(name);
  });
}

std::optional<double> parse_finite(std::string_view text) {
  const std::optional<double> number = parse_all<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

}  // namespace mtmi::cli
