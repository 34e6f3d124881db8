#include "mtmi/eval/error_budget.h"

#include <algorithm>
#include <cmath>
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

/// Losses of one head with any scales, by output.
class LossMeter {
 public:
  LossMeter(const Heads& heads,
            std::size_t head,
            const HeadBuild& build,
            std::span<const PreparedScene> prepared,
            const bundle::ModelCard& card,
            VariantRecord reference)
      : heads_(heads),
        head_(head),
        build_(build),
        prepared_(prepared),
        card_(card),
        reference_(std::move(reference)) {}

  [[nodiscard]] std::map<std::string, double> losses(const Scales& scales) const {
    HeadBuild build = build_;
    build.scales = scales;
    const VariantRecord record =
        evaluate_one(prepared_, card_, {.name = "", .model = heads_.build(head_, build)});
    std::map<std::string, double> losses;
    for (const HeadRecord& own : record.heads) {
      const HeadRecord& reference = *reference_.find(own.output);
      const double change = headline(own) - headline(reference);
      losses.emplace(own.output, own.is_depth() ? change : -change);
    }
    return losses;
  }

 private:
  const Heads& heads_;
  std::size_t head_;
  const HeadBuild& build_;
  std::span<const PreparedScene> prepared_;
  const bundle::ModelCard& card_;
  VariantRecord reference_;
};

}  // namespace

std::vector<ErrorBudget> measure_budget(
    const Heads& heads,
    std::size_t head,
    const HeadBuild& build,
    std::span<const PreparedScene> prepared,
    const bundle::ModelCard& card,
    FunctionRef<void(std::size_t done, std::size_t total)> progress) {
  const Heads pairs = heads.fake_quantized();
  const Head& h = pairs.heads()[head];
  const std::vector<Suspect> suspects = find_suspects(h.graph, build.scales);
  const std::size_t total = 2 + 2 * suspects.size();
  std::size_t done = 0;
  const VariantRecord reference =
      evaluate_one(prepared, card, {.name = "", .model = pairs.build_float(head)});
  progress(++done, total);
  const LossMeter meter(pairs, head, build, prepared, card, reference);
  const auto measure = [&](const Scales& scales) {
    std::map<std::string, double> losses = meter.losses(scales);
    progress(++done, total);
    return losses;
  };
  const std::map<std::string, double> all = measure(build.scales);
  std::vector<ErrorBudget> budgets;
  for (const HeadRecord& record : reference.heads) {
    budgets.push_back({.head = h.name,
                       .output = record.output,
                       .is_depth = record.is_depth(),
                       .reference = headline(record),
                       .all = all.at(record.output),
                       .rows = {}});
  }
  for (const Suspect& suspect : suspects) {
    const std::map<std::string, double> alone = measure(only(build.scales, suspect.near));
    const std::map<std::string, double> rest = measure(without(build.scales, suspect.own));
    const double sqnr = sqnr_of(h, suspect.tensor, build.scales.at(suspect.tensor));
    for (ErrorBudget& budget : budgets) {
      budget.rows.push_back({.tensor = suspect.tensor,
                             .layer = suspect.layer,
                             .sqnr_db = sqnr,
                             .alone = alone.at(budget.output),
                             .gain = budget.all - rest.at(budget.output)});
    }
  }
  for (ErrorBudget& budget : budgets) {
    std::stable_sort(budget.rows.begin(), budget.rows.end(), [](const auto& a, const auto& b) {
      return std::max(a.alone, a.gain) > std::max(b.alone, b.gain);
    });
  }
  return budgets;
}

std::map<std::string, double> losses_by_pairs(const Heads& heads,
                                              std::size_t head,
                                              const HeadBuild& build,
                                              std::span<const PreparedScene> prepared,
                                              const bundle::ModelCard& card) {
  const Heads pairs = heads.fake_quantized();
  const VariantRecord reference =
      evaluate_one(prepared, card, {.name = "", .model = pairs.build_float(head)});
  return LossMeter(pairs, head, build, prepared, card, reference).losses(build.scales);
}

}  // namespace mtmi::eval
