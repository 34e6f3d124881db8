#include "mtmi/runtime/trace.h"

#include <map>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "mtmi/runtime/pipeline_rig_for_tests.h"

namespace mtmi::runtime {
namespace {

TEST(Trace, HoldsEveryStageOfEveryFrameOnOneClock) {
  const DelayRig rig = DelayRig::two_heads();
  PipelineOptions options;
  const auto trace = std::make_shared<TraceRecorder>(rig.plan());
  options.trace = trace;
  const auto pipeline = rig.start(std::move(options));
  (void)run_frames(*pipeline, 3);

  std::map<std::string, int> spans;  // by phase
  double encoder_end_us = 0;
  const auto document = nlohmann::json::parse(trace->to_json());
  for (const auto& event : document.at("traceEvents")) {
    ++spans[event.at("ph").get<std::string>()];
    if (event.at("ph") == "X" && event.at("name") == "frame 2" && event.at("tid") == 1) {
      encoder_end_us = event.at("ts").get<double>() + event.at("dur").get<double>();
    }
  }
  EXPECT_EQ(spans["X"], 3 * 5) << "four stages and the fill";
  EXPECT_EQ(spans["s"], 3 * 3) << "one arrow per hand-off";
  EXPECT_EQ(spans["s"], spans["f"]);
  EXPECT_DOUBLE_EQ(encoder_end_us, 90'000);
}

}  // namespace
}  // namespace mtmi::runtime
