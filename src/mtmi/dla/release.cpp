#include "mtmi/dla/release.h"

#include <array>
#include <charconv>
#include <vector>

#include <fmt/core.h>

#include "mtmi/error.h"

namespace mtmi::dla {
namespace {

constexpr std::int64_t kMiB = 1 << 20;

// Data sheets of the Jetson AGX Orin, Orin NX and Orin Nano series; TensorRT developer guide, DLA
// memory pools (1 MiB of SRAM per core) and general restrictions (16 loadables).
constexpr std::array kChips{
    Chip{"orin", "Jetson AGX Orin, DRIVE Orin", 2, kMiB, 16, 16},
    Chip{"orin-nx-16", "Jetson Orin NX 16GB", 2, kMiB, 16, 16},
    Chip{"orin-nx-8", "Jetson Orin NX 8GB", 1, kMiB, 16, 16},
    Chip{"orin-nano", "Jetson Orin Nano", 0, 0, 0, 0},
};

constexpr Version kOldest{8, 5, 0};
// TensorRT release notes: 10.7 is the last of 10 that names DLA; 11.0 to 11.3 have none; 11.4 has
// it again for strongly typed networks, with rules of its own.
constexpr Version kFirstWithout{10, 8, 0};
constexpr Version kFirstAgain{11, 4, 0};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "dla::release", message);
}

/// The numbers between dots; empty if there is anything else.
std::vector<int> numbers_of(std::string_view text) {
  std::vector<int> numbers;
  const char* begin = text.data();
  const char* const end = begin + text.size();
  while (true) {
    int number = 0;
    const auto [rest, status] = std::from_chars(begin, end, number);
    if (status != std::errc() || *begin == '-') {
      return {};
    }
    numbers.push_back(number);
    if (rest == end) {
      return numbers;
    }
    if (*rest != '.') {
      return {};
    }
    begin = rest + 1;
  }
}

}  // namespace

Version parse_version(std::string_view text) {
  const std::vector<int> numbers = numbers_of(text);
  if (numbers.size() < 2 || numbers.size() > 3) {
    refuse(fmt::format("TensorRT version: got '{}', expected one like 8.6.11 or 10.3", text));
  }
  const Version version{numbers[0], numbers[1], numbers.size() == 3 ? numbers[2] : 0};
  if (version < kOldest) {
    refuse(fmt::format("TensorRT version: got '{}', expected 8.5 or later", text));
  }
  return version;
}

std::string to_string(Version version) {
  std::string text = fmt::format("{}.{}", version.major, version.minor);
  return version.patch == 0 ? text : text + fmt::format(".{}", version.patch);
}

std::span<const Chip> chips() {
  return kChips;
}

const Chip& find_chip(std::string_view name) {
  std::string known;
  for (const Chip& chip : kChips) {
    if (chip.name == name) {
      return chip;
    }
    known += (known.empty() ? "" : ", ") + std::string(chip.name);
  }
  refuse(fmt::format("chip: got '{}', expected one of {}", name, known));
}

Support supports(Version version, const Chip& chip) {
  if (chip.cores == 0) {
    return Support::no("dla.chip",
                       fmt::format("{} has no DLA core", chip.description),
                       "run on its GPU, or choose another chip");
  }
  if (version >= kFirstAgain) {
    return Support::no(
        "dla.version",
        fmt::format("TensorRT {} has a DLA for strongly typed networks only, by rules "
                    "that are not known here",
                    to_string(version)),
        "for INT8 use TensorRT 8.6 to 10.7");
  }
  if (version >= kFirstWithout) {
    return Support::no("dla.version",
                       fmt::format("TensorRT {} does not support DLA", to_string(version)),
                       "use TensorRT 8.6 to 10.7");
  }
  return Support::yes();
}

}  // namespace mtmi::dla
