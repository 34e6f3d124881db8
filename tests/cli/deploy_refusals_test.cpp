// mtmi deploy: targets, limits and folders that it does not take, one that it cannot write, and
// networks of one head.
#include <map>

#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mtmi::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

// A segmentation and a head of raw numbers.
constexpr const char* kNetwork = R"(graph "two_tasks" {
  input %image: f32[1,3,32,32]
  const %w: f32[8,3,3,3] = random(1)
  const %ws: f32[5,8,1,1] = random(2)
  const %wr: f32[4,8,1,1] = random(3)
  %a = Conv(%image, %w) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f = Relu(%a)
  %scores = Conv(%f, %ws)
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %r = Conv(%f, %wr)
  %raw = Relu(%r)
  output %seg
  output %raw
})";

class DeployVerb : public ProgramTest {
 protected:
  DeployVerb() {
    write_model("net.onnx", kNetwork);
    EXPECT_EQ(run({"scenes", "-o", "scenes", "--count", "1", "--size", "32x32"}).exit_code, 0);
  }

  [[nodiscard]] ProgramResult deploy(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"deploy", "net.onnx", "--images", "scenes/images"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }

  /// The last line of what is said; no bundle is left.
  [[nodiscard]] std::string refusal_of_target(const std::string& text) const {
    write_text("t.toml", text);
    const ProgramResult result = deploy({"--target", "t.toml", "-o", "bundle"});
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder() / "bundle/manifest.json"));
    return result.err.substr(result.err.rfind('\n', result.err.size() - 2) + 1);
  }

  /// When every file and folder below `below` was last written.
  [[nodiscard]] std::map<std::string, std::filesystem::file_time_type> times(
      const std::string& below) const {
    std::map<std::string, std::filesystem::file_time_type> times;
    for (const std::string& entry : entries()) {
      if (entry.starts_with(below)) {
        times[entry] = std::filesystem::last_write_time(folder() / entry);
      }
    }
    return times;
  }
};

// A segmentation with its own scores, and a TopK: outputs of one head, so there are no heads apart.
TEST_F(DeployVerb, ANetworkOfOneHeadBecomesOnePart) {
  write_model("scored.onnx", R"(graph "scored" {
    input %image: f32[1,3,32,32]
    const %w: f32[5,3,3,3] = random(1)
    %scores = Conv(%image, %w) {strides = [4, 4], pads = [1, 1, 1, 1]}
    %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
    output %seg
    output %scores
  })");
  write_model("top.onnx", R"(graph "top" {
    input %image: f32[1,3,32,32]
    const %w: f32[5,3,3,3] = random(1)
    const %k: s64[1] = [3]
    %scores = Conv(%image, %w) {strides = [4, 4], pads = [1, 1, 1, 1]}
    %v, %i = TopK(%scores, %k) {axis = 1}
    output %v
    output %i
  })");
  for (const std::string name : {"scored", "top"}) {
    const ProgramResult result =
        run({"deploy", name + ".onnx", "--images", "scenes/images", "-o", name});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    const auto manifest = nlohmann::json::parse(read_text(name + "/manifest.json"));
    EXPECT_EQ(manifest["parts"].size(), 1U);
    EXPECT_EQ(manifest["verified"].size(), 2U);
  }
}

TEST_F(DeployVerb, ALimitThatJudgesNothingIsRefused) {
  const std::string int8 = "heads = [\"dla_sim:0\"]\n[head_defaults]\nprecision = \"int8\"\n";
  for (const char* head : {"seg", "raw"}) {
    const std::string name(head);
    EXPECT_THAT(refusal_of_target(int8 + "[head." + name + "]\nmax_depth_change = 0.1\n"),
                HasSubstr("head '" + name + "': max_depth_change wants a head that gives depth"));
  }
  EXPECT_THAT(refusal_of_target(int8 + "[head.raw]\nmax_labels_changed = 0.1\n"),
              HasSubstr("head 'raw': max_labels_changed wants a head that gives labels"));
  EXPECT_THAT(refusal_of_target("heads = [\"cpu\"]\n[head.seg]\nmin_sqnr = 10\n"),
              HasSubstr("the head runs in neither"));
  const ProgramResult for_all = deploy({"-o", "bundle", "--limit", "depth=0.1"});
  EXPECT_EQ(for_all.exit_code, 1);
  EXPECT_THAT(for_all.err, HasSubstr("max_depth_change for all heads: no head that runs in INT8"));
  EXPECT_EQ(deploy({"-o", "bundle", "--limit", "labels=1"}).exit_code, 0);
}

TEST_F(DeployVerb, DevicesAndTheirSettingsAreNamedByFileAndLine) {
  EXPECT_EQ(refusal_of_target("heads = [\"dla_sim:0\"]\n[head_defaults]\nfallback = \"cpuu\"\n"),
            "mtmi: t.toml: line 3: [head_defaults] fallback: no device 'cpuu' in this build; there "
            "are: cpu dla_sim; did you mean cpu?\n");
  EXPECT_THAT(refusal_of_target("heads = [\"dla_sim:0\"]\n\n[device.\"dla_sim:0\"]\n"
                                "time = \"model\"\nspeed = 3\n"),
              HasSubstr("t.toml: line 5: [device.dla_sim:0] speed: got the setting 'speed'"));
  EXPECT_THAT(refusal_of_target("encoder = \"cpu:7\"\n"),
              HasSubstr("t.toml: line 1: encoder: there is no device cpu:7"));
}

TEST_F(DeployVerb, WhatThisBuildLacksIsNoDeviceOfAPartButMayHaveSettings) {
  const std::string heads = "heads = [\"dla_sim:0\"]\n";
  EXPECT_THAT(refusal_of_target(heads + "[head_defaults]\nfallback = \"dla:0\"\n"),
              HasSubstr("t.toml: line 3: [head_defaults] fallback: no device 'dla' in this build"));
  write_text("t.toml", "heads = [\"cpu\"]\n[device.\"dla:0\"]\nspeed = 3\n");
  EXPECT_EQ(deploy({"--target", "t.toml", "-o", "bundle"}).exit_code, 0);
}

TEST_F(DeployVerb, AStandByOfAnotherKindIsRefused) {
  EXPECT_THAT(refusal_of_target("heads = [\"dla_sim:0\"]\n[head_defaults]\nprecision = \"int8\"\n"
                                "stand_by = \"cpu\"\n"),
              HasSubstr("'seg' runs on dla_sim:0, and its stand_by cpu is of another kind"));
}

TEST_F(DeployVerb, AKeptTensorThatIsNotThereIsRefused) {
  const std::string int8 = "heads = [\"dla_sim:0\"]\n[head_defaults]\nprecision = \"int8\"\n";
  EXPECT_THAT(refusal_of_target(int8 + "keep_float = [\"scores\", \"nope\"]\n"),
              HasSubstr("keep_float: no head has a tensor 'nope'"));
  EXPECT_THAT(refusal_of_target(int8 + "[head.raw]\nkeep_float = [\"scores\"]\n"),
              HasSubstr("keep_float: head 'raw' has no tensor 'scores'"));
  write_text("t.toml", int8 + "keep_float = [\"scores\"]\n");
  EXPECT_EQ(deploy({"--target", "t.toml", "-o", "bundle"}).exit_code, 0);
}

TEST_F(DeployVerb, RunNamesTheLineOfATargetToo) {
  ASSERT_EQ(deploy({"-o", "bundle"}).exit_code, 0);
  write_text("t.toml", "heads = [\"dla_sim:0\"]\n[device.\"dla_sim:0\"]\nspeed = 3\n");
  const ProgramResult result =
      run({"run", "bundle", "--images", "scenes/images", "--target", "t.toml"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("t.toml: line 3: [device.dla_sim:0] speed: got the setting"));
}

TEST_F(DeployVerb, AnothersManifestIsNotWrittenOver) {
  write_text("site/manifest.json", "{\"name\": \"a web page\"}");
  write_text("log/manifest.json", "no JSON at all");
  for (const std::string site : {"site", "log"}) {
    const std::vector<std::string> before = entries();
    const std::string text = read_text(site + "/manifest.json");
    const ProgramResult result = deploy({"-o", site});
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr(site + "/manifest.json: not of a bundle"));
    EXPECT_EQ(read_text(site + "/manifest.json"), text);
    EXPECT_EQ(entries(), before);
  }
}

TEST_F(DeployVerb, ADamagedManifestOfOursIsWrittenAgain) {
  ASSERT_EQ(deploy({"-o", "bundle"}).exit_code, 0);
  const std::string text = read_text("bundle/manifest.json");
  write_text("bundle/manifest.json", text.substr(0, text.size() / 2));
  EXPECT_EQ(deploy({"-o", "bundle"}).exit_code, 0);
  EXPECT_EQ(read_text("bundle/manifest.json"), text);
}

TEST_F(DeployVerb, ScenesAreLookedAtBeforeAnythingIsBuilt) {
  const ProgramResult result = deploy({"-o", "bundle", "--scenes", "none"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "mtmi: none/camera.json: cannot open: No such file or directory\n");
  EXPECT_FALSE(std::filesystem::exists(folder() / "bundle"));
}

TEST_F(DeployVerb, AnImageThatCannotBeReadIsNamedOnce) {
  write_text("bad.png", "no picture");
  const ProgramResult result = run({"deploy", "net.onnx", "--images", "bad.png", "-o", "bundle"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              EndsWith("mtmi: bad.png: got other bytes, expected a PNG or JPEG image\n"));
}

TEST_F(DeployVerb, ABundleThatCannotBeWrittenIsFineWhereNothingHasChanged) {
  ASSERT_EQ(deploy({"-o", "bundle"}).exit_code, 0);
  ASSERT_EQ(deploy({"-o", "bundle"}).exit_code, 0);  // now all inputs are known by their stamps
  // What was remembered is gone, and cannot be written again, whoever runs this.
  std::filesystem::remove_all(folder() / "bundle/state");
  write_text("bundle/state", "");
  const auto before = times("bundle/");
  const ProgramResult again = deploy({"-o", "bundle", "--json"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(nlohmann::json::parse(again.out)["steps_made"], 0);
  for (const auto& [entry, time] : before) {
    EXPECT_EQ(std::filesystem::last_write_time(folder() / entry), time) << entry;
  }
}

}  // namespace
}  // namespace mtmi::cli
