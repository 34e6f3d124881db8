#include "mtmi/cli/keep_float.h"

#include <algorithm>
#include <charconv>

#include "mtmi/cli/error_budget.h"
#include "mtmi/cli/progress.h"
#include "mtmi/cli/usage_error.h"

namespace mtmi::cli {
namespace {

/// Half of what the gate allows, as room for the interval.
double wanted_loss(const ErrorBudget& budget, const eval::GateLimits& limits) {
  const double limit = budget.is_depth
                           ? std::max(limits.abs_rel_relative * budget.reference, limits.abs_rel)
                           : limits.miou;
  return limit / 2.0;
}

/// One head of a bundle while tensors are taken out of its INT8.
class HeadChooser {
 public:
  HeadChooser(const BundleHeads& bundle,
              std::size_t head,
              std::span<const eval::PreparedScene> scenes,
              const bundle::ModelCard& card,
              const KeepFloatOptions& options)
      : bundle_(bundle),
        head_(head),
        scenes_(scenes),
        card_(card),
        options_(options),
        build_(bundle.builds[head]),
        allowed_ms_(bundle.heads.predicted_ms(head, build_)) {
    if (allowed_ms_) {
      *allowed_ms_ *= options.time_factor;
    }
  }

  /// The tensors, given what each costs.
  [[nodiscard]] std::vector<std::string> choose(const ErrorBudget& budget,
                                                const eval::GateLimits& limits) {
    std::vector<std::string> kept;
    double loss = budget.all;
    for (const BudgetRow& row : budget.rows) {
      const bool enough =
          options_.count ? kept.size() >= *options_.count : loss <= wanted_loss(budget, limits);
      if (enough) {
        break;
      }
      HeadBuild without = build_;
      if (without.scales.erase(row.tensor) == 0 || is_too_slow(without)) {
        continue;
      }
      build_ = std::move(without);
      kept.push_back(row.tensor);
      if (!options_.count) {
        loss = losses_by_pairs(bundle_.heads, head_, build_, scenes_, card_).at(budget.output);
      }
    }
    return kept;
  }

 private:
  [[nodiscard]] bool is_too_slow(const HeadBuild& build) const {
    const auto ms = allowed_ms_ ? bundle_.heads.predicted_ms(head_, build) : std::nullopt;
    return ms && *ms > *allowed_ms_;
  }

  const BundleHeads& bundle_;
  std::size_t head_;
  std::span<const eval::PreparedScene> scenes_;
  const bundle::ModelCard& card_;
  const KeepFloatOptions& options_;
  HeadBuild build_;
  std::optional<double> allowed_ms_;
};

}  // namespace

std::optional<std::size_t> parse_keep_float(const std::string& text) {
  if (text == "auto") {
    return std::nullopt;
  }
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end || count == 0) {
    throw UsageError("--keep-float: got '" + text + "', expected auto or a number above 0");
  }
  return count;
}

std::map<std::string, std::vector<std::string>> choose_kept_tensors(const EvalOptions& eval,
                                                                    const KeepFloatOptions& options,
                                                                    const CommonOptions& common,
                                                                    const Registry& registry) {
  const eval::SceneSet scenes(eval.scenes, options.scenes);
  const EvalNetwork network = load_eval_network(eval.path, eval.shapes, scenes);
  const eval::Experiment experiment{.card = network.card,
                                    .input = network.input,
                                    .input_shape = network.input_shape,
                                    .shared = make_shared_encoder(registry, network),
                                    .variants = {}};
  std::vector<eval::PreparedScene> prepared;
  for (std::size_t i = 0; i < scenes.size(); ++i) {
    prepared.push_back(eval::prepare(scenes, experiment, i));
  }
  const BundleHeads bundle = load_bundle_heads(registry, network, eval.path);
  std::map<std::string, std::vector<std::string>> kept;
  for (std::size_t h = 0; h < bundle.builds.size(); ++h) {
    if (bundle.builds[h].precision != Precision::Int8) {
      continue;
    }
    std::optional<Progress> progress;
    const auto show = [&](std::size_t done, std::size_t total) {
      if (!progress) {
        progress.emplace("error budget", static_cast<std::int64_t>(total), common);
      }
      progress->update(static_cast<std::int64_t>(done));
    };
    const std::vector<ErrorBudget> budgets =
        measure_budget(bundle.heads, h, bundle.builds[h], prepared, network.card, show);
    if (budgets.empty()) {
      continue;  // the head gives nothing that can be measured
    }
    HeadChooser chooser(bundle, h, prepared, network.card, options);
    std::vector<std::string> tensors = chooser.choose(budgets.front(), eval.limits);
    if (!tensors.empty()) {
      kept.emplace(bundle.heads.heads()[h].name, std::move(tensors));
    }
  }
  return kept;
}

}  // namespace mtmi::cli
