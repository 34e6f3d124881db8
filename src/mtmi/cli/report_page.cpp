#include "mtmi/cli/report_page.h"

#include <fmt/core.h>

#include "mtmi/bundle/manifest.h"
#include "mtmi/cli/bundle_bench.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/report/gather.h"

namespace mtmi::cli {
namespace {

void add_timeline(report::Report& report, const PageOptions& options, const CommonOptions& common) {
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

}  // namespace

report::Report make_report(const PageOptions& options, const CommonOptions& common) {
  const bundle::Manifest manifest = bundle::open_bundle(options.bundle);
  report::Report report = report::describe_bundle(manifest, options.bundle);
  if (!options.evaluation.empty()) {
    const std::vector<report::Section> sections =
        report::parse_evaluation(MappedFile(options.evaluation).text(), options.evaluation);
    report.sections.insert(report.sections.begin(), sections.begin(), sections.end());
  }
  if (!options.pictures.empty()) {
    report.pictures = report::read_pictures(options.pictures, options.max_pictures);
  }
  add_timeline(report, options, common);  // last: the bundle runs for it
  check_interrupt();
  return report;
}

}  // namespace mtmi::cli
