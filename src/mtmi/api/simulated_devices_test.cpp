// A pipeline whose heads run on simulated DLA cores: races, faults, time limits, counters.
#include <chrono>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/bundle.h"
#include "mtmi/core/file.h"
#include "mtmi/deploy/deploy_for_tests.h"
#include "mtmi/pipeline.h"

namespace mtmi {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr int kFrames = 8;

class SimulatedDevices : public testing::Test {
 protected:
  SimulatedDevices() {
    deploy_.use_int8();
    (void)deploy_.run();
  }

  /// The target of the bundle, with settings of its devices behind it.
  [[nodiscard]] PipelineOptions options(const std::string& settings) const {
    const std::filesystem::path path = deploy_.inputs() / "target.toml";
    write_file(path,
               "encoder = \"cpu\"\nheads = [\"dla_sim:0\", \"dla_sim:1\"]\n"
               "[head_defaults]\ntimeout_ms = 700\n" +
                   settings);
    PipelineOptions options;
    options.target = path.string();
    options.check_frames = true;
    return options;
  }

  static Frame frame_of(std::uint64_t id) {
    const auto pixels = std::make_shared<std::vector<std::uint8_t>>(std::size_t{32} * 64 * 3);
    for (std::size_t i = 0; i < pixels->size(); ++i) {
      (*pixels)[i] = static_cast<std::uint8_t>(i * (id + 3) + 31 * id);
    }
    Frame frame;
    frame.id = id;
    frame.image = ImageView{
        .data = pixels->data(), .height = 32, .width = 64, .row_bytes = 0, .owner = pixels};
    return frame;
  }

  /// All frames at once, so that stages work on several of them.
  std::vector<Result> run(PipelineOptions options) {
    Pipeline pipeline(Bundle::open(deploy_.folder()), std::move(options));
    std::vector<Ticket> tickets;
    for (std::uint64_t id = 0; id < kFrames; ++id) {
      tickets.push_back(pipeline.submit(frame_of(id)));
    }
    std::vector<Result> results;
    for (const Ticket ticket : tickets) {
      results.push_back(*pipeline.wait(ticket, 5min));
    }
    counts_ = pipeline.counts();
    return results;
  }

  deploy::SmallDeploy deploy_;
  PipelineCounts counts_;
};

TEST_F(SimulatedDevices, OverlappedFramesGiveTheBitsOfSerialOnes) {
  PipelineOptions serial = options("");
  serial.serial = true;
  const std::vector<Result> alone = run(std::move(serial));
  const std::vector<Result> overlapped = run(options(""));
  EXPECT_EQ(counts_.done, kFrames);
  for (std::size_t i = 0; i < kFrames; ++i) {
    EXPECT_EQ(overlapped[i].id(), i);
    for (const char* head : {"seg", "depth"}) {
      EXPECT_TRUE(bitwise_equal(overlapped[i].tensor(head), alone[i].tensor(head))) << head << i;
    }
  }
}

TEST_F(SimulatedDevices, ACoreThatFailsFailsItsFrameAndNoOther) {
  const std::vector<Result> results = run(options("[device.\"dla_sim:0\"]\nfail_at = 2\n"));
  EXPECT_EQ(counts_.done, kFrames - 1);
  EXPECT_EQ(counts_.failed, 1);
  for (std::size_t i = 0; i < kFrames; ++i) {
    EXPECT_EQ(results[i].status(), i == 2 ? ResultStatus::Failed : ResultStatus::Done);
    EXPECT_NE(results[i].find("depth"), nullptr) << "the other core goes on";
  }
  EXPECT_THAT(results[2].error()->what(), HasSubstr("stage 'seg' on dla_sim:0: run 2"));
}

TEST_F(SimulatedDevices, ACoreThatHangsIsLeftBehindAndTheOtherGoesOn) {
  const std::vector<Result> results = run(options("[device.\"dla_sim:1\"]\nhang_at = 1\n"));
  EXPECT_EQ(results[0].status(), ResultStatus::Done);
  EXPECT_EQ(results[1].error()->code(), ErrorCode::Timeout);
  for (std::size_t i = 1; i < kFrames; ++i) {
    EXPECT_EQ(results[i].status(), ResultStatus::Failed);
    EXPECT_NE(results[i].find("seg"), nullptr) << i;
  }
  EXPECT_THAT(results.back().error()->what(), HasSubstr("device lost"));
}

TEST_F(SimulatedDevices, AStandByTakesOverFromACoreThatHangs) {
  const std::vector<Result> results =
      run(options("[head.depth]\nstand_by = \"dla_sim:0\"\n[device.\"dla_sim:1\"]\nhang_at = 1\n"));
  EXPECT_EQ(results[1].status(), ResultStatus::Failed);
  EXPECT_EQ(results.back().status(), ResultStatus::Done) << results.back().error()->what();
}

TEST_F(SimulatedDevices, WrongResultsAreThoseOfOneFrameAndOneHead) {
  const std::vector<Result> right = run(options(""));
  const std::vector<Result> wrong = run(options("[device.\"dla_sim:0\"]\nwrong_at = 3\n"));
  EXPECT_EQ(counts_.done, kFrames);
  for (std::size_t i = 0; i < kFrames; ++i) {
    EXPECT_EQ(bitwise_equal(wrong[i].tensor("seg"), right[i].tensor("seg")), i != 3) << i;
    EXPECT_TRUE(bitwise_equal(wrong[i].tensor("depth"), right[i].tensor("depth")));
  }
}

}  // namespace
}  // namespace mtmi
