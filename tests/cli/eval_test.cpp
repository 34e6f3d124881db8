// mtmi eval: what it measures, and what it exits with.
#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mtmi/eval/small_network_for_tests.h"

namespace mtmi::cli {
namespace {

using testing::HasSubstr;

class EvalVerb : public ProgramTest {
 protected:
  EvalVerb() {
    write_model("net.onnx", eval::kSmallNetwork);
    write_text("net.toml", eval::kSmallNetworkCard);
  }

  void make_scenes(const std::string& size = "32x64") {
    ASSERT_EQ(
        run({"scenes", "-o", "scenes", "--count", "4", "--size", size, "--seed", "3000"}).exit_code,
        0);
  }
};

TEST_F(EvalVerb, MeasuresEveryHeadOfAModel) {
  make_scenes();
  const ProgramResult result =
      run({"eval", "net.onnx", "--scenes", "scenes", "--budget", "1", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("--budget: nothing here is in INT8"));
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["scenes"].size(), 4U);
  const auto& heads = json["variants"][0]["heads"];
  ASSERT_EQ(heads.size(), 2U);
  EXPECT_GT(heads[0]["abs_rel"], 0.0);
  EXPECT_LE(heads[0]["delta1"], heads[0]["delta2"]);
  EXPECT_EQ(heads[1]["confusion"].size(), 19U);
  EXPECT_GT(heads[1]["pixel_accuracy"], 0.0);
  EXPECT_LT(heads[1]["miou"], 1.0);
}

TEST_F(EvalVerb, IsTheSameForAnyNumberOfThreads) {
  make_scenes();
  const auto evaluate = [this](const char* threads) {
    return run({"eval", "net.onnx", "--scenes", "scenes", "--json", "--threads", threads}).out;
  };
  EXPECT_EQ(evaluate("1"), evaluate("3"));
}

TEST_F(EvalVerb, ABundleIsHeldAgainstItsNetwork) {
  make_scenes();
  ASSERT_EQ(run({"deploy",
                 "net.onnx",
                 "--input",
                 "image=1,3,32,64",
                 "--images",
                 "scenes/images",
                 "--target",
                 "cpu",
                 "-o",
                 "bundle"})
                .exit_code,
            0);
  const ProgramResult result = run({"eval", "bundle", "--scenes", "scenes"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("float32"));
  EXPECT_THAT(result.out, HasSubstr("bundle"));
  EXPECT_THAT(result.err, HasSubstr("4 scenes only"));
}

TEST_F(EvalVerb, TheGateNamesHeadFigureAndTheGuilty) {
  make_scenes();
  const ProgramResult result = run({"eval",
                                    "net.onnx",
                                    "--scenes",
                                    "scenes",
                                    "--images",
                                    "scenes/images",
                                    "--variants",
                                    "int8-minmax/1",
                                    "--miou-limit",
                                    "0",
                                    "--abs-rel-limit",
                                    "0",
                                    "--abs-rel-floor",
                                    "0"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_THAT(result.out, HasSubstr("of 'int8-minmax/1': "));
  // What the gate says no to is marked, noise or not.
  EXPECT_THAT(result.out, HasSubstr(" over the limit"));
  EXPECT_THAT(result.out, HasSubstr("the limit is 0.0"));
  EXPECT_THAT(result.out, HasSubstr("; most guilty: '"));
  EXPECT_THAT(result.out, HasSubstr("gain without"));
}

TEST_F(EvalVerb, AllVariantsAreMeasured) {
  make_scenes();
  const ProgramResult result = run({"eval",
                                    "net.onnx",
                                    "--scenes",
                                    "scenes",
                                    "--images",
                                    "scenes/images",
                                    "--variants",
                                    "all",
                                    "--json",
                                    "--budget",
                                    "2"});
  const auto json = nlohmann::json::parse(result.out);
  EXPECT_EQ(json["variants"].size(), 14U);
  ASSERT_EQ(json["budgets"].size(), 2U);
  EXPECT_GE(json["budgets"][0]["rows"].size(), 2U);
}

TEST_F(EvalVerb, DeployAsksTheSameGate) {
  make_scenes();
  const ProgramResult result = run({"deploy",
                                    "net.onnx",
                                    "--input",
                                    "image=1,3,32,64",
                                    "--images",
                                    "scenes/images",
                                    "--scenes",
                                    "scenes",
                                    "-o",
                                    "bundle"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("seg mIoU"));
}

TEST_F(EvalVerb, DeployKeepsTheMostGuiltyTensorsInHalves) {
  make_scenes();
  const ProgramResult result = run({"deploy",
                                    "net.onnx",
                                    "--input",
                                    "image=1,3,32,64",
                                    "--images",
                                    "scenes/images",
                                    "--scenes",
                                    "scenes",
                                    "--target",
                                    "host",
                                    "--keep-float",
                                    "1",
                                    "--keep-float-time",
                                    "100",
                                    "-o",
                                    "bundle"});
  EXPECT_THAT(result.err, HasSubstr("stays in FP16"));
  EXPECT_THAT(result.out, HasSubstr("bundle"));
  EXPECT_EQ(run({"deploy",
                 "net.onnx",
                 "--images",
                 "scenes/images",
                 "--scenes",
                 "scenes",
                 "--keep-float",
                 "some",
                 "-o",
                 "bundle"})
                .exit_code,
            2);
}

TEST_F(EvalVerb, TheWorstScenesAreDrawn) {
  make_scenes();
  EXPECT_EQ(run({"eval", "net.onnx", "--scenes", "scenes", "--pictures", "pictures"}).exit_code, 0);
  EXPECT_THAT(entries(), testing::Contains("pictures/seg-worst-1.png"));
  EXPECT_THAT(entries(), testing::Contains("pictures/depth-worst-4.png"));
}

TEST_F(EvalVerb, VariantsAreHeldAgainstFloat) {
  make_scenes();
  const ProgramResult result =
      run({"eval", "net.onnx", "--scenes", "scenes", "--variants", "f32@cpu", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const auto json = nlohmann::json::parse(result.out);
  ASSERT_EQ(json["variants"].size(), 2U);
  EXPECT_EQ(json["variants"][1]["heads"][0]["loss"]["passed"], true);
  EXPECT_EQ(run({"eval", "net.onnx", "--scenes", "scenes", "--variants", "int4"}).exit_code, 2);
  EXPECT_THAT(run({"eval", "net.onnx", "--scenes", "scenes", "--variants", "int8@cpu"}).err,
              HasSubstr("needs images to calibrate on: give --images"));
}

TEST_F(EvalVerb, MissingFilesAreNamed) {
  EXPECT_THAT(run({"eval", "net.onnx", "--scenes", "scenes"}).err, HasSubstr("scenes/camera.json"));
  make_scenes();
  std::filesystem::remove(folder() / "scenes" / "labels" / "000002.png");
  const ProgramResult result = run({"eval", "net.onnx", "--scenes", "scenes"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("labels/000002.png: no such file"));
}

TEST_F(EvalVerb, ScenesOfAnotherSizeAreRefused) {
  make_scenes("16x64");
  const ProgramResult result =
      run({"eval", "net.onnx", "--scenes", "scenes", "--input", "image=1,3,32,64"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("got an image of 16x64, expected 32x64 as input 'image'"));
}

}  // namespace
}  // namespace mtmi::cli
