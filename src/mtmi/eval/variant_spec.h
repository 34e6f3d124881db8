// The ways in which heads can be computed, and their names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/device/backend.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::eval {

/// The "device" for heads of a DLA as fake quantisation: in float32 on the CPU, with a
/// QuantizeLinear and a DequantizeLinear wherever a tensor is INT8, which is what other runtimes
/// make of the same scales.
inline constexpr std::string_view kFakeQuant = "qdq";

/// PRECISION[-METHOD][/IMAGES][+OPTION]...[@DEVICE]: "f16", "int8-entropy/32",
/// "int8-mse+aligned@cpu". A value.
struct VariantSpec {
  Precision precision = Precision::Int8;
  quant::Method method = quant::Method::Entropy;  ///< Int8: how ranges are chosen
  std::size_t images = 0;   ///< that ranges are taken from, the first so many; 0: all
  bool aligned = false;     ///< "+aligned": also tensors that had better share a range do
  bool int8_depth = false;  ///< "+depth8": depths leave their head as INT8, not as halves
  /// "+truncate": features are brought to INT8 towards zero, not to the nearest
  bool truncate = false;
  bool equalized = false;           ///< "+equalized": as `calibrate --equalize`
  bool feedback = false;            ///< "+feedback": as `calibrate --feedback-rounding`
  bool bias = false;                ///< "+bias": as `calibrate --correct-bias`
  std::string backend = "dla_sim";  ///< "cpu", ..., or kFakeQuant

  bool operator==(const VariantSpec&) const = default;
};

/// The spec's name, without what is the default.
[[nodiscard]] std::string to_string(const VariantSpec& spec);

/// The inverse; "int8" is "int8-entropy". Throws Error(InvalidArgument) naming what is possible.
[[nodiscard]] VariantSpec parse_variant(std::string_view text);

/// All that are worth a look: bfloat16 on the CPU, FP16, every method, and of every option with the
/// default one.
[[nodiscard]] std::vector<VariantSpec> all_variants();

}  // namespace mtmi::eval
