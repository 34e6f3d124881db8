#include "mtmi/runtime/pipeline.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>

#include "mtmi/runtime/pipeline_rig_for_tests.h"

namespace mtmi::runtime {
namespace {

using namespace std::chrono_literals;

Timing time_of(const ResultLease& result, std::size_t stage) {
  EXPECT_TRUE(result->stages[stage].ran);
  return result->stages[stage].timing;
}

/// When two_heads() must work on frame t, written down independently: [stage][frame] start and end
/// [ms]. A stage begins when it is free and what it reads is made; the encoder also waits for the
/// readers of the frame that had its slot before.
std::array<std::vector<Timing>, 4> expected_schedule(std::size_t frames, std::size_t slots) {
  constexpr std::array<std::int64_t, 4> kDuration{30, 20, 25, 5};
  std::array<std::vector<Timing>, 4> schedule;
  std::array<std::int64_t, 4> free{};
  std::vector<std::int64_t> vacated(slots, 0);
  for (std::size_t t = 0; t < frames; ++t) {
    const std::int64_t encoder_end = std::max(free[0], vacated[t % slots]) + kDuration[0];
    const std::int64_t seg_end = std::max(free[1], encoder_end) + kDuration[1];
    const std::int64_t depth_end = std::max(free[2], encoder_end) + kDuration[2];
    const std::int64_t tail_end = std::max(free[3], seg_end) + kDuration[3];
    free = {encoder_end, seg_end, depth_end, tail_end};
    vacated[t % slots] = std::max(depth_end, tail_end);
    for (std::size_t stage = 0; stage < 4; ++stage) {
      schedule[stage].push_back(
          {.start_ns = (free[stage] - kDuration[stage]) * kMs, .end_ns = free[stage] * kMs});
    }
  }
  return schedule;
}

TEST(Pipeline, StagesOverlapExactlyAsTheScheduleSays) {
  const auto pipeline = DelayRig::two_heads().start();
  const auto results = run_frames(*pipeline, 40);
  const auto expected = expected_schedule(40, pipeline->plan().slots);
  for (std::size_t t = 0; t < results.size(); ++t) {
    for (std::size_t stage = 0; stage < 4; ++stage) {
      EXPECT_EQ(time_of(results[t], stage).start_ns, expected[stage][t].start_ns)
          << stage << " " << t;
      EXPECT_EQ(time_of(results[t], stage).end_ns, expected[stage][t].end_ns) << stage << " " << t;
    }
  }
}

TEST(Pipeline, ThePeriodIsThatOfTheSlowestStage) {
  DelayRig rig;
  rig.add("encoder", "", {"frame"}, 10);
  rig.add("seg", "seg", {"encoder"}, 50);
  rig.add("depth", "depth", {"encoder"}, 40);
  const auto pipeline = rig.start();
  const auto results = run_frames(*pipeline, 30);
  for (std::size_t t = 1; t < results.size(); ++t) {
    EXPECT_EQ(time_of(results[t], 1).end_ns - time_of(results[t - 1], 1).end_ns, 50 * kMs);
  }
}

TEST(Pipeline, TheEncoderOfTheNextFrameRunsWhileTheHeadsWork) {
  const auto pipeline = DelayRig::two_heads().start();
  const auto results = run_frames(*pipeline, 3);
  EXPECT_LT(time_of(results[1], 0).start_ns, time_of(results[0], 1).end_ns);
  EXPECT_LT(time_of(results[0], 1).start_ns, time_of(results[0], 2).end_ns);
}

TEST(Pipeline, SerialRunsOneStageAtATime) {
  PipelineOptions options;
  options.serial = true;
  const auto pipeline = DelayRig::two_heads().start(std::move(options));
  const auto results = run_frames(*pipeline, 5);
  for (std::size_t t = 0; t < results.size(); ++t) {
    EXPECT_EQ(time_of(results[t], 0).start_ns, static_cast<std::int64_t>(t) * 80 * kMs);
    EXPECT_EQ(time_of(results[t], 3).end_ns, static_cast<std::int64_t>(t + 1) * 80 * kMs);
  }
}

/// The names of the threads that filled 40 frames, each of which took `duration` to fill.
std::set<std::string> filling_threads(std::chrono::milliseconds duration) {
  DelayRig rig(DelayTime::Real);
  rig.add("encoder", "", {"frame"}, 2);
  rig.add("seg", "seg", {"encoder"}, 2);
  PipelineOptions options;
  options.queue = 40;
  const auto pipeline = rig.start(std::move(options));
  std::mutex mutex;
  std::set<std::string> names;
  for (std::uint64_t id = 0; id < 40; ++id) {
    Frame frame = frame_of(id);
    frame.fill = [&, duration, fill = frame.fill](std::span<const std::span<std::byte>> inputs) {
      fill(inputs);
      std::this_thread::sleep_for(duration);
      std::array<char, 16> name{};
      pthread_getname_np(pthread_self(), name.data(), name.size());
      const std::lock_guard lock(mutex);
      names.emplace(name.data());
    };
    (void)pipeline->submit(std::move(frame));
  }
  pipeline->drain();
  return names;
}

TEST(Pipeline, AFrameIsBegunByWhoIsAwakeUnlessItFillsSlowly) {
  EXPECT_THAT(filling_threads(0ms), testing::Contains("mtmi-collect"));
  EXPECT_THAT(filling_threads(1ms), testing::ElementsAre("mtmi-feed"));
}

// On real time, with checks of every frame: a stage sees at once if what it reads is overwritten.
TEST(Pipeline, EveryResultIsOfItsOwnFrame) {
  DelayRig rig(DelayTime::Real);
  rig.add("encoder", "", {"frame"}, 0);
  rig.add("seg", "seg", {"encoder"}, 1);
  rig.add("depth", "depth", {"encoder", "frame"}, 0);
  rig.add("seg_tail", "seg", {"seg"}, 0);
  const auto pipeline = rig.start();
  const auto results = run_frames(*pipeline, 150);
  for (std::size_t t = 0; t < results.size(); ++t) {
    EXPECT_EQ(error_of(*results[t]), "");
    EXPECT_EQ(results[t]->id, t);
    for (const char* name : {"seg", "depth"}) {
      EXPECT_EQ(mark_in(pipeline->plan(), *results[t], name), static_cast<std::int64_t>(t));
    }
  }
  EXPECT_EQ(pipeline->counters().done, 150);
}

TEST(Pipeline, AHeadWithADivisorRunsOnEveryNthFrame) {
  DelayRig rig;
  rig.add("encoder", "", {"frame"}, 10);
  rig.add("depth", "depth", {"encoder"}, 5);
  rig.add("seg", "seg", {"encoder"}, 30).every = 3;
  rig.add("seg_tail", "seg", {"seg"}, 1);
  const auto pipeline = rig.start();
  const auto results = run_frames(*pipeline, 12);
  for (std::size_t t = 0; t < results.size(); ++t) {
    EXPECT_EQ(error_of(*results[t]), "");
    EXPECT_EQ(mark_in(pipeline->plan(), *results[t], "seg").has_value(), t % 3 == 0);
    EXPECT_TRUE(mark_in(pipeline->plan(), *results[t], "depth").has_value());
    EXPECT_EQ(time_of(results[t], 0).end_ns, static_cast<std::int64_t>(t + 1) * 10 * kMs)
        << "the slow head does not hold up the encoder";
  }
}

TEST(Pipeline, ResultsThatNobodyWantsAreNotCopied) {
  PipelineOptions options;
  const DelayRig rig = DelayRig::two_heads();
  const Plan plan = rig.plan();
  for (const PlanResult& result : plan.results) {
    options.wanted.push_back(result.name == "depth");
  }
  const auto pipeline = rig.start(std::move(options));
  const auto results = run_frames(*pipeline, 2);
  EXPECT_EQ(mark_in(plan, *results[1], "depth"), 1);
  EXPECT_EQ(mark_in(plan, *results[1], "seg"), std::nullopt);
}

TEST(Pipeline, ACallbackGetsResultsInOrder) {
  std::vector<std::uint64_t> ids;
  PipelineOptions options;
  options.on_result = [&ids](ResultLease result) { ids.push_back(result->id); };
  const auto pipeline = DelayRig::two_heads().start(std::move(options));
  for (std::uint64_t id = 0; id < 20; ++id) {
    (void)pipeline->submit(frame_of(id));
  }
  pipeline->drain();
  ASSERT_EQ(ids.size(), 20U);
  EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
}

TEST(Pipeline, ATicketIsGoodForOneResult) {
  const auto pipeline = DelayRig::two_heads().start();
  const std::uint64_t ticket = pipeline->submit(frame_of(0));
  EXPECT_NE(pipeline->wait(ticket, 1min), nullptr);
  EXPECT_THROW((void)pipeline->wait(ticket, 1min), Error);
  EXPECT_THROW((void)pipeline->wait(ticket + 7, 1min), Error);
}

TEST(Pipeline, AFrameThatCannotBeFilledFailsAlone) {
  const auto pipeline = DelayRig::two_heads().start();
  Frame bad = frame_of(0);
  bad.fill = [](std::span<const std::span<std::byte>>) {
    throw Error(ErrorCode::InvalidArgument, "test", "got an image of 3x3");
  };
  const std::uint64_t first = pipeline->submit(std::move(bad));
  const std::uint64_t second = pipeline->submit(frame_of(1));
  EXPECT_EQ(error_of(*pipeline->wait(first, 1min)), "got an image of 3x3");
  const ResultLease good = pipeline->wait(second, 1min);
  EXPECT_EQ(error_of(*good), "");
  EXPECT_EQ(mark_in(pipeline->plan(), *good, "depth"), 1);
}

/// A pipeline whose first frame is held in its fill until open() is called.
class GatedPipeline {
 public:
  explicit GatedPipeline(PipelineOptions options)
      : pipeline(DelayRig::two_heads().start(std::move(options))) {
    Frame frame = frame_of(0);
    frame.fill = [this](std::span<const std::span<std::byte>>) {
      entered_ = true;
      entered_.notify_all();
      open_.wait(false);
    };
    tickets.push_back(pipeline->submit(std::move(frame)));
    entered_.wait(false);
  }

  void submit(std::uint64_t id) { tickets.push_back(pipeline->submit(frame_of(id))); }

  std::vector<FrameStatus> finish() {
    open_ = true;
    open_.notify_all();
    std::vector<FrameStatus> statuses;
    for (const std::uint64_t ticket : tickets) {
      statuses.push_back(pipeline->wait(ticket, 1min)->status);
    }
    return statuses;
  }

  std::unique_ptr<Pipeline> pipeline;
  std::vector<std::uint64_t> tickets;

 private:
  std::atomic<bool> entered_{false};
  std::atomic<bool> open_{false};
};

constexpr FrameStatus kDone = FrameStatus::Done;
constexpr FrameStatus kDropped = FrameStatus::Dropped;

TEST(Pipeline, DropOldestKeepsTheNewestFramesThatWait) {
  PipelineOptions options;
  options.policy = QueuePolicy::DropOldest;
  options.queue = 2;
  GatedPipeline gated(std::move(options));
  for (std::uint64_t id = 1; id <= 4; ++id) {
    gated.submit(id);
  }
  EXPECT_THAT(gated.finish(), testing::ElementsAre(kDone, kDropped, kDropped, kDone, kDone));
  EXPECT_EQ(gated.pipeline->counters().dropped, 2);
}

TEST(Pipeline, LatestOnlyKeepsOneFrameThatWaits) {
  PipelineOptions options;
  options.policy = QueuePolicy::LatestOnly;
  options.queue = 5;
  GatedPipeline gated(std::move(options));
  for (std::uint64_t id = 1; id <= 3; ++id) {
    gated.submit(id);
  }
  EXPECT_THAT(gated.finish(), testing::ElementsAre(kDone, kDropped, kDropped, kDone));
}

TEST(Pipeline, AStaleFrameIsDroppedAndALateOneIsCalledSo) {
  DelayRig rig(DelayTime::Real);
  rig.add("encoder", "", {"frame"}, 20);
  rig.add("depth", "depth", {"encoder"}, 0);
  PipelineOptions options;
  options.freshness = 1h;
  options.deadline = 10ms;
  const auto pipeline = rig.start(std::move(options));
  const std::uint64_t late = pipeline->submit(frame_of(0));
  Frame old = frame_of(1);
  old.capture_ns = pipeline->clock().now_ns() - std::chrono::nanoseconds(2h).count();
  const std::uint64_t stale = pipeline->submit(std::move(old));
  EXPECT_TRUE(pipeline->wait(late, 1min)->late);
  EXPECT_EQ(pipeline->wait(stale, 1min)->status, kDropped);
  EXPECT_EQ(pipeline->counters().late, 1);
}

TEST(Pipeline, EndingItDropsWhatWaitsAndFinishesWhatHasBegun) {
  std::atomic<int> results = 0;
  PipelineOptions options;
  options.queue = 50;
  options.on_result = [&results](ResultLease) { ++results; };
  auto pipeline = DelayRig::two_heads().start(std::move(options));
  for (std::uint64_t id = 0; id < 40; ++id) {
    (void)pipeline->submit(frame_of(id));
  }
  pipeline.reset();
  EXPECT_EQ(results, 40);
}

TEST(Pipeline, AnEngineThatDoesNotFitThePlanIsRefused) {
  const DelayRig rig = DelayRig::two_heads();
  DelayRig other = DelayRig::two_heads();
  Plan plan = rig.plan();
  plan.stages[1].inputs[0].name = "other";
  const auto registry = std::make_shared<Registry>();
  registry->add(make_delay_backend(DelayTime::Virtual));
  DelaySpec spec;
  const auto engine = make_delay_engine(spec);
  EXPECT_THROW(Pipeline(plan,
                        std::make_shared<DeviceSet>(*registry),
                        [&engine](const std::string&) {
                          return EngineBytes{.bytes = engine, .owner = nullptr};
                        },
                        {}),
               Error);
}

}  // namespace
}  // namespace mtmi::runtime
