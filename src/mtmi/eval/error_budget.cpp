#include "mtmi/eval/error_budget.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <set>
#include <utility>

#include "mtmi/dla/fused_layers.h"
#include "mtmi/eval/comparison.h"
#include "mtmi/quant/threshold.h"

namespace mtmi::eval {
namespace {

using Scales = std::map<std::string, float>;

/// A layer, or a feature that comes in, with the scales around it.
struct Suspect {
  std::string layer;
  std::string tensor;          ///< that it hands on; what it reads where that has no scale
  std::set<std::string> near;  ///< tensors with scales that it reads and hands on
  std::set<std::string> own;   ///< those to take away so that it does not run in INT8
};

std::set<std::string> scaled(const Graph& graph,
                             const std::vector<ValueId>& values,
                             const Scales& scales) {
  std::set<std::string> names;
  for (const ValueId id : values) {
    if (scales.contains(graph.value(id).name)) {
      names.insert(graph.value(id).name);
    }
  }
  return names;
}

/// Operator and name of a layer's first node.
std::string layer_name(const Graph& graph, const dla::FusedLayer& layer) {
  const Node& node = graph.node(layer.nodes.front());
  return node.name.empty() ? node.op : node.op + " " + node.name;
}

std::vector<Suspect> find_suspects(const Graph& graph, const Scales& scales) {
  std::vector<Suspect> suspects;
  for (const ValueId input : graph.inputs()) {
    const std::string& name = graph.value(input).name;
    if (scales.contains(name)) {
      suspects.push_back({.layer = "feature", .tensor = name, .near = {name}, .own = {name}});
    }
  }
  for (const dla::FusedLayer& layer : dla::fuse_layers(graph)) {
    const std::set<std::string> read = scaled(graph, layer.inputs, scales);
    const std::set<std::string> made = scaled(graph, layer.outputs, scales);
    if (read.empty() && made.empty()) {
      continue;
    }
    const std::set<std::string>& own = made.empty() ? read : made;
    std::set<std::string> near = read;
    near.insert(made.begin(), made.end());
    suspects.push_back({.layer = layer_name(graph, layer),
                        .tensor = *own.begin(),
                        .near = std::move(near),
                        .own = own});
  }
  return suspects;
}

Scales only(const Scales& scales, const std::set<std::string>& names) {
  Scales kept;
  std::copy_if(scales.begin(), scales.end(), std::inserter(kept, kept.end()), [&](const auto& s) {
    return names.contains(s.first);
  });
  return kept;
}

Scales without(const Scales& scales, const std::set<std::string>& names) {
  Scales kept = scales;
  std::erase_if(kept, [&](const auto& s) { return names.contains(s.first); });
  return kept;
}

double sqnr_of(const Head& head, const std::string& tensor, float scale) {
  if (head.seen.empty()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto& tensors = head.seen.rbegin()->second.tensors;
  const auto seen = tensors.find(tensor);
  if (seen == tensors.end() || quant::is_dead(seen->second)) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return quant::sqnr_db(seen->second, quant::kSteps * scale);
}

/// One empty budget per output.
std::vector<ErrorBudget> start_budgets(const Head& head,
                                       const VariantRecord& reference,
                                       const LossMeter::Losses& all) {
  std::vector<ErrorBudget> budgets;
  for (const HeadRecord& record : reference.heads) {
    budgets.push_back({.head = head.name,
                       .output = record.output,
                       .is_depth = record.is_depth(),
                       .reference = headline(record),
                       .all = all.at(record.output),
                       .rows = {}});
  }
  return budgets;
}

void sort_by_guilt(std::vector<BudgetRow>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::max(a.alone, a.gain) > std::max(b.alone, b.gain);
  });
}

}  // namespace

LossMeter::LossMeter(const Heads& heads,
                     std::size_t head,
                     const HeadBuild& build,
                     std::span<const PreparedScene> scenes,
                     const bundle::ModelCard& card)
    : head_(heads.heads()[head]),
      build_(build),
      trials_(heads, head, build, scenes, card),
      reference_(evaluate_one(scenes, card, {.name = "", .model = heads.build_float(head)})) {}

LossMeter::Losses LossMeter::losses_of(const VariantRecord& record) const {
  Losses losses;
  for (const HeadRecord& own : record.heads) {
    const double change = headline(own) - headline(*reference_.find(own.output));
    losses.emplace(own.output, own.is_depth() ? change : -change);
  }
  return losses;
}

LossMeter::Losses LossMeter::losses(const Scales& scales) const {
  return losses_of(trials_.run(scales, {}, [] {}).base);
}

std::vector<ErrorBudget> LossMeter::budget(
    FunctionRef<void(std::size_t done, std::size_t total)> progress) const {
  if (reference_.heads.empty()) {
    return {};  // the head gives nothing that can be measured
  }
  const std::vector<Suspect> suspects = find_suspects(head_.graph, build_.scales);
  std::vector<Scales> alone;
  std::vector<Scales> rest;
  for (const Suspect& suspect : suspects) {
    alone.push_back(only(build_.scales, suspect.near));
    rest.push_back(without(build_.scales, suspect.own));
  }
  std::size_t done = 0;
  const auto step = [&] { progress(++done, 2 * trials_.num_steps(suspects.size())); };
  const ScaleTrials::Records with_one = trials_.run({}, alone, step);
  const ScaleTrials::Records with_most = trials_.run(build_.scales, rest, step);
  const Losses all = losses_of(with_most.base);
  std::vector<ErrorBudget> budgets = start_budgets(head_, reference_, all);
  for (std::size_t i = 0; i < suspects.size(); ++i) {
    const Losses of_one = losses_of(with_one.choices[i]);
    const Losses of_most = losses_of(with_most.choices[i]);
    const std::string& tensor = suspects[i].tensor;
    for (ErrorBudget& budget : budgets) {
      budget.rows.push_back({.tensor = tensor,
                             .layer = suspects[i].layer,
                             .sqnr_db = sqnr_of(head_, tensor, build_.scales.at(tensor)),
                             .alone = of_one.at(budget.output),
                             .gain = budget.all - of_most.at(budget.output)});
    }
  }
  for (ErrorBudget& budget : budgets) {
    sort_by_guilt(budget.rows);
  }
  return budgets;
}

}  // namespace mtmi::eval
