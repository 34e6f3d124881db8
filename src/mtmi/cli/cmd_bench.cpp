// mtmi bench: how fast, and how sure of it.
#include <chrono>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/api/bundle_bench.h"
#include "mtmi/backends/register_all.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_bar.h"
#include "mtmi/cli/progress_display.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/statistics.h"
#include "mtmi/device/simulation_note.h"

namespace mtmi::cli {
namespace {

constexpr std::int64_t kWarmUpRuns = 3;

struct Options {
  std::string model;
  std::int64_t runs = 20;
  std::uint64_t seed = 0;
  std::string target;
  OpenOptions open;
};

double run_once_ms(Session& session) {
  const auto start = std::chrono::steady_clock::now();
  session.run_again();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

std::vector<double> measure(Session& session, const Options& options, const CommonOptions& common) {
  ProgressBar progress("runs", options.runs, common);
  std::vector<double> times_ms;
  for (std::int64_t i = -kWarmUpRuns; i < options.runs; ++i) {
    check_interrupt();
    const double time_ms = run_once_ms(session);
    if (i >= 0) {
      times_ms.push_back(time_ms);
    }
    progress.update(i + 1);
  }
  return times_ms;
}

ExitCode bench_folder(const Options& options, const CommonOptions& common) {
  ProgressDisplay display(common);
  const BundleBench b = bench_bundle(
      options.model, options.target, options.runs, options.seed, [&display](const Progress& p) {
        display.show(p);
      });
  if (common.json) {
    nlohmann::json stages = nlohmann::json::array();
    for (const StageSummary& stage : b.stages) {
      stages.push_back(
          {{"name", stage.name}, {"device", stage.device}, {"median_ms", stage.time.median}});
    }
    print_json({{"runs", options.runs},
                {"median_ms", b.overlapped.median},
                {"median_95_ms", {b.overlapped.low, b.overlapped.high}},
                {"per_second", 1e3 / b.overlapped.median},
                {"serial_median_ms", b.serial.median},
                {"serial_median_95_ms", {b.serial.low, b.serial.high}},
                {"stages", std::move(stages)}});
    return ExitCode::Done;
  }
  Table table({"stage", "device", "median [ms]"});
  std::vector<std::string> devices;
  for (const StageSummary& stage : b.stages) {
    devices.push_back(stage.device);
    table.add_row({stage.name, stage.device, fmt::format("{:.3f}", stage.time.median)});
  }
  print(fmt::format("{}, {} frames of random input each way\n", options.model, options.runs) +
        table.to_string() + simulation_line(devices));
  print(fmt::format(
      "one frame at a time  {:.3f} ms a frame (95 %: {:.3f} to {:.3f}), {:.2f} a second\n"
      "overlapped           {:.3f} ms a frame (95 %: {:.3f} to {:.3f}), {:.2f} a second\n",
      b.serial.median,
      b.serial.low,
      b.serial.high,
      1e3 / b.serial.median,
      b.overlapped.median,
      b.overlapped.low,
      b.overlapped.high,
      1e3 / b.overlapped.median));
  print(fmt::format("median period, overlapped [ms] {:.3f}\n", b.overlapped.median));
  return ExitCode::Done;
}

ExitCode bench(const Options& options, const CommonOptions& common) {
  if (std::filesystem::is_directory(options.model)) {
    refuse_options_of_a_bundle(options.open);
    return bench_folder(options, common);
  }
  Registry registry;
  register_all_backends(registry);
  const auto session = open_session(registry, options.model, options.open);
  session->set_inputs(random_inputs(session->inputs(), options.seed));
  const std::vector<double> times_ms = measure(*session, options, common);
  const Summary s = summarize(times_ms);
  if (common.json) {
    print_json({{"runs", times_ms.size()},
                {"median_ms", s.median},
                {"median_95_ms", {s.low, s.high}},
                {"minimum_ms", s.minimum},
                {"p99_ms", s.p99},
                {"per_second", 1e3 / s.median},
                {"memory_bytes", session->memory_bytes()},
                {"times_ms", times_ms}});
    return ExitCode::Done;
  }
  print(fmt::format("{} on {}, {} runs after {} to warm up, random input\n",
                    options.model,
                    options.open.device,
                    times_ms.size(),
                    kWarmUpRuns));
  print(
      fmt::format("  minimum {:.3f} ms   99th percentile {:.3f} ms   {:.2f} a second   {} for "
                  "buffers and scratch\n",
                  s.minimum,
                  s.p99,
                  1e3 / s.median,
                  format_bytes(session->memory_bytes())));
  print(
      fmt::format("  95 % confidence interval of the median {:.3f} to {:.3f} ms\n", s.low, s.high));
  print(fmt::format("median [ms] {:.3f}\n", s.median));
  return ExitCode::Done;
}

}  // namespace

Action declare_bench(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("MODEL", options->model, "ONNX file, engine or bundle")->required();
  app.add_option("--device", options->open.device, "Where it runs")
      ->capture_default_str()
      ->check(device_name());
  app.add_option("--precision", options->open.precision, "f32, bf16, f16 or int8")
      ->capture_default_str()
      ->check(precision_name());
  app.add_option("--runs", options->runs, "Measured runs")
      ->capture_default_str()
      ->check(whole_number(1, 1'000'000));
  app.add_option("--target", options->target, "Of a bundle, where it is not its own");
  app.add_option("--seed", options->seed, "Of the random input")
      ->capture_default_str()
      ->check(whole_number(0));
  app.add_option("--input", options->open.shapes, "NAME=1,3,640,640 of a dynamic input")
      ->allow_extra_args(false)
      ->check(input_shape());
  return [options](const CommonOptions& common) { return bench(*options, common); };
}

}  // namespace mtmi::cli
