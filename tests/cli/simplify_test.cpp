// mtmi simplify: what it writes, what it prints, and what it refuses.
#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mtmi/onnx/reader.h"

namespace mtmi::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

/// What a module did nothing with, a BatchNormalization, and a shape that depends on the input's.
constexpr const char* kDynamic = R"(graph "g" {
  input %x: f32[batch,3,8,8]
  const %w: f32[4,3,3,3] = random(1)
  const %scale: f32[4] = random(2, 0.5, 1.5)
  const %shift: f32[4] = random(3)
  const %zero: s64[1] = [0]
  const %one: s64[1] = [1]
  const %rest: s64[1] = [-1]
  %a = Identity(%x)
  %b = Conv(%a, %w) {pads = [1, 1, 1, 1]}
  %c = BatchNormalization(%b, %scale, %shift, %shift, %scale)
  %d = Relu(%c)
  %s = Shape(%x)
  %n = Slice(%s, %zero, %one)
  %t = Concat(%n, %rest) {axis = 0}
  %y = Reshape(%d, %t)
  output %y
})";

class SimplifyVerb : public ProgramTest {
 protected:
  SimplifyVerb() { write_model("net.onnx", kDynamic); }
};

TEST_F(SimplifyVerb, WritesAFileThatComputesTheSame) {
  const ProgramResult result =
      run({"simplify", "net.onnx", "-o", "small.onnx", "--input", "x=2,3,8,8"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("BatchNormalization       1      0"));
  EXPECT_THAT(result.out, HasSubstr("nodes                    8      3"));
  EXPECT_THAT(result.out, HasSubstr("largest difference"));
  const onnx::OnnxModel written = onnx::read_model(folder() / "small.onnx");
  EXPECT_EQ(written.opset, 17);
  EXPECT_EQ(written.operators,
            (std::map<std::string, int>{{"Conv", 1}, {"Relu", 1}, {"Reshape", 1}}));
}

TEST_F(SimplifyVerb, AnswersInJson) {
  const ProgramResult result = run({"simplify",
                                    "net.onnx",
                                    "-o",
                                    "small.onnx",
                                    "--input",
                                    "x=1,3,8,8",
                                    "--opset",
                                    "13",
                                    "--for",
                                    "cpu",
                                    "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["opset"], 13);
  EXPECT_EQ(report["nodes_before"], 8);
  EXPECT_EQ(report["nodes_after"], 3);
  EXPECT_EQ(report["agrees"], true);
  EXPECT_EQ(report["outputs"][0]["name"], "y");
}

TEST_F(SimplifyVerb, ADynamicInputLeftOpenIsNamed) {
  const ProgramResult result = run({"simplify", "net.onnx", "-o", "small.onnx"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_EQ(result.err,
            "mtmi: net.onnx: input 'x' has the dynamic shape [batch,3,8,8]; give its sizes with "
            "--input x=DIMS (--shape where --input takes tensors)\n");
  EXPECT_FALSE(std::filesystem::exists(folder() / "small.onnx"));
}

TEST_F(SimplifyVerb, AnUnknownDeviceIsRefused) {
  const ProgramResult result =
      run({"simplify", "net.onnx", "-o", "small.onnx", "--input", "x=1,3,8,8", "--for", "tpu"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--for: got 'tpu', expected cpu, cuda or dla"));
}

/// A linear Resize by 8, which a DLA does not have.
constexpr const char* kEnlarging = R"(graph "g" {
  input %x: f32[1,4,6,5]
  const %s: f32[4] = [1, 1, 8, 8]
  %a = Relu(%x)
  %y = Resize(%a, _, %s) {mode = "linear"}
  output %y
})";

TEST_F(SimplifyVerb, ForADlaALargeResizeIsWrittenExactly) {
  write_model("up.onnx", kEnlarging);
  const ProgramResult result =
      run({"simplify", "up.onnx", "-o", "dla.onnx", "--for", "dla", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["operators_after"]["AveragePool"], 2);
  EXPECT_EQ(report["agrees"], true);
  EXPECT_THAT(report["approximations"], IsEmpty());
  EXPECT_LT(report["outputs"][0]["relative_difference"], 1e-6);
}

TEST_F(SimplifyVerb, AnApproximationIsWrittenWithItsDifference) {
  write_model("up.onnx", kEnlarging);
  const ProgramResult result =
      run({"simplify", "up.onnx", "-o", "dla.onnx", "--for", "dla", "--approximate", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["operators_after"]["Resize"], 2);
  EXPECT_EQ(report["agrees"], false);
  EXPECT_EQ(report["approximations"][0], "chain_linear_resizes");
  EXPECT_GT(report["outputs"][0]["relative_difference"], 1e-3);
  EXPECT_LT(report["outputs"][0]["relative_difference"], 0.2);
  EXPECT_TRUE(std::filesystem::exists(folder() / "dla.onnx"));
  const ProgramResult again =
      run({"simplify", "up.onnx", "-o", "dla.onnx", "--for", "dla", "--approximate"});
  EXPECT_THAT(again.out, HasSubstr("approximate: "));
}

TEST_F(SimplifyVerb, TheModelCardGoesWithTheResult) {
  write_text("net.toml", "[output.y]\ntask = \"raw\"\n");
  const std::vector<std::string> call{
      "simplify", "net.onnx", "-o", "small.onnx", "--input", "x=1,3,8,8"};
  const ProgramResult first = run(call);
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("small.toml: the network's model card"));
  EXPECT_EQ(read_text("small.toml"), read_text("net.toml"));
  write_text("small.toml", "# mine\n");
  const ProgramResult second = run(call);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_THAT(second.err, HasSubstr("small.toml: is not the network's model card, and is left"));
  EXPECT_EQ(read_text("small.toml"), "# mine\n");
}

TEST_F(SimplifyVerb, AFullDiskLeavesNoFile) {
  const ProgramResult result = run_with_file_limit(
      100, {"simplify", "net.onnx", "-o", "small.onnx", "--input", "x=1,3,8,8"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(entries(), std::vector<std::string>{"net.onnx"});
}

}  // namespace
}  // namespace mtmi::cli
