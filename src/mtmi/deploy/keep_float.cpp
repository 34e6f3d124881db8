#include "mtmi/deploy/keep_float.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "mtmi/eval/error_budget.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/eval/heads.h"
#include "mtmi/eval/network.h"

namespace mtmi::deploy {
namespace {

/// Half of what the gate allows, as room for the interval.
double wanted_loss(const eval::ErrorBudget& budget, const eval::GateLimits& limits) {
  return limits.of(budget.is_depth, budget.reference) / 2.0;
}

/// The tensors of all budgets, the most guilty first: by the larger of alone and gain, measured in
/// what its result may lose, which makes mIoU and AbsRel comparable.
std::vector<std::string> by_guilt(std::span<const eval::ErrorBudget> budgets,
                                  const eval::GateLimits& limits) {
  std::vector<std::pair<double, std::string>> ranked;
  for (const eval::ErrorBudget& budget : budgets) {
    const double wanted = wanted_loss(budget, limits);
    for (const eval::BudgetRow& row : budget.rows) {
      const double guilt = std::max(row.alone, row.gain);
      ranked.emplace_back(wanted > 0.0 ? guilt / wanted : guilt, row.tensor);
    }
  }
  std::stable_sort(
      ranked.begin(), ranked.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<std::string> tensors;
  for (auto& [guilt, tensor] : ranked) {
    if (std::find(tensors.begin(), tensors.end(), tensor) == tensors.end()) {
      tensors.push_back(std::move(tensor));
    }
  }
  return tensors;
}

/// One head of a bundle while tensors are taken out of its INT8.
class HeadChooser {
 public:
  HeadChooser(const eval::BundleHeads& bundle,
              std::size_t head,
              const eval::LossMeter& meter,
              const KeepFloatOptions& options)
      : bundle_(bundle),
        head_(head),
        meter_(meter),
        options_(options),
        build_(bundle.builds[head]),
        allowed_ms_(bundle.heads.predicted_ms(head, build_)) {
    if (allowed_ms_) {
      *allowed_ms_ *= options.time_factor;
    }
  }

  /// The tensors, given what each costs every result.
  [[nodiscard]] std::vector<std::string> choose(std::span<const eval::ErrorBudget> budgets) {
    std::vector<std::string> kept;
    eval::LossMeter::Losses losses;
    for (const eval::ErrorBudget& budget : budgets) {
      losses[budget.output] = budget.all;
    }
    for (const std::string& tensor : by_guilt(budgets, options_.limits)) {
      if (options_.count ? kept.size() >= *options_.count : is_enough(losses, budgets)) {
        break;
      }
      eval::HeadBuild without = build_;
      if (without.scales.erase(tensor) == 0 || is_too_slow(without)) {
        continue;
      }
      build_ = std::move(without);
      kept.push_back(tensor);
      if (!options_.count) {
        losses = meter_.losses(build_.scales);
      }
    }
    return kept;
  }

 private:
  [[nodiscard]] bool is_enough(const eval::LossMeter::Losses& losses,
                               std::span<const eval::ErrorBudget> budgets) const {
    return std::all_of(budgets.begin(), budgets.end(), [&](const eval::ErrorBudget& budget) {
      return losses.at(budget.output) <= wanted_loss(budget, options_.limits);
    });
  }

  [[nodiscard]] bool is_too_slow(const eval::HeadBuild& build) const {
    const auto ms = allowed_ms_ ? bundle_.heads.predicted_ms(head_, build) : std::nullopt;
    return ms && *ms > *allowed_ms_;
  }

  const eval::BundleHeads& bundle_;
  std::size_t head_;
  const eval::LossMeter& meter_;
  const KeepFloatOptions& options_;
  eval::HeadBuild build_;
  std::optional<double> allowed_ms_;
};

}  // namespace

std::map<std::string, std::vector<std::string>> choose_kept_tensors(
    const std::filesystem::path& bundle,
    const std::filesystem::path& scenes,
    const KeepFloatOptions& options,
    const Registry& registry,
    const ProgressFunction& progress) {
  const eval::SceneSet scene_set(scenes, options.scenes);
  const eval::Network network = eval::load_network(bundle, {}, scene_set);
  const eval::Experiment experiment{.card = network.card,
                                    .input = network.input,
                                    .input_shape = network.input_shape,
                                    .shared = eval::make_shared_encoder(registry, network),
                                    .variants = {}};
  std::vector<eval::PreparedScene> prepared;
  for (std::size_t i = 0; i < scene_set.size(); ++i) {
    prepared.push_back(eval::prepare(scene_set, experiment, i));
  }
  const eval::BundleHeads built = eval::load_bundle_heads(registry, network, bundle);
  std::map<std::string, std::vector<std::string>> kept;
  for (std::size_t h = 0; h < built.builds.size(); ++h) {
    if (built.builds[h].precision != Precision::Int8) {
      continue;
    }
    const std::string& name = built.heads.heads()[h].name;
    const auto show = [&](std::size_t done, std::size_t total) {
      progress({.step = "error budget",
                .part = name,
                .done = static_cast<std::int64_t>(done),
                .total = static_cast<std::int64_t>(total)});
    };
    const eval::LossMeter meter(built.heads, h, built.builds[h], prepared, network.card);
    const std::vector<eval::ErrorBudget> budgets = meter.budget(show);
    if (budgets.empty()) {
      continue;  // the head gives nothing that can be measured
    }
    HeadChooser chooser(built, h, meter, options);
    std::vector<std::string> tensors = chooser.choose(budgets);
    if (!tensors.empty()) {
      kept.emplace(name, std::move(tensors));
    }
  }
  return kept;
}

}  // namespace mtmi::deploy
