// Networks of delay stages for the tests of the pipeline.
#pragma once

#include <cstring>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/backends/delay/delay_backend.h"
#include "mtmi/backends/delay/delay_spec.h"
#include "mtmi/runtime/pipeline.h"

namespace mtmi::runtime {

inline constexpr std::int64_t kMs = 1'000'000;

/// Stages that only take time, each on a device of its own, and their engines.
class DelayRig {
 public:
  explicit DelayRig(DelayTime time = DelayTime::Virtual) {
    registry_->add(make_delay_backend(time, control_));
  }

  /// `head` is empty for an encoder. Every tensor is named after its maker; "frame" is the input.
  Stage& add(const std::string& name,
             const std::string& head,
             const std::vector<std::string>& reads,
             std::int64_t duration_ms,
             std::vector<DelayFaultAt> faults = {}) {
    Stage stage;
    stage.name = name;
    stage.head = head;
    stage.use = {.device = "delay:" + std::to_string(stages_.size()), .engine = name};
    for (const std::string& input : reads) {
      stage.inputs.push_back(tensor(input));
    }
    stage.outputs = {tensor(name)};
    add_engine(name, stage, duration_ms, std::move(faults));
    stages_.push_back(std::move(stage));
    return stages_.back();
  }

  /// A stand-by for the stage added last.
  void add_stand_by(std::int64_t duration_ms) {
    Stage& stage = stages_.back();
    stage.stand_by = EngineUse{.device = "delay:40", .engine = stage.name + ".stand_by"};
    add_engine(stage.stand_by->engine, stage, duration_ms, {});
  }

  /// encoder -> (seg -> seg_tail, depth)
  static DelayRig two_heads(DelayTime time = DelayTime::Virtual) {
    DelayRig rig(time);
    rig.add("encoder", "", {"frame"}, 30);
    rig.add("seg", "seg", {"encoder"}, 20);
    rig.add("depth", "depth", {"encoder"}, 25);
    rig.add("seg_tail", "seg", {"seg"}, 5);
    return rig;
  }

  [[nodiscard]] Plan plan() const { return make_plan(stages_); }

  [[nodiscard]] Stage& stage(std::size_t index) { return stages_[index]; }

  [[nodiscard]] std::unique_ptr<Pipeline> start(PipelineOptions options = {}) const {
    options.check_frames = options.check_frames || check_frames;
    // The engines are copied: a pipeline that leaves a hung device behind may outlive this rig.
    return std::make_unique<Pipeline>(
        plan(),
        std::make_shared<DeviceSet>(*registry_),
        [engines = engines_](const std::string& name) {
          return EngineBytes{.bytes = engines.at(name), .owner = nullptr};
        },
        std::move(options));
  }

  /// Lets go what hangs.
  void release() { control_->release(); }

  bool check_frames = true;

 private:
  static TensorDesc tensor(const std::string& name) {
    return {.name = name, .dtype = DType::Int64, .shape = {1, 64}, .layout = Layout::Linear};
  }

  void add_engine(const std::string& name,
                  const Stage& stage,
                  std::int64_t duration_ms,
                  std::vector<DelayFaultAt> faults) {
    DelaySpec spec;
    spec.inputs = stage.inputs;
    spec.outputs = stage.outputs;
    spec.duration_ns = duration_ms * kMs;
    spec.faults = std::move(faults);
    spec.check_inputs = true;
    engines_[name] = make_delay_engine(spec);
  }

  std::shared_ptr<DelayControl> control_ = std::make_shared<DelayControl>();
  std::shared_ptr<Registry> registry_ = std::make_shared<Registry>();
  std::map<std::string, std::vector<std::byte>> engines_;
  std::vector<Stage> stages_;
};

/// A frame that is filled with its id.
inline Frame frame_of(std::uint64_t id) {
  Frame frame;
  frame.id = id;
  frame.fill = [id](std::span<const std::span<std::byte>> inputs) {
    for (const std::span<std::byte> input : inputs) {
      for (std::size_t at = 0; at < input.size(); at += sizeof(id)) {
        std::memcpy(input.data() + at, &id, sizeof(id));
      }
    }
  };
  return frame;
}

/// The results of frames 0 .. count-1, in order.
inline std::vector<ResultLease> run_frames(Pipeline& pipeline, std::uint64_t count) {
  std::vector<std::uint64_t> tickets;
  std::vector<ResultLease> results;
  for (std::uint64_t id = 0; id < count; ++id) {
    tickets.push_back(pipeline.submit(frame_of(id)));
  }
  for (const std::uint64_t ticket : tickets) {
    results.push_back(pipeline.wait(ticket, std::chrono::minutes(5)));
    EXPECT_NE(results.back(), nullptr);
  }
  return results;
}

inline std::string error_of(const FrameResult& result) {
  return result.error ? result.error->what() : "";
}

/// The output of that name; nothing if it did not come out.
inline std::optional<std::int64_t> mark_in(const Plan& plan,
                                           const FrameResult& result,
                                           const std::string& name) {
  for (std::size_t i = 0; i < plan.results.size(); ++i) {
    if (plan.results[i].name == name && result.outputs[i].valid) {
      return result.outputs[i].tensor.data<std::int64_t>()[63];
    }
  }
  return std::nullopt;
}

}  // namespace mtmi::runtime
