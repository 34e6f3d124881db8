#include "mtmi/plan/target.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(Target, HeadsTakeTheDevicesInTurn) {
  Target target;
  target.head_devices = {"dla_sim:0", "dla_sim:1"};
  EXPECT_EQ(head_target(target, 0, "seg").device, "dla_sim:0");
  EXPECT_EQ(head_target(target, 1, "depth").device, "dla_sim:1");
  EXPECT_EQ(head_target(target, 2, "boxes").device, "dla_sim:0");
}

TEST(Target, AnOverrideWinsOverDefaultsAndTheseOverNothing) {
  Target target;
  target.head_defaults.timeout_ms = 500;
  target.head_defaults.precision = Precision::Int8;
  target.heads["seg"].every = 3;
  target.heads["seg"].precision = Precision::Float16;
  const PartTarget seg = head_target(target, 0, "seg");
  EXPECT_EQ(seg.every, 3);
  EXPECT_EQ(seg.precision, Precision::Float16);
  EXPECT_EQ(seg.timeout_ms, 500);
  const PartTarget depth = head_target(target, 1, "depth");
  EXPECT_EQ(depth.device, "cpu");
  EXPECT_EQ(depth.every, 1);
  EXPECT_EQ(depth.precision, Precision::Int8);
  EXPECT_EQ(encoder_target(target).precision, Precision::Float32);
}

TEST(Target, KnowsOverridesOfHeadsThatTheNetworkLacks) {
  Target target;
  target.heads["seg"] = {};
  target.heads["lanes"] = {};
  EXPECT_EQ(unknown_heads(target, {"depth", "seg"}), (std::vector<std::string>{"lanes"}));
}

TEST(QueuePolicy, NameParsesBack) {
  for (const QueuePolicy policy :
       {QueuePolicy::Block, QueuePolicy::DropOldest, QueuePolicy::LatestOnly}) {
    EXPECT_EQ(parse_queue_policy(to_string(policy)), policy);
  }
  EXPECT_FALSE(parse_queue_policy("drop").has_value());
}

}  // namespace
}  // namespace mtmi
