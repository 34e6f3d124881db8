// mtmi check: what it prints, and what it exits with.
#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mtmi::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kAccepted = R"(graph "g" {
  input %x: f32[1,40,8,10]
  const %w: f32[32,40,3,3] = random(1)
  %a = Conv(%x, %w) {pads = [1, 1, 1, 1]} "conv"
  %y = Relu(%a) "relu"
  output %y
})";

constexpr const char* kRefused = R"(graph "g" {
  input %x: f32[batch,32,8,8]
  const %s: f32[4] = [1, 1, 8, 8]
  %a = Relu(%x) "relu"
  %b = Resize(%a, _, %s) {mode = "linear"} "up"
  %y = Tanh(%b) "tanh"
  output %y
})";

class CheckVerb : public ProgramTest {
 protected:
  CheckVerb() {
    write_model("yes.onnx", kAccepted);
    write_model("no.onnx", kRefused);
  }
};

TEST_F(CheckVerb, AcceptsAHeadWholeAndTellsTheBytesOfItsFormats) {
  const ProgramResult result = run({"check", "yes.onnx", "--device", "dla", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["accepted"], 2);
  EXPECT_EQ(report["loadables"], 1);
  EXPECT_EQ(report["fallbacks"], 0);
  EXPECT_THAT(report["refused"], IsEmpty());
  const nlohmann::json& chw32 = report["formats"][2];
  EXPECT_EQ(chw32["tensor"], "x");
  EXPECT_EQ(chw32["layout"], "chw32");
  EXPECT_EQ(chw32["bytes"], 64 * 8 * 10);
  EXPECT_EQ(chw32["line_stride"], 32 * 10);
  EXPECT_EQ(chw32["surface_stride"], 32 * 10 * 8);
}

TEST_F(CheckVerb, NamesTheRefusedNodeWithItsRuleAndWhatWouldHelp) {
  const ProgramResult result =
      run({"check", "no.onnx", "--device", "dla", "--input", "x=1,32,8,8"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_THAT(result.out, HasSubstr("dla.resize.linear_factor"));
  EXPECT_THAT(result.out, HasSubstr("got 8, expected a whole number from 1 to 4"));
  EXPECT_THAT(result.out,
              HasSubstr("repeat and average, which is the same (mtmi simplify --for dla)"));
  EXPECT_THAT(result.out, HasSubstr("2 of 3 nodes accepted"));
  EXPECT_THAT(result.out,
              HasSubstr("as mtmi simplify --for dla writes it: 5 of 5, loadables 1, fallbacks 0"));
  EXPECT_THAT(result.out, HasSubstr("loadables 2, fallbacks 1"));
}

TEST_F(CheckVerb, AReleaseWithoutDlaRefusesEverything) {
  const ProgramResult result =
      run({"check", "yes.onnx", "--device", "dla", "--trt-version", "11.2", "--json"});
  EXPECT_EQ(result.exit_code, 3);
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["accepted"], 0);
  EXPECT_EQ(report["refused"][0]["rule"], "dla.version");
}

TEST_F(CheckVerb, WrongOptionsAreNamed) {
  const ProgramResult device = run({"check", "yes.onnx", "--device", "dlaa"});
  EXPECT_EQ(device.exit_code, 2);
  EXPECT_EQ(device.err, "mtmi check: --device: got 'dlaa', expected dla; see mtmi check --help\n");
  EXPECT_THAT(run({"check", "yes.onnx", "--device", "dla", "--trt-version", "7.1"}).err,
              HasSubstr("--trt-version: TensorRT version: got '7.1', expected 8.5 or later"));
  EXPECT_THAT(run({"check", "yes.onnx", "--device", "dla", "--chip", "orin-nanno"}).err,
              HasSubstr("did you mean orin-nano?"));
  const ProgramResult dynamic = run({"check", "no.onnx", "--device", "dla"});
  EXPECT_EQ(dynamic.exit_code, 1);
  EXPECT_THAT(dynamic.err, HasSubstr("--input x=DIMS"));
}

TEST_F(CheckVerb, AcceptsWhatSimplifyForDlaWrites) {
  const ProgramResult written =
      run({"simplify", "no.onnx", "-o", "dla.onnx", "--input", "x=1,32,8,8", "--for", "dla"});
  EXPECT_EQ(written.exit_code, 0) << written.err;
  const ProgramResult result = run({"check", "dla.onnx", "--device", "dla", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["accepted"], 5);
  EXPECT_FALSE(report.contains("for_dla"));
}

TEST_F(CheckVerb, SaysWhatNoRewriteHelps) {
  write_model("norm.onnx", R"(graph "g" {
    input %x: f32[1,8,4,4]
    const %s: f32[8] = random(1)
    %y = GroupNormalization(%x, %s, %s) {num_groups = 2}
    output %y
  })");
  const ProgramResult result = run({"check", "norm.onnx", "--device", "dla", "--json"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["refused"][0]["rule"], "dla.op.not_supported");
  EXPECT_THAT(report["refused"][0]["suggestion"].get<std::string>(),
              HasSubstr("train with BatchNormalization"));
  EXPECT_EQ(report["for_dla"]["accepted"], 0);
}

}  // namespace
}  // namespace mtmi::cli
