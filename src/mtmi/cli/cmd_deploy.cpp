// mtmi deploy: from an ONNX file to a verified bundle.
#include <charconv>
#include <chrono>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/bundle/target_file.h"
#include "mtmi/cli/eval_tables.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_display.h"
#include "mtmi/cli/sizes.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/core/log.h"
#include "mtmi/core/output_path.h"
#include "mtmi/deploy/deploy.h"
#include "mtmi/deploy/keep_float.h"
#include "mtmi/device/simulation_note.h"
#include "mtmi/eval/judge.h"
#include "mtmi/eval/scene_set.h"
#include "mtmi/report/gather.h"
#include "mtmi/runtime/device_set.h"
#include "mtmi/vision/image.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string model;
  std::vector<std::string> images;
  std::vector<std::string> shapes;
  std::vector<std::string> cut;
  std::string target = "host";
  std::vector<std::string> limits;
  std::string folder;
  std::string scenes;
  std::string keep_float;
  double time_factor = deploy::KeepFloatOptions{}.time_factor;
  bool equalize = false;
  calibration::Corrections corrections;
  bool verify = false;
};

/// "auto": no number.
std::optional<std::size_t> parse_keep_float(const std::string& text) {
  if (text == "auto") {
    return std::nullopt;
  }
  std::size_t count = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end || count == 0) {
    throw UsageError("got '" + text + "', expected auto or a number above 0");
  }
  return count;
}

std::string milliseconds(double ms) {
  return ms > 0.0 ? fmt::format("{:.2f}", ms) : "";
}

/// Bytes that a part hands on per frame.
std::size_t bytes_out(const bundle::Part& part) {
  std::size_t bytes = 0;
  for (const TensorDesc& output : part.outputs) {
    bytes += size_bytes_of(output);
  }
  return bytes;
}

std::vector<std::string> devices_of(const bundle::Manifest& manifest) {
  std::vector<std::string> devices;
  for (const bundle::Part& part : manifest.parts) {
    devices.push_back(part.device);
  }
  return devices;
}

std::string summary(const deploy::Deployment& deployment,
                    const std::string& folder,
                    double seconds) {
  const bundle::Manifest& manifest = deployment.manifest;
  Table table(
      {"part", "device", "precision", "compiled for", "predicted [ms]", "measured [ms]", "out"});
  for (const bundle::Part& part : manifest.parts) {
    const auto measured = deployment.measured_ms.find(part.name);
    table.add_row({part.name,
                   part.device,
                   part.precision,
                   part.capability,
                   milliseconds(part.predicted_ms),
                   measured == deployment.measured_ms.end() ? "" : milliseconds(measured->second),
                   format_bytes(bytes_out(part))});
  }
  std::string text = table.to_string();
  text += simulation_line(devices_of(manifest));
  text += fmt::format("{} handed over per frame\n", format_bytes(manifest.hand_off_bytes));
  text += "\n" + bundle::describe_agreement(manifest);
  for (const std::string& note : deployment.notes) {
    text += (&note == &deployment.notes.front() ? "\n" : "") + note + "\n";
  }
  return text + fmt::format("\n{}: {} in {:.1f} s; {} of {} steps were done already\n",
                            folder,
                            deployment.refusals.empty() ? "done" : "refused",
                            seconds,
                            deployment.steps_found,
                            deployment.steps_found + deployment.steps_made);
}

nlohmann::json to_json(const deploy::Deployment& deployment) {
  return {{"manifest", nlohmann::json::parse(bundle::to_json(deployment.manifest))},
          {"refusals", deployment.refusals},
          {"notes", deployment.notes},
          {"findings", deployment.findings},
          {"measured_ms", deployment.measured_ms},
          {"steps_made", deployment.steps_made},
          {"steps_found", deployment.steps_found}};
}

/// Names in `target` what of the bundle that was built had better stay in FP16.
void keep_float(const Options& options,
                const CommonOptions& common,
                const Registry& registry,
                Target& target) {
  deploy::KeepFloatOptions choice;
  choice.count = parse_keep_float(options.keep_float);
  choice.time_factor = options.time_factor;
  ProgressDisplay display(common);
  auto kept = deploy::choose_kept_tensors(
      options.folder, options.scenes, choice, registry, [&display](const Progress& progress) {
        display.show(progress);
      });
  for (auto& [head, tensors] : kept) {
    for (const std::string& tensor : tensors) {
      log_info(fmt::format("head '{}': '{}' stays in FP16", head, tensor));
    }
    target.heads[head].keep_float = std::move(tensors);
  }
}

/// "sqnr=30" and the like, for all heads that set no such limit themselves.
void apply_limit(const std::string& argument, AgreementLimits& limits) {
  const std::size_t equals = argument.find('=');
  const std::string name = argument.substr(0, equals);
  std::optional<double>* limit = name == "labels"  ? &limits.max_labels_changed
                                 : name == "depth" ? &limits.max_depth_change
                                 : name == "sqnr"  ? &limits.min_sqnr
                                                   : nullptr;
  const std::optional<double> value =
      equals == std::string::npos ? std::nullopt : parse_finite(argument.substr(equals + 1));
  if (limit == nullptr || !value || *value < 0.0) {
    throw UsageError("got '" + argument +
                     "', expected labels=SHARE, depth=SHARE or sqnr=DB, a number >= 0");
  }
  *limit = *value;
}

/// Devices and their settings are looked at now, not when the bundle runs.
Target read_target(const Registry& registry, const std::string& name_or_path) {
  return bundle::read_target(name_or_path,
                             [&registry](const std::string& name, const auto& settings) {
                               runtime::require_device(registry, name, settings);
                             });
}

/// report.html in the bundle's folder; nothing to do where it is there and nothing has changed.
/// Returns its path; empty where there is no bundle.
std::string write_page(const Options& options,
                       const deploy::Deployment& deployment,
                       const std::optional<eval::Verdict>& judged) {
  if (!deployment.refusals.empty()) {
    return "";
  }
  const std::filesystem::path path = std::filesystem::path(options.folder) / "report.html";
  if (deployment.steps_made > 0 || judged || !std::filesystem::exists(path)) {
    report::Report report = report::describe_bundle(deployment.manifest, options.folder);
    if (judged) {
      report::add_evaluation(report, cli::to_json(*judged).dump(), "the evaluation");
    }
    write_file(path, report::to_html(report));
  }
  return path.string();
}

ExitCode deploy_model(const Options& options, const CommonOptions& common) {
  const auto start = std::chrono::steady_clock::now();
  Registry registry;
  register_all_backends(registry);
  require_can_write_into(options.folder);
  deploy::DeployOptions deploy_options;
  deploy_options.model = options.model;
  deploy_options.folder = options.folder;
  deploy_options.input_shapes = parse_input_shapes(options.shapes);
  deploy_options.target = read_target(registry, options.target);
  for (const std::string& limit : options.limits) {
    apply_limit(limit, deploy_options.target.head_defaults.limits);
  }
  deploy_options.images = vision::list_images(
      std::vector<std::filesystem::path>(options.images.begin(), options.images.end()));
  if (!options.scenes.empty()) {
    (void)eval::SceneSet(options.scenes);  // now, not when the bundle is there
  }
  deploy_options.cut = options.cut;
  deploy_options.equalize = options.equalize;
  deploy_options.corrections = options.corrections;
  deploy_options.rehash = options.verify;
  const auto run = [&] {
    ProgressDisplay display(common, ProgressDisplay::Steps::Named);
    return deploy::deploy(
        deploy_options, registry, [&display](const auto& progress) { display.show(progress); });
  };
  deploy::Deployment deployment = run();
  if (!options.keep_float.empty() && deployment.refusals.empty()) {
    keep_float(options, common, registry, deploy_options.target);
    deployment = run();
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::optional<eval::Verdict> judged;
  if (!options.scenes.empty() && deployment.refusals.empty()) {
    eval::JudgeOptions gate;
    gate.path = options.folder;
    gate.scenes = options.scenes;
    ProgressDisplay display(common);
    judged = eval::judge(
        gate, registry, [&display](const Progress& progress) { display.show(progress); });
  }
  const std::string page = write_page(options, deployment, judged);
  if (common.json) {
    nlohmann::json json = to_json(deployment);
    json["evaluation"] = judged ? cli::to_json(*judged) : nlohmann::json();
    print_json(json);
  } else {
    print(summary(deployment, options.folder, seconds.count()));
    print(judged ? "\n" + to_text(*judged, false) : "");
    print(page.empty() ? "" : "report: " + page + "\n");
  }
  for (const std::string& refusal : deployment.refusals) {
    log_warning(refusal + "; the bundle is not written");
  }
  const bool good = deployment.refusals.empty() && (!judged || eval::failures_of(*judged).empty());
  return good ? ExitCode::Done : ExitCode::No;
}

}  // namespace

Action declare_deploy(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->model, "ONNX file; its model card stands beside it")->required();
  app.add_option("--images", options->images, "Image files or folders to verify on")->required();
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_option("--cut", options->cut, "TENSOR,...: the features (default: found)")
      ->delimiter(',')
      ->allow_extra_args(false);
  app.add_option("--target", options->target, "What runs where: a built-in name or FILE.toml")
      ->capture_default_str();
  app.add_option(
      "--scenes", options->scenes, "Scenes with their truth: the bundle must pass eval's gate");
  app.add_option("--keep-float",
                 options->keep_float,
                 "N or auto: the tensors of each INT8 head that cost most stay in FP16")
      ->needs("--scenes")
      ->check(
          parsed_by([](const std::string& text) { static_cast<void>(parse_keep_float(text)); }));
  app.add_option("--keep-float-time",
                 options->time_factor,
                 "What a head's modelled time may grow to by that, as a factor")
      ->capture_default_str()
      ->check(finite_number(1, 100));
  app.add_option("--limit",
                 options->limits,
                 "labels=SHARE, depth=SHARE, sqnr=DB: how far INT8 heads may be from float32")
      ->allow_extra_args(false)
      ->check(parsed_by([](const std::string& text) {
        AgreementLimits limits;
        apply_limit(text, limits);
      }));
  app.add_flag("--equalize",
               options->equalize,
               "Scale channels of INT8 heads between convolutions so that each fills its range");
  app.add_flag("--feedback-rounding",
               options->corrections.feedback,
               "Round weights of INT8 heads so that errors within a sum make up for each other");
  app.add_flag("--correct-bias",
               options->corrections.bias,
               "Make up in the biases of INT8 heads for what INT8 takes from means");
  app.add_flag("--verify", options->verify, "Read all inputs again, however unchanged they look");
  app.add_option("-o,--output", options->folder, "Folder of the bundle")->required();
  return [options](const CommonOptions& common) { return deploy_model(*options, common); };
}

}  // namespace mtmi::cli
