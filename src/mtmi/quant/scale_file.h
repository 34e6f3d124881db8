// Scales from a file of any format.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "mtmi/quant/scale_table.h"

namespace mtmi::quant {

/// Where scales were read from.
enum class ScaleFormat { Json, Cache, Qdq };

/// "scales of mtmi", "calibration cache", "Q/DQ model".
[[nodiscard]] std::string_view to_string(ScaleFormat format) noexcept;

struct ScaleFile {
  ScaleFormat format = ScaleFormat::Json;
  std::string header;  ///< of a cache: "TRT-8611-EntropyCalibration2"; else empty
  /// As the file says it. Of a cache and a Q/DQ model: no images, all imported, and no hash, for
  /// which these formats have no place; but for a cache that stands beside the table that it was
  /// written with (NAME.cache, NAME.json, the same scales): that of the table.
  ScaleTable table;
};

/// A table that scales come into from elsewhere: all Imported. Pre: finite and > 0.
[[nodiscard]] ScaleTable imported(const std::map<std::string, float>& scales);

/// Whether the file begins as one of ours or as a cache: what is told apart from a model.
[[nodiscard]] bool is_scale_text(std::string_view text) noexcept;

/// A table, a TensorRT calibration cache or a Q/DQ model, told apart by what is in it; NAME.cache
/// is always taken for a cache. Throws Error(Io), and what parse_scales_json(),
/// parse_calibration_cache(), onnx::read_model() and read_qdq_scales() throw, with the file's name
/// in front.
[[nodiscard]] ScaleFile read_scales(const std::filesystem::path& path);

}  // namespace mtmi::quant
