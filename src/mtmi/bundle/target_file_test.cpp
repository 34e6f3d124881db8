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
rounding = "truncate"
dump = false
policy = "drop-oldest"
queue = 4
deadline_ms = 100

[head_defaults]
precision = "int8"
fallback = "cpu"
calibration = "mse"
max_labels_changed = 0.01

[head.depth]
output = "int8"
max_depth_change = 0.02
min_sqnr = 20
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
  const PartTarget depth = head_target(target, 1, "depth");
  EXPECT_EQ(depth.device, "cpu");
  EXPECT_EQ(depth.fallback, "cpu");
  EXPECT_EQ(depth.calibration, "mse");
  EXPECT_EQ(depth.output, DType::Int8);
  EXPECT_EQ(depth.limits.max_labels_changed, 0.01);
  EXPECT_EQ(depth.limits.max_depth_change, 0.02);
  EXPECT_EQ(depth.limits.min_sqnr, 20.0);
  EXPECT_EQ(target.rounding, Rounding::TowardZero);
}

TEST(TargetFile, TextReadsBackAsTheSameValue) {
  Target target = read_target("cpu");
  PartTarget& part = target.heads["odd \"name\""];
  part.device = "cpu:0";
  part.precision = Precision::Float16;
  part.every = 2;
  part.fallback = "cpu";
  part.calibration = "percentile";
  part.output = DType::Float16;
  part.limits = {.max_labels_changed = 0.001, .max_depth_change = 1e-7, .min_sqnr = 30.5};
  target.rounding = Rounding::TowardZero;
  target.freshness_ms = 50;
  target.devices["dla_sim:1"] = {{"time", "model"}, {"fail_at", "3"}};
  EXPECT_EQ(parse_target(to_toml(target), "t.toml"), target);
}

TEST(TargetFile, SettingsOfDevicesAreTakenAsText) {
  const Target target = parse_target(
      "[device.\"dla_sim:0\"]\ntime = \"model\"\nfail_at = 3\nslow_down = 1.5\n", "t.toml");
  EXPECT_EQ(target.devices.at("dla_sim:0"),
            (DeviceOptions{{"fail_at", "3"}, {"slow_down", "1.5"}, {"time", "model"}}));
}

TEST(TargetFile, MistakesNameTheirLine) {
  EXPECT_EQ(refusal("encoder = \"cpu\"\nhaeds = [\"cpu\"]\n"),
            "t.toml: line 2: unknown key 'haeds'; known here: name, encoder, heads, head_defaults, "
            "head, device, tails, rounding, dump, queue, deadline_ms, freshness_ms, policy");
  EXPECT_EQ(refusal("queue = 0\n"),
            "t.toml: line 1: queue: expected a whole number from 1 to 1024");
  EXPECT_EQ(refusal("[head.a]\nprecision = \"fp16\"\n"),
            "t.toml: line 2: [head.a] precision: expected f32, bf16, f16 or int8");
  EXPECT_EQ(refusal("[head.a]\ncalibration = \"guess\"\n"),
            "t.toml: line 2: [head.a] calibration: expected entropy, minmax, percentile or mse");
  EXPECT_EQ(refusal("[head.a]\nmin_sqnr = -1\n"),
            "t.toml: line 2: [head.a] min_sqnr: expected a number >= 0");
  EXPECT_EQ(refusal("rounding = \"up\"\n"), "t.toml: line 1: rounding: expected even or truncate");
  EXPECT_NE(refusal("encoder = \n").find("t.toml: line 1: "), std::string::npos);
  EXPECT_NE(refusal("heads = [\"cpu:x\"]\n").find("expected a device"), std::string::npos);
}

TEST(TargetFile, WhatTheCheckOfDevicesRefusesNamesItsLine) {
  const DeviceCheck check = [](const std::string& device, const auto& settings) {
    if (device == "gpu" || (settings && settings->contains("speed"))) {
      throw Error(ErrorCode::Unsupported, "test", "not here");
    }
  };
  const auto refusal_of = [&check](const std::string& text) -> std::string {
    try {
      static_cast<void>(parse_target(text, "t.toml", check));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::Unsupported);
      return e.what();
    }
    return "";
  };
  EXPECT_EQ(refusal_of("heads = [\"cpu\"]\n[device.cpu]\ntime = 1\n"), "");
  EXPECT_EQ(refusal_of("encoder = \"gpu\"\n"), "t.toml: line 1: encoder: not here");
  EXPECT_EQ(refusal_of("heads = [\"cpu\",\n\"gpu\"]\n"), "t.toml: line 1: heads: not here");
  EXPECT_EQ(refusal_of("\n[head.a]\nfallback = \"gpu\"\n"),
            "t.toml: line 3: [head.a] fallback: not here");
  EXPECT_EQ(refusal_of("[head_defaults]\nstand_by = \"gpu\"\n"),
            "t.toml: line 2: [head_defaults] stand_by: not here");
  EXPECT_EQ(refusal_of("[device.cpu]\ntime = 1\nspeed = 2\n"),
            "t.toml: line 3: [device.cpu] speed: not here");
}

TEST(TargetFile, UnknownNameListsTheBuiltInOnes) {
  try {
    static_cast<void>(read_target("orion"));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("built in are: host cpu"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace mtmi::bundle
