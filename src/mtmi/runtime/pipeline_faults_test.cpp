// What a pipeline does when stages fail, throw and hang.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/runtime/pipeline_rig_for_tests.h"

namespace mtmi::runtime {
namespace {

using testing::HasSubstr;

// Time limits of stages that hang. Healthy stages take no time at all here, so only a machine that
// stands still this long could mistake one for the other.
constexpr std::int64_t kLimitMs = 700;

DelayRig rig_with(const std::vector<DelayFaultAt>& seg_faults,
                  const std::vector<DelayFaultAt>& encoder_faults = {}) {
  DelayRig rig;
  rig.add("encoder", "", {"frame"}, 10, encoder_faults).timeout_ms = kLimitMs;
  rig.add("depth", "depth", {"encoder"}, 5).timeout_ms = kLimitMs;
  rig.add("seg", "seg", {"encoder"}, 5, seg_faults).timeout_ms = kLimitMs;
  rig.add("seg_tail", "seg", {"seg"}, 1).timeout_ms = kLimitMs;
  return rig;
}

class PipelineFaults : public testing::Test {
 protected:
  /// Runs `count` frames one after the other, so that it is known which frame meets which fault.
  void run(const DelayRig& rig, std::uint64_t count) {
    pipeline_ = rig.start();
    for (std::uint64_t id = 0; id < count; ++id) {
      results_.push_back(pipeline_->wait(pipeline_->submit(frame_of(id)), std::chrono::minutes(5)));
    }
  }

  [[nodiscard]] std::string error(std::size_t frame) const { return error_of(*results_[frame]); }

  [[nodiscard]] bool has(std::size_t frame, const std::string& head) const {
    return mark_in(pipeline_->plan(), *results_[frame], head) == static_cast<std::int64_t>(frame);
  }

  std::unique_ptr<Pipeline> pipeline_;
  std::vector<ResultLease> results_;
};

TEST_F(PipelineFaults, AFailingStageFailsItsFrameAndNoOther) {
  run(rig_with({{.fault = DelayFault::Fail, .run = 2}}), 5);
  for (const std::size_t frame : {0U, 1U, 3U, 4U}) {
    EXPECT_EQ(error(frame), "");
    EXPECT_TRUE(has(frame, "seg"));
  }
  EXPECT_EQ(error(2), "stage 'seg' on delay:2: run 2 was told to fail");
  EXPECT_EQ(results_[2]->status, FrameStatus::Failed);
  EXPECT_EQ(results_[2]->error->code(), ErrorCode::DeviceFailure);
  EXPECT_FALSE(has(2, "seg"));
  EXPECT_TRUE(has(2, "depth")) << "the other head's result is there";
}

TEST_F(PipelineFaults, AThrowingStageIsAFailingOne) {
  run(rig_with({{.fault = DelayFault::Throw, .run = 0}}), 2);
  EXPECT_EQ(error(0), "stage 'seg' on delay:2: run 0 was told to throw");
  EXPECT_EQ(error(1), "");
}

TEST_F(PipelineFaults, WhenTheEncoderFailsNoHeadRuns) {
  run(rig_with({}, {{.fault = DelayFault::Fail, .run = 1}}), 3);
  EXPECT_EQ(error(1), "stage 'encoder' on delay:0: run 1 was told to fail");
  EXPECT_FALSE(has(1, "depth"));
  EXPECT_TRUE(has(2, "depth"));
}

TEST_F(PipelineFaults, AHangingStageIsSwitchedOffAtItsSecondOverrun) {
  DelayRig rig = rig_with({{.fault = DelayFault::Hang, .run = 1}});
  run(rig, 6);
  EXPECT_EQ(error(0), "");
  EXPECT_THAT(error(1), HasSubstr("stage 'seg' on delay:2 has not finished frame 1 within 700 ms"));
  EXPECT_EQ(results_[1]->error->code(), ErrorCode::Timeout);
  EXPECT_THAT(error(2), HasSubstr("has not finished frame 2"));
  for (const std::size_t frame : {3U, 4U, 5U}) {
    EXPECT_EQ(error(frame), "stage 'seg' is off: device lost (delay:2)");
    EXPECT_TRUE(has(frame, "depth")) << "the other head goes on";
  }
  rig.release();
}

TEST_F(PipelineFaults, TheStandByTakesOverFromALostDevice) {
  DelayRig rig;
  rig.add("encoder", "", {"frame"}, 10);
  rig.add("depth", "depth", {"encoder"}, 5);
  rig.add("seg",
          "seg",
          {"encoder"},
          5,
          {{.fault = DelayFault::Hang, .run = 1, .from_then_on = true}})
      .timeout_ms = kLimitMs;
  rig.add_stand_by(8);
  rig.add("seg_tail", "seg", {"seg"}, 1);
  run(rig, 6);
  EXPECT_THAT(error(1), HasSubstr("has not finished frame 1"));
  EXPECT_THAT(error(2), HasSubstr("has not finished frame 2"));
  for (const std::size_t frame : {3U, 4U, 5U}) {
    EXPECT_EQ(error(frame), "");
    EXPECT_TRUE(has(frame, "seg"));
    EXPECT_EQ(results_[frame]->stages[2].timing.end_ns - results_[frame]->stages[2].timing.start_ns,
              8 * kMs);
  }
  rig.release();
}

TEST_F(PipelineFaults, AStandByForTheEncoderSavesAllHeads) {
  DelayRig rig;
  rig.add("encoder", "", {"frame"}, 10, {{.fault = DelayFault::Hang, .run = 0}}).timeout_ms =
      kLimitMs;
  rig.add_stand_by(12);
  rig.add("depth", "depth", {"encoder"}, 5);
  run(rig, 5);
  EXPECT_THAT(error(1), HasSubstr("has not finished frame 1"));
  EXPECT_EQ(error(3), "");
  EXPECT_TRUE(has(4, "depth"));
  rig.release();
}

TEST_F(PipelineFaults, WithoutItsEncoderEveryFrameSaysDeviceLost) {
  DelayRig rig = rig_with({}, {{.fault = DelayFault::Hang, .run = 0}});
  run(rig, 4);
  EXPECT_EQ(error(3), "stage 'encoder' is off: device lost (delay:0)");
  EXPECT_FALSE(has(3, "depth"));
  rig.release();
}

TEST_F(PipelineFaults, FramesUnderWayEndWhenADeviceIsLost) {
  DelayRig rig = rig_with({{.fault = DelayFault::Hang, .run = 0}});
  PipelineOptions options;
  options.queue = 20;
  pipeline_ = rig.start(std::move(options));
  results_ = run_frames(*pipeline_, 12);
  for (std::size_t frame = 0; frame < results_.size(); ++frame) {
    EXPECT_EQ(results_[frame]->status, FrameStatus::Failed) << frame;
    EXPECT_TRUE(has(frame, "depth")) << frame << ": " << error(frame);
  }
  EXPECT_THAT(error(11), HasSubstr("device lost"));
  rig.release();
}

TEST_F(PipelineFaults, ADeviceThatComesBackIsUsedAgain) {
  DelayRig rig = rig_with({{.fault = DelayFault::Hang, .run = 0}});
  pipeline_ = rig.start();
  const std::uint64_t first = pipeline_->submit(frame_of(0));
  results_.push_back(pipeline_->wait(first, std::chrono::minutes(5)));
  EXPECT_THAT(error(0), HasSubstr("has not finished frame 0"));
  rig.release();
  for (std::uint64_t id = 1; id < 8; ++id) {
    results_.push_back(pipeline_->wait(pipeline_->submit(frame_of(id)), std::chrono::minutes(5)));
    EXPECT_EQ(error(id), "");
    EXPECT_TRUE(has(id, "seg"));
  }
}

// The buffers of the hung frame must outlive the pipeline: the device writes to them at the end.
TEST_F(PipelineFaults, APipelineEndsAlthoughADeviceHangs) {
  DelayRig rig = rig_with({{.fault = DelayFault::Hang, .run = 0}});
  run(rig, 1);
  results_.clear();
  pipeline_.reset();
  rig.release();
}

}  // namespace
}  // namespace mtmi::runtime
