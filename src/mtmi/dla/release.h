// Which TensorRT release compiles, and for which chip: what the rules depend on besides the layer.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "mtmi/device/support.h"

namespace mtmi::dla {

/// A release of TensorRT. The DLA compiler of a release belongs to it: 8.6.11 is DRIVE OS 6.0.8,
/// 8.6.2 JetPack 6.0, 10.3 JetPack 6.1 and 6.2.
struct Version {
  int major = 8;
  int minor = 6;
  int patch = 11;
  auto operator<=>(const Version&) const = default;  // NOLINT(modernize-use-nullptr): its zero
};

/// "8.6.11"; "10.3" has patch 0. Throws Error(InvalidArgument) for anything that is not two or
/// three numbers, and for releases before 8.5, whose rules nobody has written down here.
[[nodiscard]] Version parse_version(std::string_view text);

/// "8.6.11", "10.3".
[[nodiscard]] std::string to_string(Version version);

/// What a chip brings. Source: NVIDIA's data sheets of the modules.
struct Chip {
  std::string_view name;             ///< "orin"
  std::string_view description;      ///< "Jetson AGX Orin, DRIVE Orin"
  int cores = 0;                     ///< DLA cores; 0: the chip has none
  std::int64_t sram_bytes = 0;       ///< of each core for itself
  int max_loadables = 0;             ///< that one core holds at a time
  int convolution_buffer_banks = 0;  ///< of kConvolutionBankBytes each
};

/// All chips that check() knows. The first is the default.
[[nodiscard]] std::span<const Chip> chips();

/// The chip of that name. Throws Error(InvalidArgument) naming those that there are.
[[nodiscard]] const Chip& find_chip(std::string_view name);

/// Whether this release compiles for a DLA of this chip at all. No with rule "dla.chip" or
/// "dla.version".
[[nodiscard]] Support supports(Version version, const Chip& chip);

}  // namespace mtmi::dla
