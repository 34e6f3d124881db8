#include "mtmi/cli/sizes.h"

#include <array>
#include <charconv>
#include <limits>
#include <vector>

#include <fmt/core.h>

#include "mtmi/cli/usage_error.h"

namespace mtmi::cli {
namespace {

[[noreturn]] void refuse(std::string_view got, const char* expected) {
  throw UsageError(fmt::format("got '{}', expected {}", got, expected));
}

/// Reads a number at the front of `text` and cuts it off.
bool take_number(std::string_view& text, std::uint64_t& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) {
    return false;
  }
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

constexpr std::uint64_t kMaxExtent = std::uint64_t{1} << 40;

}  // namespace

PixelSize parse_pixel_size(std::string_view text) {
  constexpr const char* kExpected = "HEIGHTxWIDTH in pixels, as in 512x1024";
  std::string_view rest = text;
  std::uint64_t height = 0;
  std::uint64_t width = 0;
  const bool ok = take_number(rest, height) && !rest.empty() && rest.front() == 'x' &&
                  (rest.remove_prefix(1), take_number(rest, width)) && rest.empty();
  if (!ok || height == 0 || width == 0 || height > kMaxExtent || width > kMaxExtent) {
    refuse(text, kExpected);
  }
  return {.height = static_cast<std::int64_t>(height), .width = static_cast<std::int64_t>(width)};
}

Shape parse_dims(std::string_view text) {
  constexpr const char* kExpected = "extents above 0 with commas, as in 1,3,512,1024";
  std::vector<std::int64_t> dims;
  std::string_view rest = text;
  while (true) {
    std::uint64_t extent = 0;
    if (!take_number(rest, extent) || extent == 0 || extent > kMaxExtent) {
      refuse(text, kExpected);
    }
    dims.push_back(static_cast<std::int64_t>(extent));
    if (rest.empty()) {
      return Shape(std::move(dims));
    }
    if (rest.front() != ',') {
      refuse(text, kExpected);
    }
    rest.remove_prefix(1);
  }
}

std::pair<std::string, std::string> parse_assignment(std::string_view text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size()) {
    refuse(text, "NAME=VALUE");
  }
  return {std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

std::size_t parse_bytes(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int>, 9> kUnits{{{"", 0},
                                                                    {"B", 0},
                                                                    {"KiB", 10},
                                                                    {"K", 10},
                                                                    {"MiB", 20},
                                                                    {"M", 20},
                                                                    {"GiB", 30},
                                                                    {"G", 30},
                                                                    {"TiB", 40}}};
  std::string_view rest = text;
  std::uint64_t number = 0;
  if (take_number(rest, number) && number > 0) {
    for (const auto& [unit, shift] : kUnits) {
      if (rest == unit && number <= (std::numeric_limits<std::uint64_t>::max() >> shift)) {
        return static_cast<std::size_t>(number << shift);
      }
    }
  }
  refuse(text, "a size in bytes, KiB, MiB or GiB, as in 2GiB");
}

}  // namespace mtmi::cli
