// The path from a model to pictures, verb by verb.
#include <regex>

#include "program.h"
#include <gmock/gmock.h>

#include "mtmi/core/agreement.h"
#include "mtmi/core/npy.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"

namespace mtmi::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

// An encoder of two features, a segmentation and a depth head.
constexpr const char* kNetwork = R"(graph "two_tasks" {
  input %image: f32[1,3,32,64]
  const %w1: f32[8,3,3,3] = random(1)
  const %w2: f32[16,8,3,3] = random(2)
  const %ws: f32[5,8,1,1] = random(3)
  const %wd: f32[1,16,1,1] = random(4)
  const %up4: f32[4] = [1, 1, 4, 4]
  const %up8: f32[4] = [1, 1, 8, 8]
  const %one: f32[] = [1]
  const %tenth: f32[] = [0.1]
  const %range: f32[] = [80]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f1 = Relu(%a)
  %b = Conv(%f1, %w2) {strides = [2, 2], pads = [1, 1, 1, 1]}
  %f2 = Relu(%b)
  %s = Conv(%f1, %ws)
  %scores = Resize(%s, _, %up4) {mode = "linear"}
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %d = Conv(%f2, %wd)
  %t = Mul(%d, %tenth)
  %e = Sigmoid(%t)
  %near = Resize(%e, _, %up8) {mode = "linear"}
  %far = Sub(%one, %near)
  %depth = Mul(%far, %range)
  output %seg
  output %depth
})";

class PipelineVerbs : public ProgramTest {
 protected:
  PipelineVerbs() { write_model("net.onnx", kNetwork); }

  void make_scenes() {
    ASSERT_EQ(run({"scenes", "-o", "scenes", "--count", "2", "--size", "32x64"}).exit_code, 0);
  }
};

TEST_F(PipelineVerbs, ModelWritesTheNetworkAndItsCard) {
  const ProgramResult result = run({"model", "--size", "32x64", "-o", "b0.onnx"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(entries(), Contains("b0.onnx"));
  EXPECT_THAT(read_text("b0.toml"), HasSubstr("classes = \"cityscapes\""));
  EXPECT_EQ(run({"model", "--size", "33x64", "-o", "odd.onnx"}).err,
            "mtmi: size: got 33x64, expected multiples of 32\n");
}

TEST_F(PipelineVerbs, ScenesAreTheSameForEveryNumberOfThreads) {
  ASSERT_EQ(
      run({"scenes", "-o", "a", "--count", "2", "--size", "32x64", "--threads", "1"}).exit_code, 0);
  ASSERT_EQ(
      run({"scenes", "-o", "b", "--count", "2", "--size", "32x64", "--threads", "2"}).exit_code, 0);
  EXPECT_EQ(read_text("a/images/000001.png"), read_text("b/images/000001.png"));
  EXPECT_EQ(read_text("a/depth/000001.png"), read_text("b/depth/000001.png"));
}

TEST_F(PipelineVerbs, SimplifyKeepsTheOutputs) {
  ASSERT_EQ(run({"simplify", "net.onnx", "-o", "slim.onnx"}).exit_code, 0);
  const ProgramResult result = run({"compare", "net.onnx", "slim.onnx", "--tolerance", "1e-5"});
  EXPECT_EQ(result.exit_code, 0) << result.out << result.err;
}

TEST_F(PipelineVerbs, SplitWritesPartsThatEqualTheWhole) {
  const ProgramResult result = run({"split", "net.onnx", "-o", "parts"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("depth: equal to the bit"));
  for (const char* part : {"encoder", "seg", "seg_tail", "depth", "depth_tail"}) {
    EXPECT_THAT(entries(), Contains("parts/" + std::string(part) + ".onnx"));
  }
  const std::string json = read_text("parts/split.json");
  EXPECT_THAT(json, HasSubstr("\"hand_off_bytes\": 4096"));
  EXPECT_THAT(json, HasSubstr("\"bit_equal\": true"));
}

TEST_F(PipelineVerbs, CutThatDoesNotCloseWritesNothing) {
  const std::vector<std::string> before = entries();
  const ProgramResult result = run({"split", "net.onnx", "--cut", "f2", "-o", "parts"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("goes around it"));
  EXPECT_EQ(entries(), before);
}

TEST_F(PipelineVerbs, SplitOfOneHeadNamesTheFileAndWritesNothing) {
  write_model("top.onnx", R"(graph "top" {
    input %x: f32[1,4,8]
    const %k: s64[1] = [3]
    %m = Softmax(%x)
    %v, %i = TopK(%m, %k)
    output %v
    output %i
  })");
  const std::vector<std::string> before = entries();
  const ProgramResult result = run({"split", "top.onnx", "-o", "parts"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err,
            "mtmi: top.onnx: there is nothing to split: its outputs are those of one head; name "
            "tensors with --cut to split it anyway\n");
  EXPECT_EQ(entries(), before);
  EXPECT_EQ(run({"split", "top.onnx", "--cut", "m", "-o", "parts"}).exit_code, 0);
}

TEST_F(PipelineVerbs, SplitCutsAboveANodeThatMakesAllResults) {
  write_model("halves.onnx", R"(graph "halves" {
    input %x: f32[1,3,8,8]
    const %w: f32[7,3,1,1] = random(1)
    const %sizes: s64[2] = [3, 4]
    %s = Conv(%x, %w)
    %a, %b = Split(%s, %sizes) {axis = 1}
    output %a
    output %b
  })");
  const ProgramResult result = run({"split", "halves.onnx", "-o", "parts"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("b: equal to the bit"));
  for (const char* part : {"encoder", "a", "b"}) {
    EXPECT_THAT(entries(), Contains("parts/" + std::string(part) + ".onnx"));
  }
}

TEST_F(PipelineVerbs, InspectCountsMultiplyAccumulates) {
  const ProgramResult result = run({"inspect", "net.onnx", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  // 8*3*9*8*16 + 16*8*9*4*8 + 5*8*8*16 + 16*4*8
  EXPECT_THAT(result.out, HasSubstr("\"macs\": 70144"));
}

TEST_F(PipelineVerbs, DynamicSizesAreShownAndWantedByName) {
  Graph graph = parse_text(R"(graph "g" { input %x: f32[n,3,?,?] %y = Relu(%x) output %y })");
  onnx::write_model(graph, folder() / "dynamic.onnx");
  const ProgramResult shown = run({"inspect", "dynamic.onnx"});
  EXPECT_EQ(shown.exit_code, 0) << shown.err;
  EXPECT_THAT(shown.out, HasSubstr("x: f32[n,3,?,?]"));
  const ProgramResult refused = run({"simplify", "dynamic.onnx", "-o", "out.onnx"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("input 'x' has the dynamic shape [n,3,?,?]"));
  EXPECT_EQ(run({"simplify", "dynamic.onnx", "-o", "out.onnx", "--input", "x=1,3,4,4"}).exit_code,
            0);
}

TEST_F(PipelineVerbs, DeployMakesABundleThatKnowsItsFiles) {
  make_scenes();
  const ProgramResult result =
      run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("seg: "));
  EXPECT_THAT(result.out, HasSubstr("agreement, not accuracy"));
  EXPECT_THAT(result.out, HasSubstr("not Orin silicon"));
  EXPECT_EQ(run({"inspect", "bundle"}).exit_code, 0);

  std::string engine;
  for (const std::string& entry : entries()) {
    engine = entry.find("engines/depth-") != std::string::npos ? entry : engine;
  }
  write_text(engine, "no engine");
  const ProgramResult damaged = run({"inspect", "bundle"});
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_THAT(damaged.err, HasSubstr(engine + ": not what the bundle was made with"));
}

TEST_F(PipelineVerbs, BundleGivesWhatTheModelGives) {
  make_scenes();
  ASSERT_EQ(
      run({"deploy", "net.onnx", "--images", "scenes/images", "--target", "cpu", "-o", "bundle"})
          .exit_code,
      0);
  for (const char* model : {"net.onnx", "bundle"}) {
    const ProgramResult result = run({"infer",
                                      model,
                                      "--input",
                                      "image=scenes/images/000000.png",
                                      "-o",
                                      std::string("out_") + model});
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  const Agreement depth = compare(read_npy(folder() / "out_net.onnx/depth.npy"),
                                  read_npy(folder() / "out_bundle/depth.npy"));
  EXPECT_TRUE(agrees(depth, DType::Float32, 1e-5)) << describe(depth, DType::Float32);
  EXPECT_TRUE(bitwise_equal(read_npy(folder() / "out_net.onnx/seg.npy"),
                            read_npy(folder() / "out_bundle/seg.npy")));
  const ProgramResult compared = run({"compare", "net.onnx", "bundle"});
  EXPECT_EQ(compared.exit_code, 0) << compared.out << compared.err;
  const ProgramResult layers = run({"compare", "net.onnx", "bundle", "--layers"});
  EXPECT_EQ(layers.exit_code, 1);
  EXPECT_THAT(layers.err, HasSubstr("bundle is a bundle: --layers wants ONNX files"));
}

TEST_F(PipelineVerbs, BenchOfABundleEndsInThePeriod) {
  make_scenes();
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"}).exit_code, 0);
  const ProgramResult result = run({"bench", "bundle", "--runs", "3"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("one frame at a time"));
  EXPECT_GT(std::stod(result.out.substr(result.out.find_last_of(' ') + 1)), 0.0);
}

TEST_F(PipelineVerbs, ReportIsOnePageAboutABundle) {
  make_scenes();
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"}).exit_code, 0);
  const ProgramResult result = run(
      {"report", "bundle", "-o", "report.html", "--frames", "3", "--pictures", "scenes/images"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::string html = read_text("report.html");
  EXPECT_THAT(html, HasSubstr(">Timeline</h2>"));
  EXPECT_THAT(html, HasSubstr("data:image/png;base64,iVBOR"));
  EXPECT_THAT(html, HasSubstr("engines/<wbr>depth-"));

  write_text("trace.json", "no trace");
  const ProgramResult refused =
      run({"report", "bundle", "-o", "other.html", "--trace", "trace.json"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("trace.json: is no trace of a run"));
  EXPECT_FALSE(std::filesystem::exists(folder() / "other.html"));
}

TEST_F(PipelineVerbs, AHeadMayGiveResultsBesideItsTail) {
  make_scenes();
  write_model("boxes.onnx", R"(graph "net" {
    input %image: f32[1,3,32,64]
    const %w1: f32[8,3,3,3] = random(1)
    const %w2: f32[8,8,3,3] = random(2)
    const %ws: f32[5,8,1,1] = random(3)
    const %wd: f32[1,8,1,1] = random(4)
    const %wb: f32[4,8,1,1] = random(5)
    const %range: f32[] = [80]
    %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
    %f = Relu(%a)
    %scores = Conv(%f, %ws)
    %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
    %n = Conv(%f, %w2) {pads = [1, 1, 1, 1]}
    %neck = Relu(%n)
    %d = Conv(%neck, %wd)
    %near = Sigmoid(%d)
    %depth = Mul(%near, %range)
    %boxes = Conv(%neck, %wb)
    output %seg
    output %depth
    output %boxes
  })");
  ASSERT_EQ(run({"deploy", "boxes.onnx", "--images", "scenes/images", "-o", "bundle"}).exit_code,
            0);
  const ProgramResult result =
      run({"run", "bundle", "--images", "scenes/images", "-o", "results", "--serial"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(entries(), Contains("results/000000_boxes.npy"));
  EXPECT_EQ(run({"report", "bundle", "-o", "r.html"}).exit_code, 0);
  // In float all of it is the network's, to the bit.
  ASSERT_EQ(run({"deploy",
                 "boxes.onnx",
                 "--images",
                 "scenes/images",
                 "--target",
                 "cpu",
                 "-o",
                 "in_float"})
                .exit_code,
            0);
  EXPECT_EQ(run({"compare", "boxes.onnx", "in_float"}).exit_code, 0);
}

TEST_F(PipelineVerbs, ThePageTellsWhatTheTerminalTold) {
  make_scenes();
  const ProgramResult deployed =
      run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"});
  ASSERT_EQ(deployed.exit_code, 0) << deployed.err;
  const ProgramResult ran =
      run({"run", "bundle", "--images", "scenes/images", "--loops", "9", "--trace", "trace.json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  ASSERT_EQ(run({"report", "bundle", "-o", "report.html", "--trace", "trace.json"}).exit_code, 0);
  const std::string html = read_text("report.html");
  EXPECT_THAT(ran.out, HasSubstr("not Orin silicon"));
  EXPECT_THAT(html,
              HasSubstr("dla_sim:0, dla_sim:1: simulated, a model built from public "
                        "arithmetic and rules, not Orin silicon.</p>"));
  std::smatch period;
  const std::regex of_run("median period ([0-9.]+ ms), ([0-9.]+) frames/s");
  ASSERT_TRUE(std::regex_search(ran.out, period, of_run)) << ran.out;
  EXPECT_THAT(html, HasSubstr("<b>" + period.str(1) + "</b><span>median period</span>"));
  EXPECT_THAT(html, HasSubstr("<b>" + period.str(2) + "</b><span>frames a second</span>"));
  std::smatch handed_over;
  const std::regex of_deploy("([0-9.]+ [KM]iB) handed over per frame");
  ASSERT_TRUE(std::regex_search(deployed.out, handed_over, of_deploy)) << deployed.out;
  EXPECT_THAT(html, HasSubstr("<b>" + handed_over.str(1) + "</b>"));
  std::smatch labels;
  const std::regex of_agreement("seg: ([0-9.]+ %) of the labels");
  ASSERT_TRUE(std::regex_search(deployed.out, labels, of_agreement)) << deployed.out;
  EXPECT_THAT(html, HasSubstr(">" + labels.str(1) + "</td>"));
}

TEST_F(PipelineVerbs, ThePageRefusesWhatIsOfAnotherNetwork) {
  make_scenes();
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"}).exit_code, 0);
  ASSERT_EQ(run({"run", "bundle", "--images", "scenes/images", "--trace", "t.json"}).exit_code, 0);
  const std::string trace = read_text("t.json");
  const std::string key = "\"network_hash\":\"";
  const auto hash = trace.find(key);
  ASSERT_NE(hash, std::string::npos);
  EXPECT_EQ(run({"report", "bundle", "-o", "r.html", "--trace", "t.json"}).exit_code, 0);
  write_text("other.json", std::string(trace).replace(hash + key.size(), 4, "none"));
  const ProgramResult traced = run({"report", "bundle", "-o", "no.html", "--trace", "other.json"});
  EXPECT_EQ(traced.exit_code, 2);
  EXPECT_THAT(traced.err, HasSubstr("other.json: is of another network"));
  write_text("e.json", R"({"variants": [{"heads": [{"output": "boxes"}]}]})");
  const ProgramResult judged = run({"report", "bundle", "-o", "no.html", "--eval", "e.json"});
  EXPECT_EQ(judged.exit_code, 2);
  EXPECT_THAT(judged.err, HasSubstr("e.json: is of another network"));
  EXPECT_THAT(entries(), Not(Contains("no.html")));
}

TEST_F(PipelineVerbs, TheSameModelGivesTheSameBundle) {
  make_scenes();
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "a"}).exit_code, 0);
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "b", "--threads", "1"})
                .exit_code,
            0);
  EXPECT_EQ(read_text("a/manifest.json"), read_text("b/manifest.json"));
}

TEST_F(PipelineVerbs, RunOfInt8HeadsLeavesScoresInStepsAndDepthInFloats) {
  make_scenes();
  write_text("net.toml", "[output.depth]\ntask = \"depth\"\n");
  ASSERT_EQ(run({"deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle"}).exit_code, 0);
  const ProgramResult result = run({"run", "bundle", "--images", "scenes/images", "-o", "results"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("dla_sim:0, dla_sim:1: simulated"));
  EXPECT_EQ(read_text("results/000000_seg.bin").size(), 5U * 32 * 64);
  EXPECT_EQ(read_text("results/000000_depth.bin").size(), sizeof(float) * 32 * 64);
  EXPECT_EQ(run({"visualize", "results", "--images", "scenes/images", "-o", "pictures"}).exit_code,
            0);
  EXPECT_THAT(entries(), Contains("pictures/000001.png"));
}

TEST_F(PipelineVerbs, ALimitThatIsNotKeptIsAnswerNo) {
  make_scenes();
  const std::vector<std::string> call{
      "deploy", "net.onnx", "--images", "scenes/images", "-o", "bundle", "--limit"};
  const auto with = [&call](const char* limit) {
    std::vector<std::string> arguments = call;
    arguments.emplace_back(limit);
    return arguments;
  };
  const ProgramResult refused = run(with("sqnr=200"));
  EXPECT_EQ(refused.exit_code, 3);
  EXPECT_THAT(refused.err, HasSubstr("expected at least 200; the bundle is not written"));
  EXPECT_THAT(entries(), Not(Contains("bundle/manifest.json")));
  EXPECT_EQ(run(with("sqnr=1")).exit_code, 0);
  EXPECT_EQ(run(with("sqnr")).exit_code, 2);
  EXPECT_EQ(run(with("speed=1")).exit_code, 2);
}

TEST_F(PipelineVerbs, DeployRefusesATargetForOtherHeads) {
  make_scenes();
  write_text("t.toml", "encoder = \"cpu\"\nheads = [\"cpu\"]\n[head.boxes]\nevery = 2\n");
  const ProgramResult result =
      run({"deploy", "net.onnx", "--images", "scenes/images", "--target", "t.toml", "-o", "b"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("speaks of head 'boxes'; the network's heads are: seg depth"));
}

TEST_F(PipelineVerbs, EmptyFolderOfImagesIsNamed) {
  std::filesystem::create_directory(folder() / "empty");
  const ProgramResult result = run({"deploy", "net.onnx", "--images", "empty", "-o", "b"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("empty"));
  EXPECT_THAT(entries(), Not(Contains("b")));
}

TEST_F(PipelineVerbs, DeployThatFailsAtOnceLeavesNoFolder) {
  make_scenes();
  const ProgramResult result = run({"deploy", "none.onnx", "--images", "scenes/images", "-o", "b"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("none.onnx: cannot open"));
  EXPECT_THAT(entries(), Not(Contains("b")));
}

TEST_F(PipelineVerbs, VisualizeWantsTheResultsOfARun) {
  make_scenes();
  const ProgramResult result =
      run({"visualize", "scenes", "--images", "scenes/images", "-o", "pictures"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("there is no run.json"));
}

}  // namespace
}  // namespace mtmi::cli
