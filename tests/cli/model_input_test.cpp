// Models and tensors that users bring, good and bad: infer, compare, bench, build.
#include <array>
#include <chrono>
#include <cstdlib>

#include "program.h"
#include <gmock/gmock.h>

#include "mtmi/core/npy.h"

namespace mtmi::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kNetwork = R"(graph "g" {
  input %x: f32[1,3,8,8]
  const %w: f32[4,3,3,3] = random(1)
  %a = Conv(%x, %w) {pads = [1, 1, 1, 1]} "conv1"
  %y = Relu(%a)
  output %y
})";

class ModelInput : public ProgramTest {
 protected:
  ModelInput() {
    write_model("net.onnx", kNetwork);
    write_npy(folder() / "x.npy", Tensor(DType::Float32, Shape{1, 3, 8, 8}));
  }

  /// The one sentence of a run that must fail and leave nothing behind.
  std::string failure(const std::vector<std::string>& arguments) {
    const std::vector<std::string> before = entries();
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 1) << result.err;
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(entries(), before);
    return result.err;
  }
};

TEST_F(ModelInput, InferWritesEveryOutput) {
  const ProgramResult result = run({"infer", "net.onnx", "--input", "x=x.npy", "-o", "out"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out, "out/y.npy: f32[1,4,8,8]\n");
  EXPECT_EQ(read_npy(folder() / "out/y.npy").shape(), (Shape{1, 4, 8, 8}));
}

TEST_F(ModelInput, TruncatedFileIsRefused) {
  const std::string whole = read_text("net.onnx");
  for (const std::size_t length : {whole.size() / 4, whole.size() / 2, whole.size() - 1}) {
    write_text("cut.onnx", whole.substr(0, length));
    EXPECT_THAT(failure({"infer", "cut.onnx", "--input", "x=x.npy", "-o", "out"}),
                HasSubstr("mtmi: cut.onnx: "));
  }
}

TEST_F(ModelInput, TextFileIsRefused) {
  write_text("notes.onnx", "dear diary\n");
  EXPECT_THAT(failure({"bench", "notes.onnx"}), HasSubstr("notes.onnx: not an ONNX file"));
}

TEST_F(ModelInput, WrongInputNameShapeAndTypeAreNamed) {
  write_npy(folder() / "small.npy", Tensor(DType::Float32, Shape{1, 3, 8, 4}));
  write_npy(folder() / "ints.npy", Tensor(DType::Int64, Shape{1, 3, 8, 8}));
  EXPECT_EQ(failure({"infer", "net.onnx", "--input", "z=x.npy", "-o", "out"}),
            "mtmi: there is no input 'z': the inputs are x\n");
  EXPECT_EQ(failure({"infer", "net.onnx", "--input", "x=small.npy", "-o", "out"}),
            "mtmi: input 'x': got [1,3,8,4], expected [1,3,8,8]\n");
  EXPECT_EQ(failure({"infer", "net.onnx", "--input", "x=ints.npy", "-o", "out"}),
            "mtmi: input 'x': got s64, expected f32\n");
  EXPECT_THAT(failure({"infer", "net.onnx", "--input", "x=none.npy", "-o", "out"}),
              HasSubstr("none.npy: cannot open"));
}

TEST_F(ModelInput, DamagedImageIsNamed) {
  write_text("bad.png", "\x89PNG\r\n\x1a\n and then nothing that fits");
  EXPECT_THAT(failure({"infer", "net.onnx", "--input", "x=bad.png", "-o", "out"}),
              HasSubstr("bad.png: damaged PNG"));
}

TEST_F(ModelInput, OutputBelowAFileIsRefused) {
  EXPECT_THAT(failure({"infer", "net.onnx", "--input", "x=x.npy", "-o", "x.npy/out"}),
              HasSubstr("x.npy/out: cannot write: x.npy is not a folder"));
}

TEST_F(ModelInput, FullDiskLeavesNothingBehind) {
  const std::vector<std::string> before = entries();
  const ProgramResult result = run_with_file_limit(512, {"build", "net.onnx", "-o", "net.engine"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("net.engine: cannot write: File too large"));
  EXPECT_EQ(entries(), before);
}

TEST_F(ModelInput, MemoryIsCheckedBeforeItIsTaken) {
  write_model("huge.onnx", R"(graph "g" {
    input %x: f32[1,64,20000,20000]
    %y = Relu(%x)
    output %y
  })");
  EXPECT_THAT(failure({"bench", "huge.onnx", "--max-memory", "1GiB"}),
              HasSubstr("raise --max-memory"));
}

TEST_F(ModelInput, UnknownOperatorIsNamedWithItsNode) {
  std::string bytes = read_text("net.onnx");
  const std::size_t at = bytes.find("Relu");
  ASSERT_NE(at, std::string::npos);
  bytes.replace(at, 4, "Rela");
  write_text("odd.onnx", bytes);
  EXPECT_THAT(failure({"bench", "odd.onnx"}), HasSubstr("odd.onnx: node"));
  EXPECT_THAT(failure({"bench", "odd.onnx"}), HasSubstr("(Rela)"));
}

TEST_F(ModelInput, EngineRunsAndEveryDamageIsFoundOrHarmless) {
  ASSERT_EQ(run({"build", "net.onnx", "-o", "net.engine"}).exit_code, 0);
  const ProgramResult same = run({"compare", "net.onnx", "net.engine"});
  EXPECT_EQ(same.exit_code, 0) << same.err;
  const std::string engine = read_text("net.engine");
  for (std::size_t at = 0; at < engine.size(); at += 211) {
    std::string damaged = engine;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    write_text("bad.engine", damaged);
    const ProgramResult result = run({"compare", "net.onnx", "bad.engine"});
    EXPECT_TRUE(result.exit_code == 0 || result.exit_code == 1)
        << "byte " << at << ": " << result.exit_code << result.err;
  }
}

TEST_F(ModelInput, CompareAnswersNoWithExitCode3) {
  write_model("other.onnx", R"(graph "g" {
    input %x: f32[1,3,8,8]
    const %w: f32[4,3,3,3] = random(2)
    %a = Conv(%x, %w) {pads = [1, 1, 1, 1]}
    %y = Relu(%a)
    output %y
  })");
  const ProgramResult result = run({"compare", "net.onnx", "other.onnx", "--layers"});
  EXPECT_EQ(result.exit_code, 3) << result.err;
  EXPECT_THAT(result.out, HasSubstr("They part at 'a'"));
  EXPECT_EQ(run({"compare", "net.onnx", "net.onnx"}).exit_code, 0);
}

/// Labels of 64x64 pixels out of two classes, the scores of which are x and `second` times x.
std::string labels_network(const char* second) {
  return std::string(R"(graph "g" {
    input %x: f32[1,1,64,64]
    const %w: f32[2,1,1,1] = [1, )") +
         second + R"(]
    %scores = Conv(%x, %w)
    %labels = ArgMax(%scores) {axis = 1, keepdims = 0}
    output %labels
  })";
}

TEST_F(ModelInput, CompareAcceptsLabelsThatDifferWhereScoresTie) {
  write_model("a.onnx", labels_network("1").c_str());
  write_model("tie.onnx", labels_network("1.00001").c_str());
  write_model("other.onnx", labels_network("1.1").c_str());
  const ProgramResult tie = run({"compare", "tie.onnx", "a.onnx"});
  EXPECT_EQ(tie.exit_code, 0) << tie.out;
  EXPECT_THAT(tie.out, HasSubstr("scores of the others within"));
  EXPECT_EQ(run({"compare", "tie.onnx", "a.onnx", "--tolerance", "1e-7"}).exit_code, 3);
  const ProgramResult other = run({"compare", "other.onnx", "a.onnx"});
  EXPECT_EQ(other.exit_code, 3) << other.out;
  EXPECT_THAT(other.out, HasSubstr("beyond tolerance"));
}

TEST_F(ModelInput, CtrlCEndsOneLongRun) {
  std::string text = R"(graph "g" {
    input %x: f32[1,1,512,512]
    const %a: f32[64,1,3,3] = random(1)
    const %b: f32[64,64,3,3] = random(2)
    %y0 = Conv(%x, %a) {pads = [1, 1, 1, 1]}
)";
  constexpr int kConvolutions = 150;  // 10 GMAC each
  for (int i = 1; i <= kConvolutions; ++i) {
    text += "%y" + std::to_string(i) + " = Conv(%y" + std::to_string(i - 1) +
            ", %b) {pads = [1, 1, 1, 1]}\n";
  }
  write_model("long.onnx", (text + "output %y" + std::to_string(kConvolutions) + "\n}").c_str());
  write_npy(folder() / "x.npy", Tensor(DType::Float32, Shape{1, 1, 512, 512}));
  const auto begin = std::chrono::steady_clock::now();
  const std::string command = "cd '" + folder().string() +
                              "' && timeout --foreground --preserve-status -s INT 2 '" MTMI_PROGRAM
                              "' infer long.onnx --input x=x.npy -o out 2> err.txt";
  const int status = std::system(command.c_str());  // NOLINT(cert-env33-c): coreutils' timeout
  EXPECT_EQ(WEXITSTATUS(status), 130) << read_text("err.txt");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(6));
  EXPECT_THAT(read_text("err.txt"), HasSubstr("mtmi: interrupted; nothing is written"));
}

TEST_F(ModelInput, BenchEndsInTheMedian) {
  const ProgramResult result = run({"bench", "net.onnx", "--runs", "3"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const std::size_t last_word = result.out.find_last_of(' ');
  EXPECT_GT(std::stod(result.out.substr(last_word + 1)), 0.0);
}

TEST_F(ModelInput, JsonIsAllThereIsOnStdout) {
  const ProgramResult result = run({"bench", "net.onnx", "--runs", "2", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.front(), '{');
  EXPECT_THAT(result.out, HasSubstr("\"median_ms\""));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(ModelInput, InspectAsTextIsStillJsonWhereJsonIsWanted) {
  const ProgramResult result = run({"inspect", "net.onnx", "--text", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.out.front(), '{');
}

TEST_F(ModelInput, DeviceThatIsNotInTheBuildSaysWhy) {
  EXPECT_THAT(failure({"build", "net.onnx", "--device", "dla:0", "-o", "e"}),
              HasSubstr("no device 'dla' in this build"));
}

}  // namespace
}  // namespace mtmi::cli
