// mtmi report: one page about a bundle.
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/report_page.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/file.h"
#include "mtmi/core/output_path.h"

namespace mtmi::cli {
namespace {

struct Options {
  PageOptions page;
  std::string file;
};

ExitCode write_report(const Options& options, const CommonOptions& common) {
  require_can_write(options.file);
  const report::Report report = make_report(options.page, common);
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
  PageOptions& page = options->page;
  app.add_option("BUNDLE", page.bundle, "Folder that deploy made")->required();
  app.add_option("-o,--output", options->file, "HTML file to write")
      ->required()
      ->check([](const std::string& file) {
        return file.ends_with(".html") ? std::string()
                                       : "got " + file + ", expected a name in .html";
      });
  app.add_option("--target", page.target, "Where it runs, if not where it was built for");
  app.add_option("--trace", page.trace, "Timeline of `mtmi run --trace`; otherwise it is run");
  app.add_option("--frames", page.frames, "Frames to run for the timeline; 0: none")
      ->capture_default_str()
      ->check(whole_number(0, 100'000));
  app.add_option("--eval", page.evaluation, "What `mtmi eval --json` printed: accuracy");
  app.add_option("--pictures", page.pictures, "Folder with PNG files of `mtmi visualize`");
  app.add_option("--max-pictures", page.max_pictures, "Pictures on the page")
      ->capture_default_str()
      ->check(whole_number(1, 100));
  return [options](const CommonOptions& common) { return write_report(*options, common); };
}

}  // namespace mtmi::cli
