#include "mtmi/quant/scale_table.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <set>

#include <fmt/core.h>

#include "mtmi/error.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::quant {
namespace {

constexpr std::array<std::string_view, 4> kMethods{"entropy", "minmax", "percentile", "mse"};
constexpr std::array<std::string_view, 4> kSources{"calibrated", "dead", "aligned", "imported"};

}  // namespace

std::string_view to_string(Method method) noexcept {
  return kMethods[static_cast<std::size_t>(method)];
}

Method parse_method(std::string_view text) {
  const auto found = std::find(kMethods.begin(), kMethods.end(), text);
  if (found == kMethods.end()) {
    throw Error(ErrorCode::InvalidArgument,
                "quant::parse_method",
                fmt::format("method: got '{}', expected entropy, minmax, percentile or mse", text));
  }
  return static_cast<Method>(found - kMethods.begin());
}

std::string_view to_string(ScaleSource source) noexcept {
  return kSources[static_cast<std::size_t>(source)];
}

std::map<std::string, float> scales_of(const ScaleTable& table) {
  std::map<std::string, float> scales;
  for (const auto& [name, tensor] : table.tensors) {
    scales.emplace(name, tensor.scale);
  }
  return scales;
}

Misfit find_misfit(const ScaleTable& table, const Graph& graph) {
  Misfit misfit;
  misfit.other_graph = !table.graph_hash.empty() && table.graph_hash != graph_hash(graph);
  std::set<std::string_view> known;
  for (const ValueId id : activations(graph)) {
    const std::string& name = graph.value(id).name;
    known.insert(name);
    if (!table.tensors.contains(name)) {
      misfit.missing.push_back(name);
    }
  }
  for (const auto& [name, tensor] : table.tensors) {
    if (!known.contains(name)) {
      misfit.unknown.push_back(name);
    }
  }
  return misfit;
}

std::string list_names(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), kShown); ++i) {
    text += (i == 0 ? "'" : ", '") + names[i] + "'";
  }
  return names.size() > kShown ? fmt::format("{} and {} more", text, names.size() - kShown) : text;
}

void require_fit(const ScaleTable& table, const Graph& graph) {
  const Misfit misfit = find_misfit(table, graph);
  if (!misfit) {
    return;
  }
  std::string what;
  if (!misfit.missing.empty()) {
    what = fmt::format(
        "; no scale for {} of its tensors: {}", misfit.missing.size(), list_names(misfit.missing));
  }
  if (!misfit.unknown.empty()) {
    what += fmt::format("; scales for {} tensors that it has not: {}",
                        misfit.unknown.size(),
                        list_names(misfit.unknown));
  }
  if (what.empty()) {
    what = "; the names are the same, but not what is computed";
  }
  throw Error(ErrorCode::InvalidModel,
              "quant::require_fit",
              fmt::format("graph '{}': the scales belong to another graph{}", graph.name, what));
}

float range_of(float scale) noexcept {
  // The scale of the largest float may have been rounded up.
  constexpr double kRounding = 1e-6;
  constexpr double kLargest = std::numeric_limits<float>::max();
  const double range = double{kSteps} * double{scale};
  if (range > kLargest) {
    return range <= kLargest * (1 + kRounding) ? std::numeric_limits<float>::max()
                                               : std::numeric_limits<float>::infinity();
  }
  return static_cast<float>(range);
}

std::string find_defect(float scale) {
  if (std::isnan(scale) || std::isinf(scale)) {
    return fmt::format("a scale that is not finite, {}", scale);
  }
  if (std::isinf(range_of(std::abs(scale)))) {
    return fmt::format("a scale whose range is not finite, {}", scale);
  }
  if (scale == 0) {
    return "a scale of zero";
  }
  return scale < 0 ? fmt::format("a negative scale, {}", scale) : "";
}

}  // namespace mtmi::quant
