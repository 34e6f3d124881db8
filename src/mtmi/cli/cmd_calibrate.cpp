// mtmi calibrate: the scales of a head, in every format, from features or images.
#include <chrono>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/backends/register_all.h"
#include "mtmi/calibration/correct.h"
#include "mtmi/calibration/runs.h"
#include "mtmi/calibration/tuner.h"
#include "mtmi/calibration/tuning_samples.h"
#include "mtmi/cli/encoder_files.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_bar.h"
#include "mtmi/cli/progress_display.h"
#include "mtmi/cli/split_folder.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/log.h"
#include "mtmi/core/output_path.h"
#include "mtmi/dla/release.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/quant/alignment.h"
#include "mtmi/quant/calibrated_table.h"
#include "mtmi/quant/calibration_cache.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/qdq_writer.h"
#include "mtmi/quant/scale_file.h"
#include "mtmi/vision/image.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string model;
  std::string head;
  std::string features;
  std::vector<std::string> images;
  std::vector<std::string> shapes;
  std::string prefix;
  std::string method{to_string(quant::Method::Entropy)};
  std::optional<double> percentile;
  std::string version{dla::to_string(dla::Version{})};
  bool align = false;
  std::string from;
  bool equalize = false;
  calibration::Corrections corrections;

  [[nodiscard]] bool has_data() const { return !features.empty() || !images.empty(); }
};

/// The head, and how to write it again.
struct Head {
  std::filesystem::path file;
  Graph graph;
  std::int64_t opset = 0;
};

/// What becomes PREFIX.*.
struct Calibrated {
  quant::ScaleTable table;
  std::vector<quant::ScaleChange> changes;
  std::vector<std::string> warnings;
};

void check_usage(const Options& options) {
  std::error_code ignored;  // what is not there yet is no other file
  if (std::filesystem::equivalent(options.model, options.prefix + ".onnx", ignored)) {
    throw UsageError(options.prefix + ".onnx: would replace the head that is calibrated");
  }
  const bool is_folder = std::filesystem::is_directory(options.model);
  if (is_folder == options.head.empty()) {
    throw UsageError(is_folder ? options.model + " is a folder: say which of its heads, --head NAME"
                               : "--head goes with the folder that `mtmi split` wrote, not with " +
                                     options.model);
  }
  if (!options.features.empty() && !options.images.empty()) {
    throw UsageError("got --features and --images, expected one of them");
  }
  if (!options.images.empty() && !is_folder) {
    throw UsageError(
        "--images takes the encoder too: give the folder that `mtmi split` wrote, "
        "or --features");
  }
  if (options.percentile && quant::parse_method(options.method) != quant::Method::Percentile) {
    throw UsageError("--percentile goes with --method percentile, not with " + options.method);
  }
  if (!std::filesystem::path(options.prefix).has_filename()) {
    throw UsageError("got -o " + options.prefix + ", expected how the files' names begin, as in " +
                     options.prefix + "head");
  }
  if (!options.has_data() && options.from.empty()) {
    throw UsageError("got nothing to calibrate on: give --features, --images or --from");
  }
  if (!options.has_data() && options.corrections.any()) {
    throw UsageError(
        "--correct-bias and --feedback-rounding look at what the head reads: give --features or "
        "--images");
  }
  if (options.equalize && !options.from.empty()) {
    throw UsageError("--equalize changes the tensors that the scales of --from stand for");
  }
}

Head load_head(const Options& options) {
  Head head;
  head.file = options.model;
  if (!options.head.empty()) {
    head.file = find_head(read_split_folder(options.model), options.head);
  }
  onnx::OnnxModel model = onnx::read_model(head.file);
  head.opset = onnx::opset_to_write(model.opset);
  head.graph = make_static(std::move(model.graph), head.file, parse_input_shapes(options.shapes));
  if (quant::observed_tensors(head.graph).empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "cli::calibrate",
                head.file.string() + ": has no tensor of f32, so nothing to quantise");
  }
  return head;
}

/// Tunes on what the head reads of a few of the images.
calibration::Tuner make_tuner(const Options& options,
                              const Head& head,
                              const Backend& cpu,
                              const ProgressFunction& progress) {
  const auto take = [&options, &cpu, progress, inputs = head.graph] {
    if (!options.features.empty()) {
      return calibration::take_tuning_samples(calibration::features_in(options.features, inputs),
                                              progress);
    }
    const std::vector<std::filesystem::path> paths(options.images.begin(), options.images.end());
    const auto encoder = open_encoder(cpu, read_split_folder(options.model));
    return calibration::take_tuning_samples(
        calibration::features_of(vision::list_images(paths), *encoder), progress);
  };
  return {cpu, take, progress};
}

/// Runs the head over features or images.
quant::Observations observe(const Options& options,
                            const Head& head,
                            const Backend& cpu,
                            const CommonOptions& common,
                            const std::filesystem::path& state_file) {
  calibration::ObservedModel model(cpu, head.graph);
  const auto run = [&](quant::CalibrationImages& runs, const std::string& context) {
    ProgressBar progress("calibrating", static_cast<std::int64_t>(runs.size()), common);
    quant::CalibratorOptions calibrator;
    calibrator.state_file = state_file;
    calibrator.save_at_end = options.corrections.any();
    calibrator.progress = [&progress](std::size_t done) {
      progress.update(static_cast<std::int64_t>(done));
    };
    return quant::observe_images(runs, model.tensors(), context, calibrator);
  };
  if (!options.features.empty()) {
    calibration::FeatureRuns runs(options.features, model);
    return run(runs, runs.context());
  }
  const std::vector<std::filesystem::path> paths(options.images.begin(), options.images.end());
  const auto encoder = open_encoder(cpu, read_split_folder(options.model));
  calibration::ImageRuns runs(vision::list_images(paths), *encoder, {&model});
  return run(runs, runs.context());
}

/// The new cache's header names one calibrator whatever the scales are of: say what they are of.
void note_other_calibrator(const quant::ScaleFile& read,
                           const std::string& file,
                           Calibrated& calibrated) {
  constexpr std::string_view kOurs = "EntropyCalibration2";
  const std::string& header = read.header;  // "TRT-8611-MinMaxCalibration"
  if (!header.empty() && !header.ends_with(kOurs)) {
    calibrated.warnings.push_back(fmt::format(
        "{}: its scales are {}'s, as its header says; the cache that is written says {}, "
        "since TensorRT takes no other for a DLA",
        file,
        header.substr(header.rfind('-') + 1),
        kOurs));
  }
}

/// The scales of the file take the place of those found; what the head has not is said.
void import_scales(const quant::ScaleFile& read,
                   const std::string& file,
                   const Graph& graph,
                   Calibrated& calibrated) {
  note_other_calibrator(read, file, calibrated);
  const quant::ScaleTable& from = read.table;
  const quant::Misfit misfit = quant::find_misfit(from, graph);
  if (misfit.other_graph) {
    calibrated.warnings.push_back(file + " belongs to another graph: scales are taken by name");
  }
  for (const std::string& name : quant::observed_tensors(graph)) {
    if (const auto it = from.tensors.find(name); it != from.tensors.end()) {
      quant::TensorScale& scale = calibrated.table.tensors[name];
      scale.scale = it->second.scale;
      scale.amax = it->second.amax;
      scale.source = quant::ScaleSource::Imported;
    }
  }
  if (!misfit.unknown.empty()) {
    calibrated.warnings.push_back(
        fmt::format("{}: {} of its scales are of tensors that the head has not, and left out: {}",
                    file,
                    misfit.unknown.size(),
                    quant::list_names(misfit.unknown)));
  }
}

Calibrated calibrate_head(const Options& options,
                          const Head& head,
                          const Backend& cpu,
                          const CommonOptions& common,
                          const std::filesystem::path& state_file) {
  Calibrated calibrated;
  quant::ThresholdOptions threshold;
  threshold.method = quant::parse_method(options.method);
  threshold.percentile = options.percentile.value_or(threshold.percentile);
  if (options.has_data()) {
    auto [table, warnings] =
        quant::find_scales(observe(options, head, cpu, common, state_file), head.graph, threshold);
    calibrated.table = std::move(table);
    calibrated.warnings = std::move(warnings);
  } else {
    calibrated.table.graph_hash = quant::graph_hash(head.graph);
    calibrated.table.method = threshold.method;
  }
  if (!options.from.empty()) {
    import_scales(quant::read_scales(options.from), options.from, head.graph, calibrated);
  }
  if (const quant::Misfit misfit = quant::find_misfit(calibrated.table, head.graph);
      !misfit.missing.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "cli::calibrate",
                fmt::format("{}: has no scale for {} tensors of the head: {}; give --features or "
                            "--images for these",
                            options.from,
                            misfit.missing.size(),
                            quant::list_names(misfit.missing)));
  }
  quant::Alignment aligned =
      quant::align(std::move(calibrated.table),
                   head.graph,
                   options.align ? quant::AlignMode::Preferred : quant::AlignMode::Required);
  calibrated.table = std::move(aligned.table);
  calibrated.changes = std::move(aligned.changes);
  return calibrated;
}

/// What `calibrate` writes.
std::vector<std::string> files_of(const std::string& prefix) {
  return {prefix + ".cache", prefix + ".json", prefix + "_qdq.onnx", prefix + ".onnx"};
}

/// PREFIX.onnx, PREFIX_qdq.onnx, PREFIX.cache, PREFIX.json, the last when all else is there.
std::vector<std::string> write_all(const Options& options,
                                   const Head& head,
                                   const quant::ScaleTable& table) {
  const dla::Version version = dla::parse_version(options.version);
  std::vector<std::string> files = files_of(options.prefix);
  const std::string cache = quant::to_calibration_cache(table, head.graph, version);
  onnx::WriteOptions write;
  write.opset = head.opset;
  onnx::write_model(head.graph, files[3], write);
  onnx::write_model(quant::insert_qdq(head.graph, quant::scales_of(table)), files[2], write);
  write_file(files[0], cache);
  write_file(files[1], quant::to_json(table));
  return files;
}

nlohmann::json to_json(const Calibrated& calibrated, const std::vector<std::string>& files) {
  nlohmann::json changes = nlohmann::json::array();
  for (const quant::ScaleChange& change : calibrated.changes) {
    changes.push_back({{"tensor", change.tensor},
                       {"from", change.from},
                       {"to", change.to},
                       {"widest", change.widest},
                       {"rule", change.rule}});
  }
  nlohmann::json tensors = nlohmann::json::array();
  for (const auto& [name, scale] : calibrated.table.tensors) {
    tensors.push_back({{"name", name},
                       {"scale", scale.scale},
                       {"amax", scale.amax},
                       {"absmax", scale.absmax},
                       {"source", to_string(scale.source)}});
  }
  return {{"graph_hash", calibrated.table.graph_hash},
          {"method", to_string(calibrated.table.method)},
          {"images", calibrated.table.images},
          {"tensors", std::move(tensors)},
          {"changes", std::move(changes)},
          {"warnings", calibrated.warnings},
          {"files", files}};
}

std::string to_text(const Calibrated& calibrated,
                    const std::vector<std::string>& files,
                    double seconds) {
  std::string text;
  if (!calibrated.changes.empty()) {
    Table table({"tensor", "scale", "becomes", "of", "rule"});
    for (const quant::ScaleChange& change : calibrated.changes) {
      table.add_row({change.tensor,
                     fmt::format("{:.6g}", change.from),
                     fmt::format("{:.6g}", change.to),
                     change.widest,
                     change.rule});
    }
    text += "tensors that share a range with a wider one:\n" + table.to_string() + "\n";
  }
  const quant::ScaleTable& table = calibrated.table;
  text += table.images == 0 ? fmt::format("{} scales, all imported\n", table.tensors.size())
                            : fmt::format("{} scales by {} over {} images in {:.1f} s\n",
                                          table.tensors.size(),
                                          to_string(table.method),
                                          table.images,
                                          seconds);
  for (const std::string& file : files) {
    text += "  " + file + "\n";
  }
  return text;
}

ExitCode calibrate(const Options& options, const CommonOptions& common) {
  const auto start = std::chrono::steady_clock::now();
  check_usage(options);
  for (const std::string& file : files_of(options.prefix)) {
    require_can_write(file);
  }
  Head head = load_head(options);
  Registry registry;
  register_all_backends(registry);
  const Backend& cpu = registry.backend("cpu");
  ProgressDisplay display(common);
  calibration::Tuner tuner = make_tuner(
      options, head, cpu, [&display](const Progress& progress) { display.show(progress); });
  if (options.equalize) {
    head.graph = tuner.equalize(std::move(head.graph));
  }
  const std::filesystem::path state_file = options.prefix + ".partial";
  Calibrated calibrated = calibrate_head(options, head, cpu, common, state_file);
  head.graph =
      tuner.correct(std::move(head.graph), quant::scales_of(calibrated.table), options.corrections);
  calibrated.table.graph_hash = quant::graph_hash(head.graph);
  for (const std::string& warning : calibrated.warnings) {
    log_warning(warning);
  }
  const std::vector<std::string> files = write_all(options, head, calibrated.table);
  quant::remove_state(state_file);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  if (common.json) {
    print_json(to_json(calibrated, files));
  } else {
    print(to_text(calibrated, files, seconds.count()));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_calibrate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->model, "Head as an ONNX file, or the folder of `mtmi split`")
      ->required();
  app.add_option("--head", options->head, "Which head of the folder");
  app.add_option("--features", options->features, "Folder that `mtmi features` wrote");
  app.add_option("--images", options->images, "Image files or folders, for a folder of `split`");
  app.add_option("--input", options->shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  app.add_option("-o,--output",
                 options->prefix,
                 "PREFIX of PREFIX.cache, PREFIX.json, PREFIX_qdq.onnx and PREFIX.onnx")
      ->required();
  app.add_option("--method", options->method, "How ranges are chosen")
      ->capture_default_str()
      ->check(one_of({"entropy", "minmax", "percentile", "mse"}));
  app.add_option("--percentile",
                 options->percentile,
                 fmt::format("Share inside the range, of its method [%] (default: {})",
                             quant::ThresholdOptions{}.percentile))
      ->check(finite_number(50, 100));
  app.add_option("--trt-version", options->version, "TensorRT release that reads the cache")
      ->capture_default_str()
      ->check(parsed_by([](const auto& text) { (void)dla::parse_version(text); }));
  app.add_flag("--align", options->align, "Also give resizes one scale for input and output");
  app.add_flag("--equalize",
               options->equalize,
               "First scale channels between convolutions so that each fills its tensor's range");
  app.add_flag("--feedback-rounding",
               options->corrections.feedback,
               "Round weights so that errors within a sum make up for each other");
  app.add_flag("--correct-bias",
               options->corrections.bias,
               "Give each channel the bias that makes up for what INT8 takes from its mean");
  app.add_option(
      "--from", options->from, "Scales to keep: PREFIX.json, a calibration cache or a Q/DQ model");
  return [options](const CommonOptions& common) { return calibrate(*options, common); };
}

}  // namespace mtmi::cli
