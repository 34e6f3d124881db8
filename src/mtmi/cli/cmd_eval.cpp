// mtmi eval: what a network is worth on scenes with their truth, per precision and device.
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/error_budget.h"
#include "mtmi/cli/eval_heads.h"
#include "mtmi/cli/eval_network.h"
#include "mtmi/cli/eval_tables.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress.h"
#include "mtmi/cli/variant_spec.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/log.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/vision/image.h"

namespace mtmi::cli {
namespace {

/// Below this, intervals are too wide to trust.
constexpr std::size_t kFewScenes = 20;
/// On which the guilty are found where the gate says no.
constexpr std::size_t kBudgetScenes = 16;

struct Options {
  std::string path;
  std::string scenes;
  std::size_t count = 0;
  std::vector<std::string> shapes;
  std::vector<std::string> variants;
  std::vector<std::string> images;
  std::size_t budget_scenes = 0;
  double miou_points = 100.0 * eval::GateLimits{}.miou;
  double abs_rel_percent = 100.0 * eval::GateLimits{}.abs_rel_relative;
  double abs_rel = eval::GateLimits{}.abs_rel;
  bool classes = false;
};

eval::GateLimits limits_of(const Options& options) {
  return {.miou = options.miou_points / 100.0,
          .abs_rel_relative = options.abs_rel_percent / 100.0,
          .abs_rel = options.abs_rel};
}

bool wants_all(const Options& options) {
  return options.variants == std::vector<std::string>{"all"};
}

/// What the user lists; of "all" what this build has devices for.
std::vector<VariantSpec> specs_of(const Options& options, const Registry& registry) {
  std::vector<VariantSpec> specs;
  if (!wants_all(options)) {
    for (const std::string& name : options.variants) {
      specs.push_back(parse_variant(name));
    }
    return specs;
  }
  for (const VariantSpec& spec : all_variants()) {
    const std::vector<const Backend*> backends = registry.backends();
    const bool is_there = std::any_of(backends.begin(), backends.end(), [&](const Backend* b) {
      return b->name() == spec.backend;
    });
    if (is_there) {
      specs.push_back(spec);
    } else {
      log_info("variant '" + to_string(spec) + "' is left out: this build has no " + spec.backend);
    }
  }
  return specs;
}

/// A network, what it is measured on, and its heads as the devices take them.
class EvalRun {
 public:
  EvalRun(const Options& options, const CommonOptions& common)
      : options_(options), common_(common), scenes_(options.scenes, options.count) {
    register_all_backends(registry_);
    if (scenes_.size() < kFewScenes) {
      log_warning(fmt::format(
          "{} scenes only: the intervals say little below {}", scenes_.size(), kFewScenes));
    }
    network_ = load_eval_network(options.path, options.shapes, scenes_);
    specs_ = specs_of(options, registry_);
    experiment_ = {.card = network_.card,
                   .input = network_.input,
                   .input_shape = network_.input_shape,
                   .shared = make_shared_encoder(registry_, network_),
                   .variants = {make_float_variant(registry_, network_)}};
    if (std::filesystem::is_directory(options.path)) {
      experiment_.variants.push_back(make_bundle_variant(registry_, options.path));
    }
    for (const VariantSpec& spec : specs_) {
      experiment_.variants.push_back(heads_for(spec).build(spec));
    }
  }

  [[nodiscard]] EvalResult run() {
    Progress progress("scenes", static_cast<std::int64_t>(scenes_.size()), common_);
    const auto show = [&](std::size_t done) { progress.update(static_cast<std::int64_t>(done)); };
    EvalResult result =
        conclude(eval::evaluate(scenes_, experiment_, show), network_.card, limits_of(options_));
    result.judged = judged();
    return result;
  }

  /// What INT8 costs, tensor by tensor: of the first INT8 variant, or of `failures` alone.
  [[nodiscard]] std::vector<ErrorBudget> budgets(std::span<const eval::GateAnswer> failures) {
    std::vector<ErrorBudget> budgets;
    const std::size_t wanted = options_.budget_scenes > 0 ? options_.budget_scenes : kBudgetScenes;
    std::vector<eval::PreparedScene> prepared;
    for (const VariantSpec& spec : specs_) {
      if (spec.precision != Precision::Int8 ||
          (options_.budget_scenes == 0 && !fails(spec, failures))) {
        continue;
      }
      for (std::size_t i = prepared.size(); i < std::min(wanted, scenes_.size()); ++i) {
        prepared.push_back(eval::prepare(scenes_, experiment_, i));
      }
      add_budgets(spec, prepared, budgets);
      break;
    }
    return budgets;
  }

 private:
  static bool fails(const VariantSpec& spec, std::span<const eval::GateAnswer> failures) {
    return std::any_of(failures.begin(), failures.end(), [&](const eval::GateAnswer& answer) {
      return answer.variant == to_string(spec);
    });
  }

  void add_budgets(const VariantSpec& spec,
                   std::span<const eval::PreparedScene> prepared,
                   std::vector<ErrorBudget>& budgets) {
    EvalHeads& heads = heads_for(spec);
    for (std::size_t h = 0; h < heads.heads().size(); ++h) {
      std::optional<Progress> progress;
      const auto show = [&](std::size_t done, std::size_t total) {
        if (!progress) {
          progress.emplace("error budget of " + heads.heads()[h].name,
                           static_cast<std::int64_t>(total),
                           common_);
        }
        progress->update(static_cast<std::int64_t>(done));
      };
      for (ErrorBudget& budget :
           measure_budget(heads, h, heads.plan(h, spec), prepared, network_.card, show)) {
        budgets.push_back(std::move(budget));
      }
    }
  }

  /// The heads for the device of `spec`, calibrated if it needs that.
  EvalHeads& heads_for(const VariantSpec& spec) {
    std::unique_ptr<EvalHeads>& heads = heads_[spec.backend];
    if (!heads) {
      heads = std::make_unique<EvalHeads>(registry_, network_, spec.backend);
    }
    if (spec.precision == Precision::Int8 && !heads->is_calibrated() && !options_.images.empty()) {
      const std::vector<std::filesystem::path> paths(options_.images.begin(),
                                                     options_.images.end());
      const std::vector<std::filesystem::path> images = vision::list_images(paths);
      Progress progress("calibration", static_cast<std::int64_t>(images.size()), common_);
      heads->calibrate(images, experiment_.shared, [&](std::size_t done) {
        progress.update(static_cast<std::int64_t>(done));
      });
    }
    return *heads;
  }

  /// The bundle; without one the variants that were asked for, or of all the one that deploy
  /// builds.
  [[nodiscard]] std::vector<std::string> judged() const {
    if (std::filesystem::is_directory(options_.path)) {
      return {"bundle"};
    }
    if (wants_all(options_)) {
      return {to_string(VariantSpec{})};
    }
    std::vector<std::string> names;
    for (const VariantSpec& spec : specs_) {
      names.push_back(to_string(spec));
    }
    return names;
  }

  const Options& options_;
  const CommonOptions& common_;
  Registry registry_;
  eval::SceneSet scenes_;
  EvalNetwork network_;
  std::vector<VariantSpec> specs_;
  eval::Experiment experiment_;
  std::map<std::string, std::unique_ptr<EvalHeads>> heads_;  // by backend
};

void print_tables(const EvalResult& result, const Options& options) {
  print(variant_table(result));
  if (const std::string depth = depth_table(result); !depth.empty()) {
    print("\n" + depth);
  }
  if (options.classes) {
    print("\n" + class_table(result));
  }
  for (const ErrorBudget& budget : result.budgets) {
    print("\n" + budget_table(budget));
  }
  for (const std::string& sentence : gate_sentences(result)) {
    print("\n" + sentence + "\n");
  }
}

ExitCode evaluate_network(const Options& options, const CommonOptions& common) {
  EvalRun run(options, common);
  EvalResult result = run.run();
  result.budgets = run.budgets(failures_of(result));
  if (common.json) {
    nlohmann::json json = to_json(result);
    json["model"] = options.path;
    print_json(json);
  } else {
    print_tables(result, options);
  }
  return failures_of(result).empty() ? ExitCode::Done : ExitCode::No;
}

}  // namespace

Action declare_eval(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->path, "ONNX file or bundle")->required();
  app.add_option("--scenes", options->scenes, "Folder as `mtmi scenes` writes it")->required();
  app.add_option("--count", options->count, "The first N scenes of the folder (default: all)")
      ->check(CLI::PositiveNumber);
  app.add_option("--input",
                 options->shapes,
                 "NAME=1,3,512,1024 of a dynamic input (default: as the scenes)")
      ->allow_extra_args(false);
  app.add_option("--variants",
                 options->variants,
                 "Also these: all, or PRECISION[-METHOD][+OPTION][@DEVICE],...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--images", options->images, "Image files or folders that INT8 is calibrated on");
  app.add_option(
         "--budget", options->budget_scenes, "Also what each tensor's INT8 costs, on N scenes")
      ->check(CLI::PositiveNumber);
  app.add_option("--miou-limit", options->miou_points, "Gate: mIoU that a head may lose [points]")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option(
         "--abs-rel-limit", options->abs_rel_percent, "Gate: rise of AbsRel that is allowed [%]")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option(
         "--abs-rel-floor", options->abs_rel, "Gate: a rise of AbsRel that is always allowed [1]")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_flag("--classes", options->classes, "Also the IoU of each class");
  return [options](const CommonOptions& common) { return evaluate_network(*options, common); };
}

}  // namespace mtmi::cli
