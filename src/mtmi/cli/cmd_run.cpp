// mtmi run: the pipelined application, on the public API alone.
#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <memory>
#include <numeric>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/bundle.h"
#include "mtmi/cli/dump_writer.h"
#include "mtmi/cli/image_source.h"
#include "mtmi/cli/option_checks.h"
#include "mtmi/cli/output.h"
#include "mtmi/cli/table.h"
#include "mtmi/cli/verbs.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/output_path.h"
#include "mtmi/core/statistics.h"
#include "mtmi/device/simulation_note.h"
#include "mtmi/pipeline.h"

namespace mtmi::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;

struct Options {
  std::string bundle;
  std::string target;
  std::vector<std::string> images;
  std::int64_t loops = 0;
  std::string resize;
  std::string folder;
  std::string trace;
  bool serial = false;
  bool check_frames = false;
};

std::optional<ImageFit> parse_fit(const std::string& name) {
  if (name == "stretch") {
    return ImageFit::Stretch;
  }
  if (name == "crop") {
    return ImageFit::Crop;
  }
  if (name == "letterbox") {
    return ImageFit::Letterbox;
  }
  return std::nullopt;
}

/// Images are all that this verb can feed. Throws Error(Unsupported).
void require_image_input(const Bundle& bundle, const std::string& name) {
  const std::vector<InputInfo>& inputs = bundle.inputs();
  if (inputs.size() == 1 && inputs.front().is_image) {
    return;
  }
  std::string list;
  for (const InputInfo& input : inputs) {
    list += fmt::format("{}'{}' {}{}",
                        list.empty() ? "" : ", ",
                        input.tensor.name,
                        to_string(input.tensor.dtype),
                        to_string(input.tensor.shape));
  }
  throw Error(
      ErrorCode::Unsupported,
      "cli::run",
      fmt::format("{}: the network does not take one image, its inputs are {}; `mtmi infer` "
                  "and the programming interface (mtmi/pipeline.h) feed tensors",
                  name,
                  list));
}

double to_ms(std::int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

/// What the run has measured [ms].
struct Measured {
  std::vector<std::vector<double>> stages;  // by stage
  std::vector<double> fills;
  std::vector<double> periods;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  std::optional<Error> first_error;
};

/// One run from the first image to the last result.
class Run {
 public:
  explicit Run(const Options& options)
      : bundle_(Bundle::open(options.bundle)),
        files_(vision::list_images(
            std::vector<std::filesystem::path>(options.images.begin(), options.images.end()))),
        names_(dump_names(files_)),
        loops_(options.loops > 0 ? options.loops : static_cast<std::int64_t>(files_.size())),
        pipeline_(bundle_, pipeline_options(options)),
        trace_(options.trace) {
    if (!options.folder.empty()) {
      dumps_.emplace(bundle_, options.folder);
    }
    measured_.stages.resize(pipeline_.stages().size());
    require_image_input(bundle_, options.bundle);
  }

  /// Whatever ends it early, what is finished is written. Ctrl-C also ends the frames under way.
  void run() {
    last_end_ns_ = SteadyClock::now().time_since_epoch() / std::chrono::nanoseconds(1);
    std::exception_ptr failure;
    try {
      submit_all();
    } catch (...) {
      failure = std::current_exception();
    }
    while (!under_way_.empty()) {
      take_oldest();
    }
    if (dumps_ && measured_.done > 0) {
      dumps_->finish();
    }
    if (!trace_.empty()) {
      pipeline_.write_trace(trace_);
    }
    if (failure != nullptr) {
      std::rethrow_exception(failure);
    }
  }

  [[nodiscard]] const Measured& measured() const noexcept { return measured_; }

  [[nodiscard]] const Pipeline& pipeline() const noexcept { return pipeline_; }

 private:
  struct UnderWay {
    Ticket ticket;
    std::int64_t loop = 0;
  };

  [[nodiscard]] PipelineOptions pipeline_options(const Options& options) const {
    PipelineOptions pipeline_options;
    pipeline_options.target = options.target;
    pipeline_options.fit = parse_fit(options.resize);
    pipeline_options.before_tails = !options.folder.empty() && bundle_.dumps_before_tails();
    pipeline_options.serial = options.serial;
    pipeline_options.check_frames = options.check_frames;
    pipeline_options.trace = !options.trace.empty();
    return pipeline_options;
  }

  void submit_all() {
    ImageSource source(files_, loops_);
    for (std::int64_t loop = 0; loop < loops_ && !interrupted(); ++loop) {
      while (take_if_done()) {
      }
      while (under_way_.size() > pipeline_.depth()) {
        take_oldest();
      }
      const std::shared_ptr<const vision::Image> image = next_image(source, loop);
      if (image == nullptr) {
        continue;
      }
      Frame frame;
      frame.id = static_cast<std::uint64_t>(loop);
      frame.image = ImageView{.data = image->data().data(),
                              .height = image->height(),
                              .width = image->width(),
                              .row_bytes = 0,
                              .owner = image};
      under_way_.push_back({.ticket = pipeline_.submit(std::move(frame)), .loop = loop});
    }
  }

  /// nullptr for one that cannot be read: its frame has failed.
  std::shared_ptr<const vision::Image> next_image(ImageSource& source, std::int64_t loop) {
    try {
      return source.next();
    } catch (const Error& error) {
      note_failure(loop, error);
      return nullptr;
    }
  }

  void note_failure(std::int64_t loop, const Error& error) {
    ++measured_.failed;
    log_verbose(fmt::format("loop: {} failed: {}", loop + 1, error.what()));
    if (!measured_.first_error) {  // said aloud once, at the end
      measured_.first_error.emplace(error);
    }
  }

  /// When its last stage was done; 0 if none ran.
  [[nodiscard]] std::int64_t end_of(const Result& result) const {
    std::int64_t end_ns = 0;
    for (std::size_t i = 0; i < pipeline_.stages().size(); ++i) {
      const StageTime time = result.stage_time(i);
      end_ns = time.ran ? std::max(end_ns, time.end_ns) : end_ns;
    }
    return end_ns;
  }

  bool take_if_done() {
    if (under_way_.empty()) {
      return false;
    }
    std::optional<Result> result = pipeline_.wait(under_way_.front().ticket, {});
    if (result) {
      take(*result);
    }
    return result.has_value();
  }

  void take_oldest() {
    // A result always comes: stages have time limits.
    std::optional<Result> result;
    while (!result) {
      result = pipeline_.wait(under_way_.front().ticket, std::chrono::hours(1));
    }
    take(*result);
  }

  void take(const Result& result) {
    const std::int64_t loop = under_way_.front().loop;
    under_way_.pop_front();
    const std::int64_t end_ns = std::max(end_of(result), last_end_ns_);
    const double period_ms = to_ms(end_ns - last_end_ns_);
    last_end_ns_ = end_ns;
    const auto image = static_cast<std::size_t>(loop) % files_.size();
    if (result.status() == ResultStatus::Failed &&
        result.error()->code() != ErrorCode::Interrupted) {
      note_failure(loop, result.error()->with_context(files_[image].string()));
    } else if (result.status() == ResultStatus::Done) {
      ++measured_.done;
      measure(result, loop, period_ms);
    }
    if (dumps_ && loop < static_cast<std::int64_t>(files_.size()) &&
        result.status() == ResultStatus::Done) {
      dumps_->write(result, names_[image], files_[image]);
    }
  }

  /// The line is the origin's, with the times of the other stages behind it.
  void measure(const Result& result, std::int64_t loop, double period_ms) {
    std::string line = fmt::format("loop: {}", loop + 1);
    std::string others;
    for (std::size_t i = 0; i < pipeline_.stages().size(); ++i) {
      const StageTime time = result.stage_time(i);
      if (!time.ran) {
        continue;
      }
      const double ms = to_ms(time.end_ns - time.start_ns);
      measured_.stages[i].push_back(ms);
      const StageInfo& stage = pipeline_.stages()[i];
      (stage.head.empty() ? line : others) +=
          fmt::format(" {} elapsed: {:.6f}", stage.head.empty() ? "backbone" : stage.name, ms);
    }
    log_info(line + fmt::format(" chrono elapsed: {:.6f}", period_ms) + others);
    measured_.fills.push_back(to_ms(result.fill_time().end_ns - result.fill_time().start_ns));
    if (loop > 0) {  // the first has filled the pipeline
      measured_.periods.push_back(period_ms);
    }
  }

  Bundle bundle_;
  std::vector<std::filesystem::path> files_;
  std::vector<std::string> names_;
  std::int64_t loops_;
  Pipeline pipeline_;
  std::string trace_;
  std::optional<DumpWriter> dumps_;
  std::deque<UnderWay> under_way_;
  std::int64_t last_end_ns_ = 0;  // when the frame before was done, on the stages' clock
  Measured measured_;
};

double median_of(const std::vector<double>& sample) {
  return sample.empty() ? 0.0 : summarize(sample).median;
}

/// Frames divided by the time from the first result to the last; a median would hide the slow ones.
double frames_per_second(const std::vector<double>& periods_ms) {
  const double total_ms = std::accumulate(periods_ms.begin(), periods_ms.end(), 0.0);
  return total_ms > 0.0 ? 1e3 * static_cast<double>(periods_ms.size()) / total_ms : 0.0;
}

nlohmann::json to_json(const Run& run) {
  const Measured& measured = run.measured();
  nlohmann::json stages = nlohmann::json::array();
  for (std::size_t i = 0; i < measured.stages.size(); ++i) {
    const StageInfo& stage = run.pipeline().stages()[i];
    stages.push_back({{"name", stage.name},
                      {"device", stage.device},
                      {"head", stage.head},
                      {"runs", measured.stages[i].size()},
                      {"median_ms", median_of(measured.stages[i])}});
  }
  const PipelineCounts counts = run.pipeline().counts();
  return {{"frames", measured.done + measured.failed + counts.dropped},
          {"done", measured.done},
          {"failed", measured.failed},
          {"dropped", counts.dropped},
          {"late", counts.late},
          {"period_ms", median_of(measured.periods)},
          {"frames_per_second", frames_per_second(measured.periods)},
          {"preprocessing_ms", median_of(measured.fills)},
          {"stages", std::move(stages)}};
}

std::string to_text(const Run& run) {
  const Measured& measured = run.measured();
  Table table({"stage", "device", "runs", "median [ms]"});
  table.add_row({"preprocessing",
                 "host",
                 std::to_string(measured.fills.size()),
                 fmt::format("{:.2f}", median_of(measured.fills))});
  for (std::size_t i = 0; i < measured.stages.size(); ++i) {
    const StageInfo& stage = run.pipeline().stages()[i];
    table.add_row({stage.name,
                   stage.device,
                   std::to_string(measured.stages[i].size()),
                   fmt::format("{:.2f}", median_of(measured.stages[i]))});
  }
  const PipelineCounts counts = run.pipeline().counts();
  std::vector<std::string> devices;
  for (const StageInfo& stage : run.pipeline().stages()) {
    devices.push_back(stage.device);
  }
  std::string text = table.to_string() + simulation_line(devices) +
                     fmt::format("\n{} frame{}", measured.done, measured.done == 1 ? "" : "s");
  text += measured.failed > 0 ? fmt::format(", {} failed", measured.failed) : "";
  text += counts.dropped > 0 ? fmt::format(", {} dropped", counts.dropped) : "";
  text += counts.late > 0 ? fmt::format(", {} late", counts.late) : "";
  if (const double rate = frames_per_second(measured.periods); rate > 0.0) {
    text += fmt::format(
        "; median period {:.2f} ms, {:.1f} frames/s", median_of(measured.periods), rate);
  }
  return text + "\n";
}

/// Now, not after the last frame.
void require_outputs(const Options& options) {
  if (!options.folder.empty()) {
    require_can_write_into(options.folder);
  }
  if (!options.trace.empty()) {
    require_can_write(options.trace);
  }
}

ExitCode run_bundle(const Options& options, const CommonOptions& common) {
  require_outputs(options);
  Run run(options);
  run.run();
  if (common.json) {
    print_json(to_json(run));
  } else if (run.measured().done > 0) {
    print(to_text(run));
  }
  check_interrupt();
  if (const auto& error = run.measured().first_error) {
    throw Error(error->code(),
                error->where(),
                fmt::format("{} of {} frames failed; the first: {}",
                            run.measured().failed,
                            run.measured().done + run.measured().failed,
                            error->what()));
  }
  return ExitCode::Done;
}

}  // namespace

Action declare_run(CLI::App& app) {
  const CLI::Validator not_empty(
      [](std::string& text) {
        return std::string(text.empty() ? "got an empty text, expected a path" : "");
      },
      "");
  auto options = std::make_shared<Options>();
  app.add_option("BUNDLE", options->bundle, "What mtmi deploy has written")->required();
  app.add_option("--images", options->images, "Image files or folders, taken in turn")->required();
  app.add_option("--target", options->target, "Built-in name or TOML file (default: the bundle's)");
  app.add_option("--loops", options->loops, "Frames to run (default: every image once)")
      ->check(whole_number(1, 1'000'000'000));
  app.add_option("--resize", options->resize, "Images of another size: stretch, crop or letterbox")
      ->check(one_of({"stretch", "crop", "letterbox"}));
  app.add_option("-o,--output", options->folder, "Folder for the results of every image")
      ->check(not_empty);
  app.add_flag("--serial", options->serial, "One stage at a time, to compare with");
  app.add_option("--trace", options->trace, "Timeline of all stages (JSON; opens in Perfetto)")
      ->check(not_empty);
  app.add_flag("--check-frames",
               options->check_frames,
               "Check on every frame that no buffer is used out of turn");
  return [options](const CommonOptions& common) { return run_bundle(*options, common); };
}

}  // namespace mtmi::cli
