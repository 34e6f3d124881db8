// What is refused, and when: before the work, in one sentence that names the place, and without a
// trace in the folder.
#include "program.h"
#include <gmock/gmock.h>

#include "mtmi/core/npy.h"

namespace mtmi::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kNetwork = R"(graph "net" {
  input %image: f32[1,3,32,32]
  const %w: f32[8,3,3,3] = random(1)
  %conv = Conv(%image, %w) {pads = [1, 1, 1, 1]}
  %y = Relu(%conv)
  output %y
})";

class Refusals : public ProgramTest {
 protected:
  Refusals() { write_text("file", ""); }

  /// The one sentence, and no file more or less.
  [[nodiscard]] std::string refusal(const std::vector<std::string>& arguments,
                                    int exit_code = 1) const {
    const std::vector<std::string> before = entries();
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code) << testing::PrintToString(arguments) << result.err;
    EXPECT_EQ(entries(), before);
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    return result.err;
  }
};

// None of these networks, scenes and bundles exists: that the output is refused first shows that
// nothing is read, let alone run, before.
TEST_F(Refusals, AnOutputThatCannotBeWrittenIsSaidFirst) {
  const std::string below = "mtmi: file/x: cannot write: file is not a folder\n";
  EXPECT_EQ(refusal({"eval", "no.onnx", "--scenes", "no", "--pictures", "file/x"}), below);
  EXPECT_EQ(refusal({"run", "no", "--images", "no", "--trace", "file/x/t.json"}), below);
  EXPECT_EQ(refusal({"run", "no", "--images", "no", "-o", "file/x"}), below);
  EXPECT_EQ(refusal({"report", "no", "-o", "file/x/r.html"}), below);
  EXPECT_EQ(refusal({"calibrate", "no.onnx", "--features", "no", "-o", "file/x/p"}), below);
  EXPECT_EQ(refusal({"features", "no", "--images", "no", "-o", "file/x"}), below);
  EXPECT_EQ(refusal({"simplify", "no.onnx", "-o", "file/x/y.onnx"}), below);
  EXPECT_EQ(refusal({"split", "no.onnx", "-o", "file/x"}), below);
  EXPECT_EQ(refusal({"build", "no.onnx", "-o", "file/x/y.engine"}), below);
  EXPECT_EQ(refusal({"infer", "no.onnx", "--input", "x=no.npy", "-o", "file/x"}), below);
}

TEST_F(Refusals, AFolderInTheWayOfAFileIsSaidFirst) {
  std::filesystem::create_directory(folder() / "p.json");
  EXPECT_EQ(refusal({"calibrate", "no.onnx", "--features", "no", "-o", "p"}),
            "mtmi: p.json: cannot write: it is there and not a regular file\n");
}

TEST_F(Refusals, AMissingInputIsSaidBeforeTheModelIsRead) {
  const std::string sentence = "mtmi: no.npy: cannot open: No such file or directory\n";
  EXPECT_EQ(refusal({"infer", "no.onnx", "--input", "x=no.npy", "-o", "out"}), sentence);
  EXPECT_EQ(refusal({"compare", "no.onnx", "no.onnx", "--input", "no.npy"}), sentence);
}

// Not even root may: it is not a matter of permissions.
TEST_F(Refusals, AFolderThatTakesNoFilesIsSaidFirst) {
  const std::string into = "mtmi: /proc/x: cannot write: /proc takes no files (";
  const std::vector<std::vector<std::string>> of_folders{
      {"visualize", "no", "--images", "no", "-o", "/proc/x"},
      {"scenes", "--count", "1", "-o", "/proc/x"},
      {"deploy", "no.onnx", "--images", "no", "-o", "/proc/x"},
      {"split", "no.onnx", "-o", "/proc/x"},
      {"run", "no", "--images", "no", "-o", "/proc/x"},
      {"features", "no", "--images", "no", "-o", "/proc/x"},
      {"eval", "no.onnx", "--scenes", "no", "--pictures", "/proc/x"},
      {"infer", "no.onnx", "--input", "x=no.npy", "-o", "/proc/x"}};
  for (const auto& arguments : of_folders) {
    EXPECT_THAT(refusal(arguments), StartsWith(into)) << arguments.front();
  }
  const std::string below = "mtmi: /proc: cannot write: /proc takes no files (";
  const std::vector<std::vector<std::string>> of_files{
      {"model", "-o", "/proc/x.onnx"},
      {"simplify", "no.onnx", "-o", "/proc/x.onnx"},
      {"build", "no.onnx", "-o", "/proc/x.engine"},
      {"report", "no", "-o", "/proc/x.html"},
      {"calibrate", "no.onnx", "--features", "no", "-o", "/proc/x"},
      {"run", "no", "--images", "no", "--trace", "/proc/x.json"}};
  for (const auto& arguments : of_files) {
    EXPECT_THAT(refusal(arguments), StartsWith(below)) << arguments.front();
  }
}

TEST_F(Refusals, AFolderWithoutImagesIsSaidBeforeTheModelIsRead) {
  std::filesystem::create_directory(folder() / "empty");
  EXPECT_EQ(refusal({"deploy", "no.onnx", "--images", "empty", "-o", "bundle"}),
            "mtmi: empty: got a folder without images, expected .png, .jpg or .jpeg files\n");
}

TEST_F(Refusals, AFileWhereASplitNetworkIsWantedIsSaid) {
  write_model("encoder.onnx", kNetwork);
  EXPECT_EQ(refusal({"features", "encoder.onnx", "--images", "no", "-o", "out"}),
            "mtmi: encoder.onnx: is a file, expected the folder that `mtmi split` has written\n");
  EXPECT_EQ(
      refusal({"features", "no", "--images", "no", "-o", "out"}),
      "mtmi: no: there is no split.json, expected the folder that `mtmi split` has written\n");
}

TEST_F(Refusals, AnImageThatCannotBeReadLeavesNoEmptyFolders) {
  write_model("net.onnx", kNetwork);
  ASSERT_EQ(run({"split", "net.onnx", "--cut", "conv", "-o", "parts"}).exit_code, 0);
  write_text("cut.png", "\x89PNG\r\n\x1A\n");
  EXPECT_THAT(refusal({"features", "parts", "--images", "cut.png", "-o", "features", "--quiet"}),
              StartsWith("mtmi: cut.png: damaged PNG"));
}

TEST_F(Refusals, WhatIsGivenTwiceIsSaid) {
  write_model("net.onnx", kNetwork);
  write_npy(folder() / "x.npy", Tensor(DType::Float32, Shape{1, 3, 32, 32}));
  const std::string sentence = "mtmi: input 'image' is given twice\n";
  EXPECT_EQ(
      refusal({"infer", "net.onnx", "--input", "image=x.npy", "--input", "image=x.npy", "-o", "o"},
              2),
      sentence);
  EXPECT_EQ(refusal({"simplify",
                     "net.onnx",
                     "--input",
                     "image=1,3,32,32",
                     "--input",
                     "image=1,3,64,64",
                     "-o",
                     "o.onnx"},
                    2),
            sentence);
  EXPECT_THAT(refusal({"report", "b", "-o", "r.html", "--trace", "t.json", "--frames", "3"}, 2),
              HasSubstr("--trace excludes --frames"));
}

TEST_F(Refusals, NetworksThatCannotBeComparedAreNamedByTheirInputs) {
  write_model("net.onnx", kNetwork);
  write_model("sum.onnx", R"(graph "sum" {
  input %a: f32[1]
  input %b: f32[1]
  %y = Add(%a, %b)
  output %y
})");
  EXPECT_EQ(
      refusal({"compare", "net.onnx", "sum.onnx"}),
      "mtmi: A and B are not two forms of one network: A has the inputs 'image', B 'a', 'b'\n");
}

TEST_F(Refusals, AFolderWhereAFileIsWantedIsSaid) {
  std::filesystem::create_directory(folder() / "d");
  EXPECT_EQ(refusal({"check", "d", "--device", "dla"}), "mtmi: d: a folder, expected a file\n");
}

TEST_F(Refusals, AnUnknownVariantIsAnsweredWithTheNearest) {
  const auto refusal_of = [this](const std::string& variant) {
    return refusal({"eval", "no.onnx", "--scenes", "no", "--variants", variant}, 2);
  };
  EXPECT_THAT(refusal_of("int8-entrpy"), HasSubstr("; did you mean int8-entropy? See"));
  EXPECT_THAT(refusal_of("int8+equalize"), HasSubstr("; did you mean int8+equalized? See"));
  EXPECT_THAT(refusal_of("f33@cpu"), HasSubstr("; did you mean f32@cpu? See"));
  EXPECT_THAT(refusal_of("something-else"), Not(HasSubstr("did you mean")));
  // A name of which the parts are known, on a device that has not this precision.
  EXPECT_THAT(
      refusal_of("bf16"),
      HasSubstr("'bf16', but dla_sim does not compute in bf16; did you mean bf16@cpu? See"));
  EXPECT_THAT(refusal_of("f16@cpu"),
              HasSubstr("'f16@cpu', but cpu does not compute in f16; did you mean f16? See"));
}

TEST_F(Refusals, AVariantForNoDeviceIsWrongUsage) {
  EXPECT_THAT(
      refusal({"eval", "no.onnx", "--scenes", "no", "--variants", "f32@cpu,int8@dlasim"}, 2),
      HasSubstr("did you mean dla_sim?"));
}

TEST_F(Refusals, Int8WithoutScalesIsAnsweredWithWhatToDo) {
  write_model("net.onnx", kNetwork);
  write_text("x.npy", "");
  const std::string sentence =
      "mtmi: net.onnx: int8 needs scales, which belong to an engine: make it with `mtmi build "
      "--precision int8 --scales PREFIX.json` and give that\n";
  const std::vector<std::string> on_dla{"--device", "dla_sim", "--precision", "int8"};
  const auto with = [&on_dla](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), on_dla.begin(), on_dla.end());
    return arguments;
  };
  EXPECT_EQ(refusal(with({"infer", "net.onnx", "--input", "x.npy", "-o", "out"}), 2), sentence);
  EXPECT_EQ(refusal(with({"compare", "net.onnx", "net.onnx"}), 2), sentence);
  EXPECT_EQ(refusal(with({"bench", "net.onnx"}), 2), sentence);
}

TEST_F(Refusals, DamagedJsonIsNamedByFileAndPlace) {
  write_text("cut.json", "{\n  \"features\": 3");
  std::filesystem::create_directory(folder() / "parts");
  write_text("parts/split.json", "{\n  \"features\": 3");
  write_text("old/split.json", "{}");
  for (const std::string& sentence : {
           refusal({"features", "parts", "--images", "no", "-o", "out"}),
           refusal({"inspect", "cut.json"}),
       }) {
    EXPECT_THAT(sentence, HasSubstr(".json: "));
    EXPECT_THAT(sentence, HasSubstr("line 2, column 16 is no JSON\n"));
    EXPECT_THAT(sentence, Not(HasSubstr("exception")));
  }
  EXPECT_EQ(refusal({"features", "old", "--images", "no", "-o", "out"}),
            "mtmi: old/split.json: not as `mtmi split` writes it: there is no 'features' in it\n");
}

TEST_F(Refusals, ADamagedCardLeavesNoPartOfASplit) {
  write_model("net.onnx", kNetwork);
  write_text("net.toml", "[output.z]\n");
  EXPECT_THAT(refusal({"split", "net.onnx", "--cut", "conv", "-o", "parts"}),
              HasSubstr("net.toml: line 1: "));
}

TEST_F(Refusals, ATruncatedEngineIsNamed) {
  write_model("net.onnx", kNetwork);
  ASSERT_EQ(run({"build", "net.onnx", "-o", "net.engine"}).exit_code, 0);
  write_text("cut.engine", read_text("net.engine").substr(0, 900));
  EXPECT_THAT(refusal({"inspect", "cut.engine"}),
              HasSubstr("mtmi: cut.engine: the engine is cut off"));
}

}  // namespace
}  // namespace mtmi::cli
