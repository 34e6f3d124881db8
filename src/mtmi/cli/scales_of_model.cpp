#include "mtmi/cli/scales_of_model.h"

#include <fmt/core.h>

#include "mtmi/core/log.h"
#include "mtmi/error.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/scale_file.h"

namespace mtmi::cli {
namespace {

void require_table_of(const Graph& graph,
                      const quant::ScaleTable& table,
                      const std::filesystem::path& path) {
  try {
    quant::require_fit(table, graph);
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

void warn_of_misfit(const Graph& graph,
                    const quant::ScaleTable& table,
                    const std::filesystem::path& path) {
  const quant::Misfit misfit = quant::find_misfit(table, graph);
  if (!misfit.missing.empty()) {
    log_warning(fmt::format(
        "{}: no scale for {} of {} tensors: {}; layers that read or make them run in FP16",
        path.string(),
        misfit.missing.size(),
        quant::activations(graph).size(),
        quant::list_names(misfit.missing)));
  }
  if (!misfit.unknown.empty()) {
    log_warning(
        fmt::format("{}: {} of its scales are of tensors that the model has not, and left out: {}",
                    path.string(),
                    misfit.unknown.size(),
                    quant::list_names(misfit.unknown)));
  }
}

}  // namespace

std::map<std::string, float> read_scales_of(const Graph& graph, const std::filesystem::path& path) {
  const quant::ScaleFile file = quant::read_scales(path);
  if (file.format == quant::ScaleFormat::Json || !file.table.graph_hash.empty()) {
    require_table_of(graph, file.table, path);
  } else {
    warn_of_misfit(graph, file.table, path);
  }
  return quant::scales_of(file.table);
}

}  // namespace mtmi::cli
