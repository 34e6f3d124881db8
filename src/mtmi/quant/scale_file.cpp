#include "mtmi/quant/scale_file.h"

#include <cstddef>
#include <string_view>

#include "mtmi/core/file.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/quant/calibration_cache.h"
#include "mtmi/quant/qdq_reader.h"

namespace mtmi::quant {
namespace {

bool is_json(std::string_view text) noexcept {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// The graph that a cache belongs to, by the table of the same scales beside it; empty: there is
/// none, or what is there is something else.
std::string hash_beside(std::filesystem::path cache, const std::map<std::string, float>& scales) {
  const std::filesystem::path beside = cache.replace_extension(".json");
  if (!std::filesystem::is_regular_file(beside)) {
    return {};
  }
  try {
    const ScaleTable table = parse_scales_json(MappedFile(beside).text());
    return scales_of(table) == scales ? table.graph_hash : "";
  } catch (const Error&) {
    return {};
  }
}

ScaleFile read_cache(const std::filesystem::path& path, std::string_view text) {
  const CalibrationCache cache = parse_calibration_cache(text);
  ScaleFile file{.format = ScaleFormat::Cache,
                 .header = "TRT-" + std::to_string(cache.version) + "-" + cache.algorithm,
                 .table = imported(cache.scales)};
  file.table.graph_hash = hash_beside(path, cache.scales);
  return file;
}

}  // namespace

std::string_view to_string(ScaleFormat format) noexcept {
  switch (format) {
    case ScaleFormat::Json:
      return "scales of mtmi";
    case ScaleFormat::Cache:
      return "calibration cache";
    case ScaleFormat::Qdq:
      return "Q/DQ model";
  }
  return "";
}

ScaleTable imported(const std::map<std::string, float>& scales) {
  ScaleTable table;
  for (const auto& [name, scale] : scales) {
    table.tensors[name] = {.scale = scale,
                           .amax = range_of(scale),
                           .absmax = 0,
                           .source = ScaleSource::Imported,
                           .rule = {},
                           .histogram = {}};
  }
  return table;
}

bool is_scale_text(std::string_view text) noexcept {
  return is_calibration_cache(text) || is_json(text);
}

ScaleFile read_scales(const std::filesystem::path& path) {
  const MappedFile file(path);
  // A cache with a damaged header is no model either: its name says what was meant.
  const bool is_named_cache = path.extension() == ".cache";
  if (!is_named_cache && !is_scale_text(file.text())) {
    const Graph graph = onnx::read_model(path).graph;  // its errors name the file
    try {
      return {.format = ScaleFormat::Qdq, .header = "", .table = imported(read_qdq_scales(graph))};
    } catch (const Error& e) {
      throw e.with_context(path.string());
    }
  }
  try {
    if (is_named_cache || is_calibration_cache(file.text())) {
      return read_cache(path, file.text());
    }
    return {.format = ScaleFormat::Json, .header = "", .table = parse_scales_json(file.text())};
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

}  // namespace mtmi::quant
