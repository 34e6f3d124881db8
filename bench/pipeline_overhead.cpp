// What the pipeline itself costs: three stages that only sleep, on the wall clock.
//
//   cmake --build --preset release --target mtmi_pipeline_overhead
//   build/release/bin/mtmi_pipeline_overhead [FRAMES_OF_10_MS [FRAMES_OF_0_MS]]
//
// Prints the period of three stages of 10 ms in a row (ideal: 10 ms), the processor time of the
// whole process per frame (the stages sleep, so all of it is the runtime's), and the frame rate of
// stages that take no time at all.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <sys/resource.h>

#include "mtmi/backends/delay/delay_backend.h"
#include "mtmi/backends/delay/delay_spec.h"
#include "mtmi/runtime/pipeline.h"

namespace {

using mtmi::Stage;
using mtmi::TensorDesc;

constexpr int kWarmUp = 20;

struct Measured {
  double period_ms;  // median
  double cpu_us;     // processor time of the process, per frame
  double switches;   // context switches of the process, per frame
  long contentions;  // of locks, in all
};

struct Usage {
  double cpu_us;
  double switches;
};

Usage usage_now() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto us = [](timeval t) {
    return 1e6 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec);
  };
  return {.cpu_us = us(usage.ru_utime) + us(usage.ru_stime),
          .switches = static_cast<double>(usage.ru_nvcsw + usage.ru_nivcsw)};
}

Stage make_stage(const std::string& name, const std::string& reads, int index) {
  const auto desc = [](const std::string& tensor) {
    return TensorDesc{.name = tensor, .dtype = mtmi::DType::Float32, .shape = {1, 64}};
  };
  Stage stage;
  stage.name = name;
  stage.head = index == 2 ? name : "";
  stage.use = {.device = "delay:" + std::to_string(index), .engine = name};
  stage.inputs = {desc(reads)};
  stage.outputs = {desc(name)};
  return stage;
}

Measured measure(std::int64_t duration_ns, int frames) {
  const std::vector<Stage> stages{
      make_stage("a", "frame", 0), make_stage("b", "a", 1), make_stage("c", "b", 2)};
  std::map<std::string, std::vector<std::byte>> engines;
  for (const Stage& stage : stages) {
    engines[stage.name] = mtmi::make_delay_engine({.inputs = stage.inputs,
                                                   .outputs = stage.outputs,
                                                   .duration_ns = duration_ns,
                                                   .faults = {},
                                                   .check_inputs = false});
  }
  mtmi::Registry registry;
  registry.add(mtmi::make_delay_backend());
  std::vector<std::int64_t> ends;
  Usage begin{};
  mtmi::runtime::PipelineOptions options;
  // All frames fit: what it costs the caller to wait for room is not the pipeline's.
  options.queue = static_cast<std::size_t>(frames);
  options.on_result = [&](const mtmi::runtime::ResultLease& result) {
    ends.push_back(result->stages[2].timing.end_ns);
    if (ends.size() == kWarmUp) {
      begin = usage_now();
    }
  };
  ends.reserve(static_cast<std::size_t>(frames));
  mtmi::runtime::Pipeline pipeline(
      make_plan(stages),
      std::make_shared<mtmi::runtime::DeviceSet>(registry),
      [&engines](const std::string& name) {
        return mtmi::runtime::EngineBytes{.bytes = engines.at(name), .owner = nullptr};
      },
      std::move(options));
  for (int i = 0; i < frames; ++i) {
    mtmi::runtime::Frame frame;
    frame.id = static_cast<std::uint64_t>(i);
    frame.fill = [](std::span<const std::span<std::byte>>) {};
    (void)pipeline.submit(std::move(frame));
  }
  pipeline.drain();
  const Usage end = usage_now();

  std::vector<std::int64_t> periods;
  for (std::size_t i = kWarmUp; i < ends.size(); ++i) {
    periods.push_back(ends[i] - ends[i - 1]);
  }
  std::nth_element(
      periods.begin(), periods.begin() + static_cast<long>(periods.size() / 2), periods.end());
  const double counted = static_cast<double>(frames - kWarmUp);
  return {.period_ms = static_cast<double>(periods[periods.size() / 2]) / 1e6,
          .cpu_us = (end.cpu_us - begin.cpu_us) / counted,
          .switches = (end.switches - begin.switches) / counted,
          .contentions = static_cast<long>(pipeline.counters().lock_contentions)};
}

/// Processor time of three threads that sleep 10 ms each, per round [us].
double measure_sleep(int rounds) {
  const Usage begin = usage_now();
  std::array<std::thread, 3> threads;
  for (std::thread& thread : threads) {
    thread = std::thread([rounds] {
      for (int i = 0; i < rounds; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  return (usage_now().cpu_us - begin.cpu_us) / rounds;
}

}  // namespace

int main(int argc, char** argv) {
  const int slow_frames = argc > 1 ? std::atoi(argv[1]) : 400;
  const int fast_frames = argc > 2 ? std::atoi(argv[2]) : 20'000;
  const double sleep_us = measure_sleep(slow_frames);
  const Measured slow = measure(10'000'000, slow_frames);
  std::printf(
      "three stages of 10 ms: period %.3f ms (%.3f x); processor time %.1f us a frame, of which "
      "the "
      "sleeping takes %.1f, so the runtime %.1f; %.1f context switches a frame; %ld lock "
      "contentions\n",
      slow.period_ms,
      slow.period_ms / 10.0,
      slow.cpu_us,
      sleep_us,
      slow.cpu_us - sleep_us,
      slow.switches,
      slow.contentions);
  const Measured fast = measure(0, fast_frames);
  std::printf(
      "three stages of 0 ms: %.1f us of processor time a frame, period %.1f us; %.1f context "
      "switches a frame\n",
      fast.cpu_us,
      1e3 * fast.period_ms,
      fast.switches);
  return 0;
}
