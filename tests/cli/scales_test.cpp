// Scales on the command line: mtmi inspect of their files, mtmi check --scales.
#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mtmi::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kHead = R"(graph "g" {
  input %x: f32[1,8,8,8]
  %a = Relu(%x) "relu"
  %b = LeakyRelu(%x) "leaky"
  %y = Concat(%a, %b) {axis = 1} "cat"
  output %y
})";

/// A table of kHead in which %a has this scale and the others 0.5.
std::string table_with(const std::string& tensor, const std::string& scale_of_a) {
  const auto entry = [](const std::string& scale) {
    return "{\"scale\": " + scale + ", \"amax\": " + std::to_string(127 * std::stod(scale)) +
           ", \"absmax\": 9, \"source\": \"imported\"}";
  };
  return R"({"kind": "mtmi scales", "format": 1, "graph_hash": "", "method": "minmax", "images": 3,
    "tensors": {"x": )" +
         entry("0.5") + ", \"b\": " + entry("0.5") + ", \"y\": " + entry("0.5") + ", \"" + tensor +
         "\": " + entry(scale_of_a) + "}}";
}

class ScalesOnTheCommandLine : public ProgramTest {
 protected:
  ScalesOnTheCommandLine() {
    write_model("head.onnx", kHead);
    write_text("shared.json", table_with("a", "0.5"));
    write_text("apart.json", table_with("a", "0.25"));
    write_text("other.json", table_with("z", "0.5"));
    write_text("head.cache", "TRT-8611-EntropyCalibration2\nx: 3f000000\ninput:0: 3c010204\n");
  }

  [[nodiscard]] ProgramResult check(const std::string& scales, bool json = false) const {
    std::vector<std::string> arguments{"check", "head.onnx", "--device", "dla", "--scales", scales};
    if (json) {
      arguments.emplace_back("--json");
    }
    return run(arguments);
  }
};

TEST_F(ScalesOnTheCommandLine, InspectListsATable) {
  const ProgramResult result = run({"inspect", "apart.json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("scales of mtmi, 4 tensors, minmax over 3 images"));
  EXPECT_THAT(result.out, HasSubstr("3e800000"));
  const nlohmann::json report = nlohmann::json::parse(run({"inspect", "apart.json", "--json"}).out);
  EXPECT_EQ(report["kind"], "scales");
  EXPECT_EQ(report["tensors"][0]["name"], "a");
  EXPECT_EQ(report["tensors"][0]["scale"], 0.25);
}

TEST_F(ScalesOnTheCommandLine, InspectListsACache) {
  const ProgramResult result = run({"inspect", "head.cache"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("calibration cache, 2 tensors, TRT-8611-EntropyCalibration2"));
  EXPECT_THAT(result.out, HasSubstr("input:0"));
  const nlohmann::json report = nlohmann::json::parse(run({"inspect", "head.cache", "--json"}).out);
  EXPECT_EQ(report["header"], "TRT-8611-EntropyCalibration2");
}

TEST_F(ScalesOnTheCommandLine, InspectNamesWhatIsWrong) {
  write_text("bad.cache", "TRT-8611-EntropyCalibration2\nx: bf000000\n");
  EXPECT_THAT(run({"inspect", "bad.cache"}).err,
              HasSubstr("bad.cache: line 2: tensor 'x': got a negative scale"));
  write_text("bad.json", "{}");
  EXPECT_THAT(run({"inspect", "bad.json"}).err, HasSubstr("bad.json: expected an object with"));
}

TEST_F(ScalesOnTheCommandLine, CheckAnswersYesWhereRangesAreShared) {
  const ProgramResult result = check("shared.json", true);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["accepted"], 3);
  EXPECT_EQ(report["simplified"], false);
  EXPECT_THAT(report["rescales"], IsEmpty());
}

TEST_F(ScalesOnTheCommandLine, CheckAnswersYesWithRescaleAndWhere) {
  const ProgramResult result = check("apart.json");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("3 of 3 nodes accepted"));
  EXPECT_THAT(result.out, HasSubstr("1 of them yes, with rescale"));
  const nlohmann::json report = nlohmann::json::parse(check("apart.json", true).out);
  ASSERT_EQ(report["rescales"].size(), 1U);
  EXPECT_EQ(report["rescales"][0],
            nlohmann::json({{"node", "cat"},
                            {"operator", "Concat"},
                            {"rule", "dla.range.concat"},
                            {"tensor", "a"},
                            {"from", 0.25},
                            {"to", 0.5}}));
}

TEST_F(ScalesOnTheCommandLine, CheckRefusesTheTableOfAnotherGraph) {
  const ProgramResult result = check("other.json");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("other.json: graph 'g': the scales belong to another graph"));
  EXPECT_THAT(result.err, HasSubstr("no scale for 1 of its tensors: 'a'"));
  EXPECT_THAT(result.err, HasSubstr("scales for 1 tensors that it has not: 'z'"));
}

TEST_F(ScalesOnTheCommandLine, CheckRefusesTheCacheOfAnotherGraphWhereItsTableStandsBesideIt) {
  write_text("moved.cache",
             "TRT-8611-EntropyCalibration2\na: 3f000000\nb: 3f000000\nx: 3f000000\ny: 3f000000\n");
  EXPECT_EQ(check("moved.cache").exit_code, 0) << "nobody knows whose scales they are";
  std::string table = table_with("a", "0.5");
  const std::string no_hash = "\"graph_hash\": \"\"";
  table.replace(
      table.find(no_hash), no_hash.size(), "\"graph_hash\": \"" + std::string(32, 'a') + "\"");
  write_text("moved.json", table);
  const ProgramResult result = check("moved.cache");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("moved.cache: graph 'g': the scales belong to another graph"));
}

TEST_F(ScalesOnTheCommandLine, CheckTakesACacheInWhichTensorsAreMissing) {
  const ProgramResult result = check("head.cache");
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("0 of them yes, with rescale"));
  EXPECT_THAT(result.err, HasSubstr("head.cache: no scale for 3 of 4 tensors: 'a', 'b', 'y'; "));
  EXPECT_THAT(result.err, HasSubstr("tensors that the model has not, and left out: 'input:0'\n"));
}

TEST_F(ScalesOnTheCommandLine, BuildTakesScalesOfThePartAlone) {
  const ProgramResult other = run(
      {"build", "head.onnx", "--precision", "int8", "--scales", "other.json", "-o", "head.engine"});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("other.json: graph 'g': the scales belong to another graph"));
  const ProgramResult wrong = run({"build", "head.onnx", "--scales", "shared.json", "-o", "e"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--scales goes with --precision int8, not with f32"));
}

TEST_F(ScalesOnTheCommandLine, BuiltWithScalesThePartComputesInTheirSteps) {
  for (const std::string scales : {"shared.json", "apart.json"}) {
    for (const std::string format : {"y=s8:chw32:0.5", "y=s8:chw32"}) {
      const ProgramResult built = run({"build",
                                       "head.onnx",
                                       "--device",
                                       "dla_sim:0",
                                       "--precision",
                                       "int8",
                                       "--scales",
                                       scales,
                                       "--io",
                                       format,
                                       "-o",
                                       "head.engine"});
      EXPECT_EQ(built.exit_code, 0) << built.err;
      const nlohmann::json engine =
          nlohmann::json::parse(run({"inspect", "head.engine", "--json"}).out);
      EXPECT_EQ(engine["precision"], "int8");
      EXPECT_EQ(engine["outputs"][0]["scale"], 0.5) << format;
    }
  }
}

}  // namespace
}  // namespace mtmi::cli
