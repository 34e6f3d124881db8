// mtmi report: one page about a bundle.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "mtmi/api/bundle_bench.h"
#include "mtmi/bundle/manifest.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/progress_display.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/output_path.h"
#include "mtmi/report/gather.h"
#include "mtmi/report/report.h"

namespace mtmi::cli {
namespace {

struct Options {
  std::string bundle;
  std::string file;
  std::string target;        // where the frames run; empty: the bundle's own
  std::int64_t frames = 24;  // to run for the timeline; 0: none
  std::string trace;         // a recorded timeline instead
  std::string evaluation;
  std::string pictures;
  std::size_t max_pictures = 6;
};

void add_timeline(report::Report& report, const Options& options, const CommonOptions& common) {
  if (!options.trace.empty()) {
    report::add_timeline(report,
                         report::parse_timeline(MappedFile(options.trace).text(), options.trace),
                         "A recorded run.");
  } else if (options.frames > 0) {
    ProgressDisplay display(common);
    const std::string trace =
        trace_bundle(options.bundle, options.target, options.frames, [&display](const Progress& p) {
          display.show(p);
        });
    report::add_timeline(report,
                         report::parse_timeline(trace, "the run's trace"),
                         "Random input, overlapped, on the machine that made this page.");
  }
}

/// Now, before anything runs.
void require_same_network(const bundle::Manifest& manifest, const Options& options) {
  const auto require = [](const std::string& file, const std::string& mismatch) {
    if (!mismatch.empty()) {
      throw UsageError(file + ": " + mismatch);
    }
  };
  if (const std::string& file = options.trace; !file.empty()) {
    require(file, report::trace_mismatch(manifest, MappedFile(file).text(), file));
  }
  if (const std::string& file = options.evaluation; !file.empty()) {
    require(file, report::evaluation_mismatch(manifest, MappedFile(file).text(), file));
  }
}

report::Report make_report(const Options& options, const CommonOptions& common) {
  const bundle::Manifest manifest = bundle::open_bundle(options.bundle);
  require_same_network(manifest, options);
  report::Report report = report::describe_bundle(manifest, options.bundle);
  if (!options.evaluation.empty()) {
    report::add_evaluation(report, MappedFile(options.evaluation).text(), options.evaluation);
  }
  if (!options.pictures.empty()) {
    report.pictures = report::read_pictures(options.pictures, options.max_pictures);
  }
  add_timeline(report, options, common);  // last: the bundle runs for it
  check_interrupt();
  return report;
}

ExitCode write_report(const Options& options, const CommonOptions& common) {
  require_can_write(options.file);
  const report::Report report = make_report(options, common);
  const std::string html = report::to_html(report);
  write_file(options.file, html);
  if (common.json) {
    print(report::to_json(report));
  } else if (!common.quiet) {
    print(fmt::format(
        "{}: {} of one page, open it in a browser\n", options.file, format_bytes(html.size())));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_report(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("BUNDLE", options->bundle, "Folder that deploy made")->required();
  app.add_option("-o,--output", options->file, "HTML file to write")
      ->required()
      ->check([](const std::string& file) {
        return file.ends_with(".html") ? std::string()
                                       : "got " + file + ", expected a name in .html";
      });
  app.add_option("--target", options->target, "Where it runs, if not where it was built for");
  CLI::Option* trace = app.add_option(
      "--trace", options->trace, "Timeline of `mtmi run --trace`; otherwise it is run");
  app.add_option("--frames", options->frames, "Frames to run for the timeline; 0: none")
      ->capture_default_str()
      ->check(whole_number(0, 100'000))
      ->excludes(trace);
  app.add_option("--eval", options->evaluation, "What `mtmi eval --json` printed: accuracy");
  app.add_option("--pictures", options->pictures, "Folder with PNG files of `mtmi visualize`");
  app.add_option("--max-pictures", options->max_pictures, "Pictures on the page")
      ->capture_default_str()
      ->check(whole_number(1, 100));
  return [options](const CommonOptions& common) { return write_report(*options, common); };
}

}  // namespace mtmi::cli
