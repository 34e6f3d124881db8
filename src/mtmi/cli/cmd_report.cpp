// mtmi report: one page about a bundle.
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "mtmi/bundle/manifest.h"
#include "mtmi/cli/bundle_bench.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/report/gather.h"
#include "mtmi/report/report.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string bundle;
  std::string file;
  std::string target;
  std::string trace;
  std::string evaluation;
  std::string pictures;
  std::int64_t frames = 24;
  std::size_t max_pictures = 6;
};

void add_timeline(report::Report& report, const Options& options, const CommonOptions& common) {
  if (!options.trace.empty()) {
    report.timeline = report::parse_timeline(MappedFile(options.trace).text(), options.trace);
    report.timeline_note = "Ten frames of a recorded run; the numbers are frames.";
  } else if (options.frames > 0) {
    report.timeline = report::parse_timeline(
        trace_bundle(options.bundle, options.target, options.frames, common), "the run's trace");
    report.timeline_note = fmt::format(
        "The first ten of {} frames of random input, run overlapped on the machine that made this "
        "page. The numbers are frames.",
        options.frames);
  }
  if (const double period = report::period_ms(report.timeline); period > 0.0) {
    report.facts.insert(report.facts.begin(),
                        {{"median period", fmt::format("{:.3g} ms", period)},
                         {"frames a second", fmt::format("{:.3g}", 1000.0 / period)}});
  }
}

ExitCode run_report(const Options& options, const CommonOptions& common) {
  const bundle::Manifest manifest = bundle::open_bundle(options.bundle);
  report::Report report = report::describe_bundle(manifest, options.bundle);
  add_timeline(report, options, common);
  check_interrupt();
  if (!options.evaluation.empty()) {
    report.sections.insert(
        report.sections.begin(),
        report::parse_evaluation(MappedFile(options.evaluation).text(), options.evaluation));
  }
  if (!options.pictures.empty()) {
    report.pictures = report::read_pictures(options.pictures, options.max_pictures);
  }
  write_file(options.file, report::to_html(report));
  if (common.json) {
    print(report::to_json(report));
  } else if (!common.quiet) {
    print(fmt::format("{}: {} of one page, open it in a browser\n",
                      options.file,
                      format_bytes(std::filesystem::file_size(options.file))));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_report(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("BUNDLE", options->bundle, "Folder that deploy made")->required();
  app.add_option("-o", options->file, "HTML file to write")->required();
  app.add_option("--target", options->target, "Where it runs, if not where it was built for");
  app.add_option("--trace", options->trace, "Timeline of `mtmi run --trace`; otherwise it is run");
  app.add_option("--frames", options->frames, "Frames to run for the timeline; 0: none")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{0}, std::int64_t{100000}));
  app.add_option("--eval", options->evaluation, "What `mtmi eval --json` printed: accuracy");
  app.add_option("--pictures", options->pictures, "Folder with PNG files of `mtmi visualize`");
  app.add_option("--max-pictures", options->max_pictures, "Pictures on the page")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{1}, std::size_t{100}));
  return [options](const CommonOptions& common) { return run_report(*options, common); };
}

}  // namespace mtmi::cli
