#include "mtmi/quant/calibrated_table.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>

#include <fmt/core.h>

#include "mtmi/core/thread_pool.h"
#include "mtmi/dla/fused_layers.h"
#include "mtmi/error.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/rearranged.h"

namespace mtmi::quant {
namespace {

// What INT8 gives is about 30 to 50 dB. Below this limit, and that much worse than minmax, a range
// does harm.
constexpr double kPoorSqnr = 20.0;
constexpr double kMuchWorse = 3.0;

/// One tensor on its way from a histogram to a scale.
struct Search {
  std::string name;
  std::vector<const Histogram*> histograms;  ///< what it holds is all that these have counted
  TensorScale scale;
  bool is_poor = false;      ///< and minmax much better
  double sqnr = 0.0;         ///< [dB], 0 if dead
  double sqnr_minmax = 0.0;  ///< [dB], 0 if not poor
};

std::vector<Search> searches_of(const Observations& observations, const Graph& graph) {
  const std::map<std::string, Sources> rearranged = find_rearranged(graph);
  std::vector<Search> searches;
  for (const std::string& name : observed_tensors(graph)) {
    Search search{.name = name, .histograms = {}, .scale = {}};
    const auto sources = rearranged.find(name);
    const bool follows = sources != rearranged.end() && !observations.tensors.contains(name);
    for (const std::string& source : follows ? sources->second : Sources{name}) {
      const auto it = observations.tensors.find(source);
      if (it == observations.tensors.end()) {
        throw Error(ErrorCode::InvalidArgument,
                    "quant::find_scales",
                    "nothing was observed of tensor '" + source + "'");
      }
      search.histograms.push_back(&it->second);
    }
    searches.push_back(std::move(search));
  }
  return searches;
}

Histogram sum_of(std::span<const Histogram* const> histograms) {
  Histogram sum = *histograms.front();
  for (const Histogram* histogram : histograms.subspan(1)) {
    sum.merge(*histogram);
  }
  return sum;
}

void run(Search& search, const ThresholdOptions& options) {
  const Histogram histogram = sum_of(search.histograms);
  search.scale = find_scale(histogram, options);
  if (!is_dead(histogram)) {
    search.sqnr = sqnr_db(histogram, search.scale.amax);
  }
  if (!is_dead(histogram) && search.sqnr < kPoorSqnr) {
    search.sqnr_minmax = sqnr_db(histogram, histogram.absmax());
    search.is_poor = search.sqnr < search.sqnr_minmax - kMuchWorse;
  }
}

std::string warning_of(const Search& search, Method method) {
  if (search.scale.source == ScaleSource::Dead) {
    return fmt::format(
        "tensor '{}' is dead: it held nothing but zeros in every image; its scale stands for the "
        "range 1",
        search.name);
  }
  if (search.is_poor) {
    return fmt::format(
        "tensor '{}': the range {:.4g} that {} chose of {:.4g} leaves {:.1f} dB of signal to "
        "noise, the whole range {:.1f} dB: compare with --method mse",
        search.name,
        search.scale.amax,
        to_string(method),
        search.scale.absmax,
        search.sqnr,
        search.sqnr_minmax);
  }
  return "";
}

}  // namespace

std::vector<std::string> observed_tensors(const Graph& graph) {
  std::vector<std::string> names;
  for (const ValueId id : activations(graph)) {
    names.push_back(graph.value(id).name);
  }
  return names;
}

std::vector<std::string> counted_tensors(const Graph& graph) {
  const std::map<std::string, Sources> rearranged = find_rearranged(graph);
  std::vector<std::string> names = observed_tensors(graph);
  std::erase_if(names, [&](const std::string& name) { return rearranged.contains(name); });
  return names;
}

CalibratedTable find_scales(const Observations& observations,
                            const Graph& graph,
                            const ThresholdOptions& options) {
  std::vector<Search> searches = searches_of(observations, graph);
  thread_pool().parallel_for(static_cast<std::int64_t>(searches.size()), [&](std::int64_t i) {
    run(searches[static_cast<std::size_t>(i)], options);
  });
  CalibratedTable result;
  result.table.graph_hash = graph_hash(graph);
  result.table.method = options.method;
  result.table.images = observations.num_images();
  if (result.table.images < kEnoughImages) {
    result.warnings.push_back(
        fmt::format("calibrated over {} image{} only: take {} to 500 that show what the network "
                    "will meet, or ranges will be too narrow",
                    result.table.images,
                    result.table.images == 1 ? "" : "s",
                    kEnoughImages));
  }
  // Of the others no range rounds anything.
  const std::set<std::string> exchanged = dla::exchanged_tensors(graph);
  for (Search& search : searches) {
    search.is_poor = search.is_poor && exchanged.contains(search.name);
    if (std::string warning = warning_of(search, options.method); !warning.empty()) {
      result.warnings.push_back(std::move(warning));
    }
    result.table.tensors.emplace(std::move(search.name), std::move(search.scale));
  }
  return result;
}

}  // namespace mtmi::quant
