#include "mtmi/bundle/target_file.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::bundle {
namespace {

std::string refusal(const char* text) {
  try {
    static_cast<void>(parse_target(text, "t.toml"));
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(TargetFile, ReadsEveryKey) {
  const Target target = parse_target(R"(
name = "bench"
encoder = "cpu"
heads = ["dla_sim:0", "dla_sim:1"]
tails = "cpu"
dump = false
policy = "drop-oldest"
queue = 4
deadline_ms = 100

[head_defaults]
precision = "int8"

[head.depth]
device = "cpu"
stand_by = "dla_sim:1"
timeout_ms = 500
every = 3
)",
                                     "t.toml");
  EXPECT_EQ(target.name, "bench");
  EXPECT_EQ(target.policy, QueuePolicy::DropOldest);
  EXPECT_FALSE(target.dump);
  EXPECT_EQ(target.head_devices.size(), 2U);
  EXPECT_EQ(target.heads.at("depth").every, 3);
  EXPECT_EQ(head_target(target, 0, "seg").device, "dla_sim:0");
  EXPECT_EQ(head_target(target, 0, "seg").precision, Precision::Int8);
  EXPECT_EQ(head_target(target, 1, "depth").device, "cpu");
}

TEST(TargetFile, TextReadsBackAsTheSameValue) {
  Target target = read_target("cpu");
  PartTarget& part = target.heads["odd \"name\""];
  part.device = "cpu:0";
  part.precision = Precision::Float16;
  part.every = 2;
  target.freshness_ms = 50;
  EXPECT_EQ(parse_target(to_toml(target), "t.toml"), target);
}

TEST(TargetFile, MistakesNameTheirLine) {
  EXPECT_EQ(refusal("encoder = \"cpu\"\nhaeds = [\"cpu\"]\n"),
            "t.toml: line 2: unknown key 'haeds'; known here: name, encoder, heads, head_defaults, "
            "head, tails, dump, queue, deadline_ms, freshness_ms, policy");
  EXPECT_EQ(refusal("queue = 0\n"),
            "t.toml: line 1: queue: expected a whole number from 1 to 1024");
  EXPECT_EQ(refusal("[head.a]\nprecision = \"fp16\"\n"),
            "t.toml: line 2: [head.a] precision: expected f32, bf16, f16 or int8");
  EXPECT_NE(refusal("encoder = \n").find("t.toml: line 1: "), std::string::npos);
  EXPECT_NE(refusal("heads = [\"cpu:x\"]\n").find("expected a device"), std::string::npos);
}

TEST(TargetFile, UnknownNameListsTheBuiltInOnes) {
  try {
    static_cast<void>(read_target("orion"));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("built in are: cpu"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace mtmi::bundle
