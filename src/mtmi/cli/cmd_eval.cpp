// mtmi eval: what a network is worth on scenes with their truth, per precision and device.
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/eval_network.h"
#include "mtmi/cli/eval_tables.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/log.h"
#include "mtmi/eval/evaluation.h"

namespace mtmi::cli {
namespace {

/// Below this, intervals are too wide to trust.
constexpr std::size_t kFewScenes = 20;

struct Options {
  std::string path;
  std::string scenes;
  std::size_t count = 0;
  std::vector<std::string> shapes;
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

eval::Experiment make_experiment(const Registry& registry,
                                 const EvalNetwork& network,
                                 const Options& options) {
  eval::Experiment experiment{.card = network.card,
                              .input = network.input,
                              .input_shape = network.input_shape,
                              .shared = make_shared_encoder(registry, network),
                              .variants = {make_float_variant(registry, network)}};
  if (std::filesystem::is_directory(options.path)) {
    experiment.variants.push_back(make_bundle_variant(registry, options.path));
  }
  return experiment;
}

void print_tables(const EvalResult& result, const Options& options) {
  print(variant_table(result));
  if (const std::string depth = depth_table(result); !depth.empty()) {
    print("\n" + depth);
  }
  if (options.classes) {
    print("\n" + class_table(result));
  }
  for (const eval::GateAnswer& failure : failures_of(result)) {
    print("\n" + failure.to_string() + "\n");
  }
}

ExitCode evaluate_network(const Options& options, const CommonOptions& common) {
  Registry registry;
  register_all_backends(registry);
  const eval::SceneSet scenes(options.scenes, options.count);
  if (scenes.size() < kFewScenes) {
    log_warning(fmt::format(
        "{} scenes only: the intervals say little below {}", scenes.size(), kFewScenes));
  }
  const EvalNetwork network = load_eval_network(options.path, options.shapes, scenes);
  const eval::Experiment experiment = make_experiment(registry, network, options);
  Progress progress("scenes", static_cast<std::int64_t>(scenes.size()), common);
  EvalResult result = conclude(
      eval::evaluate(scenes,
                     experiment,
                     [&](std::size_t done) { progress.update(static_cast<std::int64_t>(done)); }),
      network.card,
      limits_of(options));
  result.judged = {"bundle"};
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
