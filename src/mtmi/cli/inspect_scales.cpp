#include "mtmi/cli/inspect_scales.h"

#include <bit>
#include <cstdint>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/quant/scale_file.h"

namespace mtmi::cli {
namespace {

/// As it stands in a calibration cache.
std::string hex_of(float scale) {
  return fmt::format("{:x}", std::bit_cast<std::uint32_t>(scale));
}

std::string heading(const std::filesystem::path& path, const quant::ScaleFile& file) {
  const quant::ScaleTable& table = file.table;
  const std::string begin = fmt::format(
      "{}: {}, {} tensors", path.string(), to_string(file.format), table.tensors.size());
  if (file.format == quant::ScaleFormat::Cache) {
    return begin + ", " + file.header + "\n";
  }
  return fmt::format("{}, {} over {} images, of graph {}\n",
                     begin,
                     to_string(table.method),
                     table.images,
                     table.graph_hash.empty() ? "unknown" : table.graph_hash);
}

std::string table_of(const quant::ScaleTable& scales) {
  Table table({"tensor", "scale", "range", "seen", "bits", "source"});
  for (const auto& [name, tensor] : scales.tensors) {
    table.add_row(
        {name,
         fmt::format("{}", tensor.scale),
         fmt::format("{}", tensor.amax),
         tensor.absmax > 0 ? fmt::format("{}", tensor.absmax) : "",
         hex_of(tensor.scale),
         std::string(to_string(tensor.source)) + (tensor.rule.empty() ? "" : ", " + tensor.rule)});
  }
  return table.to_string();
}

nlohmann::json to_json(const quant::ScaleFile& file) {
  nlohmann::json tensors = nlohmann::json::array();
  for (const auto& [name, tensor] : file.table.tensors) {
    nlohmann::json entry{{"name", name},
                         {"scale", tensor.scale},
                         {"bits", hex_of(tensor.scale)},
                         {"amax", tensor.amax},
                         {"source", to_string(tensor.source)}};
    if (tensor.absmax > 0) {
      entry["absmax"] = tensor.absmax;
    }
    if (!tensor.rule.empty()) {
      entry["rule"] = tensor.rule;
    }
    tensors.push_back(std::move(entry));
  }
  nlohmann::json document{{"kind", "scales"}, {"format", to_string(file.format)}};
  if (file.format == quant::ScaleFormat::Cache) {
    document["header"] = file.header;
  } else {
    document["method"] = to_string(file.table.method);
    document["images"] = file.table.images;
    document["graph_hash"] = file.table.graph_hash;
  }
  document["tensors"] = std::move(tensors);
  return document;
}

}  // namespace

ExitCode inspect_scales(const std::filesystem::path& path, const CommonOptions& common) {
  const quant::ScaleFile file = quant::read_scales(path);
  if (common.json) {
    print_json(to_json(file));
  } else {
    print(heading(path, file) + "\n" + table_of(file.table));
  }
  return ExitCode::Done;
}

}  // namespace mtmi::cli
