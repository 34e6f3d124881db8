// mtmi eval: what a network is worth on scenes with their truth, per precision and device.
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/bundle/manifest.h"
#include "mtmi/cli/eval_tables.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_display.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/log.h"
#include "mtmi/core/nearest_name.h"
#include "mtmi/core/output_path.h"
#include "mtmi/eval/judge.h"
#include "mtmi/graph/text.h"

namespace mtmi::cli {
namespace {

struct Options {
  eval::JudgeOptions judge;
  std::vector<std::string> shapes;
  std::vector<std::string> variants;
  double miou_points = 100.0 * eval::GateLimits{}.miou;
  double abs_rel_percent = 100.0 * eval::GateLimits{}.abs_rel_relative;
  bool classes = false;
};

/// With what has to be read from texts.
eval::JudgeOptions judge_options(const Options& options) {
  eval::JudgeOptions judge = options.judge;
  judge.shapes = parse_input_shapes(options.shapes);
  judge.all = options.variants == std::vector<std::string>{"all"};
  if (!judge.all) {
    for (const std::string& text : options.variants) {
      judge.variants.push_back(eval::parse_variant(text));
    }
  }
  judge.limits.miou = options.miou_points / 100.0;
  judge.limits.abs_rel_relative = options.abs_rel_percent / 100.0;
  return judge;
}

ExitCode evaluate_network(const Options& options, const CommonOptions& common) {
  if (!options.judge.pictures.empty()) {
    require_can_write_into(options.judge.pictures);
  }
  Registry registry;
  register_all_backends(registry);
  ProgressDisplay display(common);
  const eval::Verdict verdict =
      eval::judge(judge_options(options), registry, [&display](const Progress& progress) {
        display.show(progress);
      });
  if (options.judge.budget_scenes > 0 && verdict.budgets.empty()) {
    log_warning("--budget: nothing here is in INT8; give --variants int8, and --images");
  }
  if (common.json) {
    nlohmann::json json = to_json(verdict);
    json["model"] = options.judge.path.string();
    if (std::filesystem::is_directory(options.judge.path)) {  // by that `report` knows it again
      json["network_hash"] = bundle::open_bundle(options.judge.path).source_hash;
    }
    print_json(json);
  } else {
    print(to_text(verdict, options.classes));
  }
  return eval::failures_of(verdict).empty() ? ExitCode::Done : ExitCode::No;
}

/// Whether the backend computes in `precision` at all: asked of the smallest network there is.
bool computes_in(const Backend& backend, Precision precision) {
  const Graph graph = parse_text(R"(graph "probe" {
    input %x: f32[1,1,1,1]
    %y: f32[1,1,1,1] = Relu(%x)
    output %y
  })");
  CompileOptions options;
  options.precision = precision;
  const std::vector<Capability> capabilities = backend.capabilities();
  return !capabilities.empty() && backend.support(graph, capabilities.front(), options)[0];
}

/// INT8 is left out: it is calibrated, and every device of a variant has it.
void require_computes(const Registry& registry, const eval::VariantSpec& spec) {
  if (spec.precision == Precision::Int8 ||
      computes_in(registry.backend(spec.backend), spec.precision)) {
    return;
  }
  std::string message = fmt::format("got variant '{}', but {} does not compute in {}",
                                    eval::to_string(spec),
                                    spec.backend,
                                    to_string(spec.precision));
  for (const Backend* backend : registry.backends()) {
    eval::VariantSpec other = spec;
    other.backend = backend->name();
    if (computes_in(*backend, spec.precision)) {
      message += "; did you mean " + eval::to_string(other) + "?";
      break;
    }
  }
  throw UsageError(message);
}

/// The known variant that `text` is nearest to; empty where none is near.
std::string nearest_variant(const std::string& text) {
  std::vector<std::string> names{"f32@cpu", "int8", "int8@cpu", "int8@qdq"};
  for (const eval::VariantSpec& spec : eval::all_variants()) {
    names.push_back(eval::to_string(spec));
    if (const std::size_t options = names.back().find('+'); options != std::string::npos) {
      names.push_back("int8" + names.back().substr(options));
    }
  }
  return nearest_name(text, names);
}

/// Now, not after other variants have been calibrated.
void require_known_variant(const std::string& text) {
  if (text == "all") {
    return;
  }
  const eval::VariantSpec spec = [&text] {
    try {
      return eval::parse_variant(text);
    } catch (const Error& e) {
      const std::string nearest = nearest_variant(text);
      throw UsageError(e.what() + (nearest.empty() ? "" : "; did you mean " + nearest + "?"));
    }
  }();
  if (spec.backend != eval::kFakeQuant) {
    Registry registry;
    register_all_backends(registry);
    registry.require_known({.backend = spec.backend, .index = 0});
    require_computes(registry, spec);
  }
}

}  // namespace

Action declare_eval(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->judge.path, "ONNX file or bundle")->required();
  app.add_option("--scenes", options->judge.scenes, "Folder as `mtmi scenes` writes it")
      ->required();
  app.add_option("--count", options->judge.count, "The first N scenes of the folder (default: all)")
      ->check(whole_number(1));
  app.add_option("--input",
                 options->shapes,
                 "NAME=1,3,512,1024 of a dynamic input (default: as the scenes)")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_option("--variants",
                 options->variants,
                 "Also these: all, or PRECISION[-METHOD][+OPTION][@DEVICE],...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(parsed_by(require_known_variant));
  app.add_option(
      "--images", options->judge.images, "Image files or folders that INT8 is calibrated on");
  app.add_option("--budget",
                 options->judge.budget_scenes,
                 "Also what each tensor's INT8 costs, on N scenes")
      ->check(whole_number(1));
  app.add_option("--miou-limit", options->miou_points, "Gate: mIoU that a head may lose [points]")
      ->capture_default_str()
      ->check(finite_number(0));
  app.add_option(
         "--abs-rel-limit", options->abs_rel_percent, "Gate: rise of AbsRel that is allowed [%]")
      ->capture_default_str()
      ->check(finite_number(0));
  app.add_option("--abs-rel-floor",
                 options->judge.limits.abs_rel,
                 "Gate: a rise of AbsRel that is always allowed [1]")
      ->capture_default_str()
      ->check(finite_number(0));
  app.add_option("--pictures", options->judge.pictures, "Folder for the worst scenes of each head");
  app.add_flag("--classes", options->classes, "Also the IoU of each class");
  return [options](const CommonOptions& common) { return evaluate_network(*options, common); };
}

}  // namespace mtmi::cli
