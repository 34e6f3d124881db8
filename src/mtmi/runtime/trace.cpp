#include "mtmi/runtime/trace.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"

namespace mtmi::runtime {
namespace {

using nlohmann::json;

// The host, where frames are filled, is the first process; devices follow.
constexpr int kHost = 1;

/// Numbers that the trace viewer groups by.
struct Tracks {
  std::map<std::string, int> process_of_device;
  std::vector<int> process_of_stage;

  explicit Tracks(const Plan& plan) {
    for (const Stage& stage : plan.stages) {
      const int next = kHost + 1 + static_cast<int>(process_of_device.size());
      process_of_stage.push_back(process_of_device.emplace(stage.use.device, next).first->second);
    }
  }

  // A stage's track: its place in the plan, from 1.
  static int thread_of_stage(std::size_t stage) { return static_cast<int>(stage) + 1; }
};

json name_event(const char* kind, int process, int thread, const std::string& name) {
  return {
      {"ph", "M"}, {"name", kind}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}};
}

void add_names(const Plan& plan, const Tracks& tracks, json& events) {
  events.push_back(name_event("process_name", kHost, 0, "host"));
  events.push_back(name_event("thread_name", kHost, 1, "preprocessing"));
  for (const auto& [device, process] : tracks.process_of_device) {
    events.push_back(name_event("process_name", process, 0, device));
  }
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    events.push_back(name_event("thread_name",
                                tracks.process_of_stage[i],
                                Tracks::thread_of_stage(i),
                                plan.stages[i].name));
  }
}

double to_us(std::int64_t ns) {
  return static_cast<double>(ns) / 1000.0;
}

}  // namespace

TraceRecorder::TraceRecorder(const Plan& plan, std::string network_hash)
    : plan_(plan), network_hash_(std::move(network_hash)) {}

void TraceRecorder::add(const FrameResult& result) {
  const std::lock_guard lock(mutex_);
  frames_.push_back(
      {.id = result.id, .status = result.status, .fill = result.fill, .stages = result.stages});
}

std::string TraceRecorder::to_json() const {
  const std::lock_guard lock(mutex_);
  std::int64_t origin_ns = INT64_MAX;
  for (const FrameTrace& frame : frames_) {
    origin_ns = std::min(origin_ns, frame.fill.start_ns);
  }
  const Tracks tracks(plan_);
  json events = json::array();
  add_names(plan_, tracks, events);

  const auto span =
      [&](const std::string& name, int process, int thread, Timing t, std::uint64_t id) {
        events.push_back({{"ph", "X"},
                          {"name", name},
                          {"cat", "frame"},
                          {"pid", process},
                          {"tid", thread},
                          {"ts", to_us(t.start_ns - origin_ns)},
                          {"dur", to_us(t.end_ns - t.start_ns)},
                          {"args", {{"frame", id}}}});
      };
  const auto arrow_end = [&](const char* kind, int id, std::size_t stage, std::int64_t at_ns) {
    events.push_back({{"ph", kind},
                      {"bp", "e"},  // binds to the span that encloses it
                      {"name", "hand-off"},
                      {"cat", "hand-off"},
                      {"id", id},
                      {"pid", tracks.process_of_stage[stage]},
                      {"tid", Tracks::thread_of_stage(stage)},
                      {"ts", to_us(at_ns - origin_ns)}});
  };

  int arrow = 0;
  for (const FrameTrace& frame : frames_) {
    const std::string name = "frame " + std::to_string(frame.id);
    span("preprocessing of " + name, kHost, 1, frame.fill, frame.id);
    for (std::size_t i = 0; i < frame.stages.size(); ++i) {
      if (!frame.stages[i].ran) {
        continue;
      }
      span(name,
           tracks.process_of_stage[i],
           Tracks::thread_of_stage(i),
           frame.stages[i].timing,
           frame.id);
      for (const std::size_t producer : producers_of(plan_, i)) {
        if (frame.stages[producer].ran) {
          arrow_end("s", ++arrow, producer, frame.stages[producer].timing.end_ns - 1);
          arrow_end("f", arrow, i, frame.stages[i].timing.start_ns);
        }
      }
    }
  }
  json trace{{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}};
  if (!network_hash_.empty()) {
    trace["otherData"] = {{"network_hash", network_hash_}};
  }
  return trace.dump();
}

void TraceRecorder::write(const std::filesystem::path& path) const {
  write_file(path, to_json());
}

}  // namespace mtmi::runtime
