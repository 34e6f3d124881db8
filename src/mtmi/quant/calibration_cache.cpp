#include "mtmi/quant/calibration_cache.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <fmt/core.h>

#include "mtmi/core/printable.h"
#include "mtmi/error.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::quant {
namespace {

constexpr std::string_view kMagic = "TRT-";
constexpr std::string_view kSeparator = ": ";
constexpr std::string_view kWrittenAlgorithm = "EntropyCalibration2";
constexpr std::array<std::string_view, 4> kAlgorithms{
    "EntropyCalibration2", "MinMaxCalibration", "EntropyCalibration", "LegacyCalibration"};
constexpr std::size_t kDigits = 8;

[[noreturn]] void refuse(std::size_t line, const std::string& message) {
  throw Error(ErrorCode::InvalidModel,
              "quant::parse_calibration_cache",
              fmt::format("line {}: {}", line, printable(message)));
}

/// All of `text` as a number to `base`; nothing if it is none or too large.
template <class T>
std::optional<T> parse_number(std::string_view text, int base) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc{} && rest == end && !text.empty() ? std::optional(value) : std::nullopt;
}

/// "TRT-8611-EntropyCalibration2"
void read_header(std::string_view line, CalibrationCache& cache) {
  const std::size_t dash = line.find('-', kMagic.size());
  const bool is_header = line.starts_with(kMagic) && dash != std::string_view::npos;
  const auto number = is_header
                          ? parse_number<int>(line.substr(kMagic.size(), dash - kMagic.size()), 10)
                          : std::nullopt;
  const std::string_view algorithm = is_header ? line.substr(dash + 1) : "";
  if (!number || *number <= 0 ||
      std::find(kAlgorithms.begin(), kAlgorithms.end(), algorithm) == kAlgorithms.end()) {
    refuse(1, fmt::format("got the header '{}', expected TRT-<number>-EntropyCalibration2", line));
  }
  cache.version = *number;
  cache.algorithm = algorithm;
}

float read_scale(std::size_t number, const std::string& name, std::string_view digits) {
  const auto bits = digits.size() <= kDigits ? parse_number<std::uint32_t>(digits, 16)
                                             : std::optional<std::uint32_t>();
  if (!bits) {
    refuse(number,
           fmt::format("tensor '{}': got '{}', expected up to 8 hexadecimal digits", name, digits));
  }
  const auto scale = std::bit_cast<float>(*bits);
  if (const std::string defect = find_defect(scale); !defect.empty()) {
    // TensorRT itself writes 0 for a tensor that was 0 in every image.
    refuse(number,
           fmt::format("tensor '{}': got {}{}",
                       name,
                       defect,
                       scale == 0 ? "; take the line out, or write 3c010204 (a range of 1)" : ""));
  }
  return scale;
}

void read_line(std::size_t number, std::string_view line, CalibrationCache& cache) {
  const std::size_t separator = line.rfind(kSeparator);
  if (separator == std::string_view::npos || separator == 0) {
    refuse(number, fmt::format("got '{}', expected NAME: HEX; the line was cut off", line));
  }
  std::string name(line.substr(0, separator));
  if (!is_printable(name)) {
    refuse(number, "tensor '" + name + "': expected a name without control characters");
  }
  const float scale = read_scale(number, name, line.substr(separator + kSeparator.size()));
  if (!cache.scales.emplace(name, scale).second) {
    refuse(number, "tensor '" + name + "' stands there twice");
  }
}

/// A file that ends inside a number leaves a smaller one: only all 8 digits are surely whole.
bool may_be_cut_off(std::string_view last_line) {
  const std::size_t separator = last_line.rfind(kSeparator);
  return separator == std::string_view::npos ||
         last_line.size() - separator - kSeparator.size() != kDigits;
}

}  // namespace

int cache_version(dla::Version version) noexcept {
  constexpr int kTwoDigitsSince = 10;
  const int major = version.major * (version.major < kTwoDigitsSince ? 1000 : 10000);
  return major + version.minor * 100 + version.patch;
}

bool is_calibration_cache(std::string_view text) noexcept {
  return text.starts_with(kMagic);
}

std::string to_calibration_cache(const ScaleTable& table,
                                 const Graph& graph,
                                 dla::Version version) {
  require_fit(table, graph);
  std::string text = fmt::format("{}{}-{}\n", kMagic, cache_version(version), kWrittenAlgorithm);
  for (const ValueId id : activations(graph)) {
    const std::string& name = graph.value(id).name;
    if (!is_printable(name)) {
      throw Error(ErrorCode::Unsupported,
                  "quant::to_calibration_cache",
                  "tensor '" + printable(name) +
                      "': a calibration cache takes no control character "
                      "in a name");
    }
    const auto bits = std::bit_cast<std::uint32_t>(table.tensors.at(name).scale);
    text += fmt::format("{}{}{:x}\n", name, kSeparator, bits);
  }
  return text;
}

CalibrationCache parse_calibration_cache(std::string_view text) {
  CalibrationCache cache;
  for (std::size_t number = 1; !text.empty() || number == 1; ++number) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    const bool is_ended = end != std::string_view::npos;
    text.remove_prefix(is_ended ? end + 1 : text.size());
    if (line.ends_with('\r')) {
      line.remove_suffix(1);  // written on another system
    }
    if (number == 1) {
      read_header(line, cache);
    } else if (!line.empty()) {
      read_line(number, line, cache);
      if (!is_ended && may_be_cut_off(line)) {
        refuse(number, fmt::format("'{}' has no line end: the file was cut off", line));
      }
    }
  }
  if (cache.scales.empty()) {
    throw Error(ErrorCode::InvalidModel,
                "quant::parse_calibration_cache",
                "the cache names no tensor: expected a line NAME: HEX for each");
  }
  return cache;
}

}  // namespace mtmi::quant
