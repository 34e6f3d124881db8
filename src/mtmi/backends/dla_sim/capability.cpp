#include "mtmi/backends/dla_sim/capability.h"

#include <array>

#include "mtmi/error.h"

namespace mtmi::dla_sim {
namespace {

constexpr std::string_view kBetween = "-dla@trt";

// What DRIVE OS 6.0.8 and JetPack 6 bring (dla/release.h); one more for the operators of 8.6.12.
constexpr std::array<std::string_view, 4> kReleases{"8.6.11", "8.6.2", "8.6.12", "10.3"};

}  // namespace

dla::CheckOptions rules_of(std::string_view capability_name, Precision precision) {
  const std::size_t at = capability_name.find(kBetween);
  if (at == std::string_view::npos) {
    throw Error(ErrorCode::InvalidArgument,
                "dla_sim::rules_of",
                "got capability '" + std::string(capability_name) +
                    "', expected one like orin-dla@trt8.6.11");
  }
  dla::CheckOptions options;
  options.chip = &dla::find_chip(std::string(capability_name.substr(0, at)));
  options.version = dla::parse_version(capability_name.substr(at + kBetween.size()));
  options.precision = precision == Precision::Int8 ? dla::Precision::Int8 : dla::Precision::Fp16;
  return options;
}

std::vector<Capability> capabilities() {
  const std::string chip(dla::chips().front().name);
  std::vector<Capability> list;
  for (const std::string_view release : kReleases) {
    list.push_back({.name = chip + std::string(kBetween) + std::string(release),
                    .description = "simulated DLA of " +
                                   std::string(dla::chips().front().description) + ", TensorRT " +
                                   std::string(release) +
                                   "; a model built from public arithmetic and rules, not Orin "
                                   "silicon"});
  }
  return list;
}

}  // namespace mtmi::dla_sim
