// mtmi eval: what a network is worth on scenes with their truth, per precision and device.
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/cli/eval_run.h"
#include "mtmi/cli/eval_tables.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/verbs.h"

namespace mtmi::cli {
namespace {

struct Options {
  EvalOptions eval;
  double miou_points = 100.0 * eval::GateLimits{}.miou;
  double abs_rel_percent = 100.0 * eval::GateLimits{}.abs_rel_relative;
  bool classes = false;
};

ExitCode evaluate_network(const Options& options, const CommonOptions& common) {
  EvalOptions eval_options = options.eval;
  eval_options.limits.miou = options.miou_points / 100.0;
  eval_options.limits.abs_rel_relative = options.abs_rel_percent / 100.0;
  Registry registry;
  register_all_backends(registry);
  const EvalResult result = EvalRun(eval_options, common, registry).run();
  if (common.json) {
    nlohmann::json json = to_json(result);
    json["model"] = options.eval.path;
    print_json(json);
  } else {
    print(to_text(result, options.classes));
  }
  return failures_of(result).empty() ? ExitCode::Done : ExitCode::No;
}

}  // namespace

Action declare_eval(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->eval.path, "ONNX file or bundle")->required();
  app.add_option("--scenes", options->eval.scenes, "Folder as `mtmi scenes` writes it")->required();
  app.add_option("--count", options->eval.count, "The first N scenes of the folder (default: all)")
      ->check(CLI::PositiveNumber);
  app.add_option("--input",
                 options->eval.shapes,
                 "NAME=1,3,512,1024 of a dynamic input (default: as the scenes)")
      ->allow_extra_args(false);
  app.add_option("--variants",
                 options->eval.variants,
                 "Also these: all, or PRECISION[-METHOD][+OPTION][@DEVICE],...")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option(
      "--images", options->eval.images, "Image files or folders that INT8 is calibrated on");
  app.add_option(
         "--budget", options->eval.budget_scenes, "Also what each tensor's INT8 costs, on N scenes")
      ->check(CLI::PositiveNumber);
  app.add_option("--miou-limit", options->miou_points, "Gate: mIoU that a head may lose [points]")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option(
         "--abs-rel-limit", options->abs_rel_percent, "Gate: rise of AbsRel that is allowed [%]")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--abs-rel-floor",
                 options->eval.limits.abs_rel,
                 "Gate: a rise of AbsRel that is always allowed [1]")
      ->capture_default_str()
      ->check(CLI::NonNegativeNumber);
  app.add_option("--pictures", options->eval.pictures, "Folder for the worst scenes of each head");
  app.add_flag("--classes", options->classes, "Also the IoU of each class");
  return [options](const CommonOptions& common) { return evaluate_network(*options, common); };
}

}  // namespace mtmi::cli
