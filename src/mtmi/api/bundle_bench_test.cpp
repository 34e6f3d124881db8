#include "mtmi/api/bundle_bench.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mtmi/deploy/deploy_for_tests.h"

namespace mtmi {
namespace {

class BundleBenchTest : public testing::Test {
 protected:
  BundleBenchTest() { (void)deploy_.run(); }

  /// Of all signs of life the last.
  [[nodiscard]] ProgressFunction watch() {
    return [this](const Progress& progress) {
      EXPECT_GE(progress.done, last_.done);
      last_ = progress;
    };
  }

  const deploy::SmallDeploy deploy_;
  Progress last_{};
};

TEST_F(BundleBenchTest, MeasuresBothWaysAndEveryStage) {
  const BundleBench bench = bench_bundle(deploy_.folder(), "", 5, 1, watch());
  EXPECT_GT(bench.serial.median, 0.0);
  EXPECT_GT(bench.overlapped.median, 0.0);
  EXPECT_EQ(bench.stages.size(), 5U) << "an encoder, two heads, two tails";
  for (const StageSummary& stage : bench.stages) {
    EXPECT_GT(stage.time.median, 0.0) << stage.name;
    EXPECT_THAT(stage.device, testing::StartsWith("cpu"));
  }
  EXPECT_EQ(last_.total, 10);
}

TEST_F(BundleBenchTest, TracesEveryFrameOnce) {
  const auto trace = nlohmann::json::parse(trace_bundle(deploy_.folder(), "", 4, watch()));
  std::vector<std::uint64_t> frames;
  for (const nlohmann::json& event : trace.at("traceEvents")) {
    const std::string name = event.at("name");
    if (event.at("ph") == "X" && name.starts_with("preprocessing")) {
      frames.push_back(event.at("args").at("frame"));
    }
  }
  EXPECT_THAT(frames, testing::UnorderedElementsAre(0, 1, 2, 3)) << "none of those that warm up";
  EXPECT_EQ(last_.done, 4);
}

}  // namespace
}  // namespace mtmi
