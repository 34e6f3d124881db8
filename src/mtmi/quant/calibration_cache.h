// TensorRT's calibration cache: a header line, then one line per tensor, "NAME: HEX".
//
// The number is the bits of the float32 scale, in lower-case hexadecimal without leading zeros.
// Source: caches that NVIDIA publishes, and the sources of trtexec, which reads them.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "mtmi/dla/release.h"
#include "mtmi/graph/graph.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {

/// What a cache says.
struct CalibrationCache {
  int version = 0;        ///< as cache_version() gives it
  std::string algorithm;  ///< "EntropyCalibration2", "MinMaxCalibration", ...
  std::map<std::string, float> scales;

  bool operator==(const CalibrationCache&) const = default;
};

/// The number of a release in the header: 8.6.11 is 8611; from 10.0 on two digits each: 10.3 is
/// 100300.
[[nodiscard]] int cache_version(dla::Version version) noexcept;

/// Whether `text` begins as a cache does. Says nothing about the rest.
[[nodiscard]] bool is_calibration_cache(std::string_view text) noexcept;

/// The cache of exactly `graph`, every activation in its order, inputs first. The header always
/// says EntropyCalibration2, whatever the method: TensorRT silently ignores a cache of another
/// calibrator than its own, and both trtexec and a DLA have that one.
///
/// Throws Error(InvalidModel) as require_fit() where the table is not the graph's, and
/// Error(Unsupported) for a name with a control character in it.
[[nodiscard]] std::string to_calibration_cache(const ScaleTable& table,
                                               const Graph& graph,
                                               dla::Version version);

/// Reads a cache of any calibrator; names may hold spaces and colons. Throws Error(InvalidModel)
/// "line 7: ..." naming what is wrong: the header, a line that was cut off, a scale that is
/// negative, zero or not finite, a tensor that stands there twice.
[[nodiscard]] CalibrationCache parse_calibration_cache(std::string_view text);

}  // namespace mtmi::quant
