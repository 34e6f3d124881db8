// mtmi run: dumps, pictures, log lines, refusals.
#include <cstdlib>

#include "program.h"
#include <gmock/gmock.h>
#include <sys/wait.h>

#include "mtmi/core/folder_lock.h"

namespace mtmi::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kNetwork = R"(graph "two_tasks" {
  input %image: f32[1,3,32,64]
  const %w: f32[8,3,3,3] = random(1)
  const %ws: f32[5,8,1,1] = random(2)
  const %wd: f32[1,8,1,1] = random(3)
  const %up: f32[4] = [1, 1, 4, 4]
  const %one: f32[] = [1]
  const %tenth: f32[] = [0.1]
  const %range: f32[] = [80]
  %a = Conv(%image, %w) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f = Relu(%a)
  %s = Conv(%f, %ws)
  %scores = Resize(%s, _, %up) {mode = "linear"}
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %d = Conv(%f, %wd)
  %t = Mul(%d, %tenth)
  %e = Sigmoid(%t)
  %near = Resize(%e, _, %up) {mode = "linear"}
  %far = Sub(%one, %near)
  %depth = Mul(%far, %range)
  output %seg
  output %depth
})";

constexpr const char* kCard = R"([output.depth]
task = "depth"
)";

class RunVerb : public ProgramTest {
 protected:
  RunVerb() {
    write_model("net.onnx", kNetwork);
    write_text("net.toml", kCard);
    const std::vector<std::vector<std::string>> commands{
        {"scenes", "-o", "scenes", "--count", "3", "--size", "32x64"},
        {"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"}};
    for (const auto& command : commands) {
      const ProgramResult result = run(command);
      EXPECT_EQ(result.exit_code, 0) << result.err;
    }
  }

  [[nodiscard]] ProgramResult run_bundle(std::vector<std::string> more) const {
    std::vector<std::string> arguments{"run", "bundle", "--images", "scenes/images"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run(arguments);
  }
};

TEST_F(RunVerb, DumpsAreTheOriginsAndCanBeDrawn) {
  const ProgramResult result =
      run_bundle({"--loops", "7", "--check-frames", "-o", "results", "--trace", "trace.json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("7 frames; median period"));
  EXPECT_THAT(result.err,
              testing::ContainsRegex("loop: 1 backbone elapsed: [0-9.]+ chrono "
                                     "elapsed: [0-9.]+ seg elapsed: [0-9.]+"));
  for (const char* image : {"000000", "000001", "000002"}) {
    EXPECT_EQ(read_text("results/" + std::string(image) + "_seg.bin").size(), 5U * 32 * 64);
    EXPECT_EQ(read_text("results/" + std::string(image) + "_depth.bin").size(), 4U * 32 * 64);
  }
  EXPECT_THAT(read_text("results/run.json"), HasSubstr("\"metres_scale\": -80.0"));
  EXPECT_THAT(read_text("trace.json"), HasSubstr("\"traceEvents\""));
  EXPECT_EQ(run({"visualize", "results", "--images", "scenes/images", "-o", "pictures"}).exit_code,
            0);
  EXPECT_THAT(entries(), Contains("pictures/000002.png"));
}

TEST_F(RunVerb, PicturesOfOtherImagesAreRefused) {
  ASSERT_EQ(run_bundle({"-o", "results"}).exit_code, 0);
  // Other streets under the same names.
  ASSERT_EQ(
      run({"scenes", "-o", "others", "--count", "3", "--size", "32x64", "--seed", "9"}).exit_code,
      0);
  const ProgramResult refused =
      run({"visualize", "results", "--images", "others/images", "-o", "pictures"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(
      refused.err,
      "mtmi: others/images/000000.png: not the image of this name that the results in results "
      "are of; give --images as it was given to mtmi run\n");
  EXPECT_FALSE(std::filesystem::exists(folder() / "pictures"));
  // Some of them: the others are told.
  const ProgramResult some =
      run({"visualize", "results", "--images", "scenes/images/000001.png", "-o", "pictures"});
  EXPECT_EQ(some.exit_code, 0) << some.err;
  EXPECT_EQ(some.out, "pictures: 1 picture\n");
  EXPECT_THAT(some.err, HasSubstr("2 of the 3 results are of images that were not given\n"));
}

TEST_F(RunVerb, ResultsOfTwoRunsAreNotMixed) {
  std::filesystem::create_directory(folder() / "results");
  const FolderLock other(folder() / "results");
  const ProgramResult refused = run_bundle({"-o", "results"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.err, "mtmi: results: another mtmi is at work here; wait until it is done\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder() / "results"));
}

TEST_F(RunVerb, SerialAndOneThreadGiveTheSameDumps) {
  ASSERT_EQ(run_bundle({"-o", "a"}).exit_code, 0);
  ASSERT_EQ(run_bundle({"--serial", "--threads", "1", "-o", "b"}).exit_code, 0);
  EXPECT_EQ(read_text("a/000001_depth.bin"), read_text("b/000001_depth.bin"));
  EXPECT_EQ(read_text("a/000001_seg.bin"), read_text("b/000001_seg.bin"));
}

TEST_F(RunVerb, JsonIsOneDocumentOnStdout) {
  const ProgramResult result = run_bundle({"--json"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.out.front(), '{');
  EXPECT_THAT(result.out, HasSubstr("\"done\": 3"));
}

TEST_F(RunVerb, AnImageOfAnotherSizeFailsItsFrameUnlessItIsFitted) {
  ASSERT_EQ(run({"scenes", "-o", "other", "--count", "1", "--size", "40x40"}).exit_code, 0);
  const ProgramResult refused = run({"run", "bundle", "--images", "other/images"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, StartsWith("mtmi: 1 of 1 frames failed; the first: "));
  EXPECT_THAT(refused.err, HasSubstr("000000.png: got an image of 40x40, expected 32x64"));
  EXPECT_EQ(refused.out, "");
  EXPECT_EQ(run({"run", "bundle", "--images", "other/images", "--resize", "letterbox"}).exit_code,
            0);
}

TEST_F(RunVerb, ADamagedImageFailsItsFrameAndNoOther) {
  write_text("scenes/images/000001.png", "no image");
  const ProgramResult result = run_bundle({"-o", "results"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("mtmi: 1 of 3 frames failed; the first: "));
  EXPECT_THAT(result.err, HasSubstr("000001.png"));
  EXPECT_THAT(entries(), Contains("results/000002_depth.bin"));
  EXPECT_THAT(entries(), Not(Contains("results/000001_depth.bin")));
  EXPECT_THAT(read_text("results/run.json"), Not(HasSubstr("000001")));
}

TEST_F(RunVerb, ATargetMayLeaveTheDumpsOutAndRunAHeadLessOften) {
  write_text("t.toml",
             "encoder = \"cpu\"\nheads = [\"dla_sim:1\", \"dla_sim:0\"]\n[head.seg]\nevery = 3\n");
  const ProgramResult result = run_bundle({"--target", "t.toml", "--loops", "6", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("\"name\": \"seg\",\n      \"runs\": 2"));
  EXPECT_THAT(result.out, HasSubstr("\"name\": \"depth\",\n      \"runs\": 6"));
}

TEST_F(RunVerb, CtrlCEndsItCleanlyWithWhatIsFinished) {
  const std::string command = "cd '" + folder().string() +
                              "' && timeout --foreground --preserve-status -s INT 2 '" MTMI_PROGRAM
                              "' run bundle --images scenes/images --loops 100000000 -o results "
                              "> out.txt 2> err.txt";
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): coreutils' timeout
  EXPECT_EQ(WEXITSTATUS(status), 130) << read_text("err.txt");
  EXPECT_THAT(read_text("err.txt"), HasSubstr("mtmi: interrupted; what was finished is kept"));
  EXPECT_THAT(read_text("out.txt"), HasSubstr("frames; median period"));
  EXPECT_THAT(entries(), Contains("results/run.json"));
}

TEST_F(RunVerb, ANetworkThatTakesNoImageIsRefusedAtOnce) {
  write_model("tensors.onnx", R"(graph "tensors" {
  input %x: f32[1,2,8,8]
  const %w: f32[4,2,1,1] = random(1)
  const %v: f32[3,4,1,1] = random(2)
  %f = Conv(%x, %w)
  %a = Conv(%f, %v)
  %b = Relu(%f)
  output %a
  output %b
})");
  const ProgramResult deployed =
      run({"deploy", "tensors.onnx", "--images", "scenes/images", "-o", "tensors"});
  ASSERT_EQ(deployed.exit_code, 0) << deployed.err;
  const ProgramResult result = run({"run", "tensors", "--images", "scenes/images"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err,
              HasSubstr("tensors: the network does not take one image, its inputs are 'x' "
                        "f32[1,2,8,8]; `mtmi infer`"));
}

TEST_F(RunVerb, ANetworkThatPassesItsInputOnIsRun) {
  write_model("pass.onnx", R"(graph "pass" { input %x: f32[1,3,32,64] output %x })");
  ASSERT_EQ(run({"deploy", "pass.onnx", "--images", "scenes/images", "-o", "pass"}).exit_code, 0);
  const ProgramResult result = run({"run", "pass", "--images", "scenes/images", "-o", "results"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(entries(), Contains("results/000000_x.npy"));
}

/// Deploys, runs and draws a network of scores for `classes` classes.
std::string argmax_network(int classes) {
  const std::string n = std::to_string(classes);
  return "graph \"g\" { input %x: f32[1,3,32,64] const %w: f32[" + n +
         ",3,1,1] = random(1) %s = Conv(%x, %w) "
         "%labels = ArgMax(%s) {axis = 1, keepdims = 0} output %labels }";
}

TEST_F(RunVerb, ASegmentationThatIsOnlyLabelsIsDrawn) {
  for (const int classes : {5, 300}) {
    write_model("labels.onnx", argmax_network(classes).c_str());
    ASSERT_EQ(run({"deploy", "labels.onnx", "--images", "scenes/images", "-o", "labels"}).exit_code,
              0);
    ASSERT_EQ(run({"run", "labels", "--images", "scenes/images", "-o", "results"}).exit_code, 0);
    EXPECT_THAT(entries(), Contains("results/000000_labels.npy"));
    const ProgramResult drawn =
        run({"visualize", "results", "--images", "scenes/images", "-o", "pictures"});
    EXPECT_EQ(drawn.exit_code, 0) << drawn.err;
  }
}

TEST_F(RunVerb, WhatIsMissingIsNamed) {
  EXPECT_THAT(run({"run", "scenes", "--images", "scenes/images"}).err, HasSubstr("no bundle here"));
  EXPECT_EQ(run({"run", "bundle", "--images", "nowhere"}).exit_code, 1);
  EXPECT_EQ(run_bundle({"--target", "orin9"}).exit_code, 1);
  EXPECT_EQ(run_bundle({"--resize", "squeeze"}).exit_code, 2);
  EXPECT_EQ(run_bundle({"-o", ""}).exit_code, 2);
  EXPECT_EQ(run_bundle({"--trace", "scenes/camera.json/t.json"}).exit_code, 1);
}

}  // namespace
}  // namespace mtmi::cli
