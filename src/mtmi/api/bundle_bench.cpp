#include "mtmi/api/bundle_bench.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <utility>

#include "mtmi/bundle.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/pipeline.h"

namespace mtmi {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::int64_t kWarmUpFrames = 3;
constexpr std::chrono::minutes kTimeout(10);

Frame random_frame(const Bundle& bundle, std::uint64_t seed) {
  Frame frame;
  for (const InputInfo& input : bundle.inputs()) {
    const TensorInfo& tensor = input.tensor;
    frame.tensors.emplace(tensor.name, random_tensor(tensor.dtype, tensor.shape, seed++));
  }
  return frame;
}

double milliseconds(SteadyClock::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

Result finished(Pipeline& pipeline, Ticket ticket) {
  check_interrupt();
  std::optional<Result> result = pipeline.wait(ticket, kTimeout);
  if (!result) {
    throw Error(ErrorCode::Timeout, "api::bench_bundle", "a frame had no result after 10 minutes");
  }
  if (result->error()) {
    throw *result->error();
  }
  return std::move(*result);
}

/// Told how many frames are through; those that warm up or fill the pipeline are not counted.
using Count = std::function<void(std::int64_t done)>;

Count count_of(std::int64_t total, const ProgressFunction& progress) {
  return [total, &progress](std::int64_t done) {
    progress({.step = "frames",
              .part = "",
              .done = std::clamp<std::int64_t>(done, 0, total),
              .total = total});
  };
}

/// Gives the pipeline frames as long as it has room, until `total` are through; `take` gets each
/// result and its number, in order.
void keep_full(Pipeline& pipeline,
               Frame frame,
               std::int64_t total,
               const std::function<void(const Result& result, std::int64_t number)>& take) {
  std::deque<Ticket> under_way;
  std::int64_t submitted = 0;
  for (std::int64_t done = 0; done < total; ++done) {
    while (submitted < total && under_way.size() < pipeline.depth()) {
      frame.id = static_cast<std::uint64_t>(submitted++);
      under_way.push_back(pipeline.submit(frame));
    }
    const Result result = finished(pipeline, under_way.front());
    under_way.pop_front();
    take(result, done);
  }
}

/// Times of single frames: submit, wait, submit, ...
std::vector<double> run_serial(const Bundle& bundle,
                               const std::string& target,
                               std::int64_t runs,
                               const Frame& frame,
                               const Count& count) {
  PipelineOptions options;
  options.target = target;
  options.serial = true;
  Pipeline pipeline(bundle, options);
  std::vector<double> times_ms;
  for (std::int64_t i = -kWarmUpFrames; i < runs; ++i) {
    const SteadyClock::time_point start = SteadyClock::now();
    const Result result = finished(pipeline, pipeline.submit(frame));
    if (i >= 0) {
      times_ms.push_back(milliseconds(SteadyClock::now() - start));
    }
    count(i + 1);
  }
  return times_ms;
}

/// Times between the results of a pipeline that is kept full.
BundleBench run_overlapped(const Bundle& bundle,
                           const std::string& target,
                           std::int64_t runs,
                           const Frame& frame,
                           const Count& count) {
  PipelineOptions options;
  options.target = target;
  Pipeline pipeline(bundle, options);
  std::vector<double> periods_ms;
  std::vector<std::vector<double>> stage_ms(pipeline.stages().size());
  const auto total = runs + kWarmUpFrames + static_cast<std::int64_t>(pipeline.depth());
  std::optional<SteadyClock::time_point> last;
  keep_full(pipeline, frame, total, [&](const Result& result, std::int64_t number) {
    const SteadyClock::time_point now = SteadyClock::now();
    if (last && number > kWarmUpFrames && static_cast<std::int64_t>(periods_ms.size()) < runs) {
      periods_ms.push_back(milliseconds(now - *last));
      for (std::size_t s = 0; s < stage_ms.size(); ++s) {
        const StageTime time = result.stage_time(s);
        stage_ms[s].push_back(static_cast<double>(time.end_ns - time.start_ns) * 1e-6);
      }
    }
    last = now;
    count(runs + number);
  });
  BundleBench bench;
  bench.overlapped = summarize(periods_ms);
  for (std::size_t s = 0; s < stage_ms.size(); ++s) {
    bench.stages.push_back({.name = pipeline.stages()[s].name,
                            .device = pipeline.stages()[s].device,
                            .time = summarize(stage_ms[s])});
  }
  return bench;
}

}  // namespace

BundleBench bench_bundle(const std::filesystem::path& folder,
                         const std::string& target,
                         std::int64_t runs,
                         std::uint64_t seed,
                         const ProgressFunction& progress) {
  const Bundle bundle = Bundle::open(folder);
  const Frame frame = random_frame(bundle, seed);
  const Count count = count_of(2 * runs, progress);
  const std::vector<double> serial_ms = run_serial(bundle, target, runs, frame, count);
  BundleBench bench = run_overlapped(bundle, target, runs, frame, count);
  bench.serial = summarize(serial_ms);
  return bench;
}

std::string trace_bundle(const std::filesystem::path& folder,
                         const std::string& target,
                         std::int64_t frames,
                         const ProgressFunction& progress) {
  const Bundle bundle = Bundle::open(folder);
  const Frame frame = random_frame(bundle, 0);
  PipelineOptions options;
  options.target = target;
  // Warmed up by a pipeline of its own: the timeline begins with a frame that is like the others.
  {
    Pipeline warm_up(bundle, options);
    keep_full(warm_up, frame, kWarmUpFrames, [](const Result&, std::int64_t) {});
  }
  options.trace = true;
  Pipeline pipeline(bundle, options);
  const Count count = count_of(frames, progress);
  keep_full(
      pipeline, frame, frames, [&count](const Result&, std::int64_t number) { count(number + 1); });
  const TemporaryFolder scratch;
  pipeline.write_trace(scratch / "trace.json");
  return std::string(MappedFile(scratch / "trace.json").text());
}

}  // namespace mtmi
