// mtmi features and mtmi calibrate: what they write, and what they refuse.
#include <cmath>

#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/npy.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/onnx/reader.h"

namespace mtmi::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

/// Two features, two heads; the first head has a Concat, the second a tensor that is always zero.
constexpr const char* kNetwork = R"(graph "net" {
  input %image: f32[1,3,32,32]
  const %w1: f32[8,3,3,3] = random(1)
  const %w2: f32[8,8,3,3] = random(2)
  const %w3: f32[8,16,1,1] = random(3)
  const %zero: f32[1] = [0.0]
  %c1 = Conv(%image, %w1) {pads = [1, 1, 1, 1], strides = [2, 2]}
  %f1 = Relu(%c1)
  %c2 = Conv(%f1, %w2) {pads = [1, 1, 1, 1]}
  %f2 = Relu(%c2)
  %ca = Conv(%f1, %w2) {pads = [1, 1, 1, 1]}
  %both = Concat(%ca, %f2) {axis = 1}
  %a = Conv(%both, %w3)
  %dead = Mul(%f2, %zero)
  %b = Add(%dead, %f1)
  output %a
  output %b
})";

class CalibrateVerb : public ProgramTest {
 protected:
  CalibrateVerb() {
    write_model("net.onnx", kNetwork);
    expect_done({"split", "net.onnx", "--cut", "f1,f2", "-o", "parts"});
    expect_done({"scenes", "-o", "scenes", "--count", "3", "--size", "32x32"});
    expect_done({"features", "parts", "--images", "scenes/images", "-o", "features"});
  }

  void expect_done(const std::vector<std::string>& arguments) const {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments[0] << ": " << result.err;
  }

  /// All that was written for a prefix.
  [[nodiscard]] std::string files_of(const std::string& prefix) const {
    std::string all;
    for (const char* suffix : {".cache", ".json", "_qdq.onnx", ".onnx"}) {
      all += read_text(prefix + suffix);
    }
    return all;
  }

  [[nodiscard]] std::string refusal(const std::vector<std::string>& arguments,
                                    int exit_code = 1) const {
    const std::vector<std::string> before = entries();
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, exit_code);
    EXPECT_EQ(entries(), before);
    return result.err;
  }
};

TEST_F(CalibrateVerb, FeaturesInFilesAndInMemoryGiveTheSameFiles) {
  EXPECT_EQ(read_npy(folder() / "features/f1/000002.npy").shape(), (Shape{1, 8, 16, 16}));
  expect_done({"calibrate", "parts/a.onnx", "--features", "features", "-o", "by_files"});
  expect_done({"calibrate", "parts", "--head", "a", "--images", "scenes/images", "-o", "memory"});
  EXPECT_EQ(files_of("by_files"), files_of("memory"));
  EXPECT_THAT(read_text("memory.cache"), HasSubstr("TRT-8611-EntropyCalibration2\n"));
}

TEST_F(CalibrateVerb, ThreadsAndTheOrderOfImagesChangeNothing) {
  const std::vector<std::string> start{"calibrate", "parts", "--head", "a"};
  const auto calibrate = [&](const std::string& prefix, std::vector<std::string> more) {
    std::vector<std::string> arguments = start;
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {"-o", prefix});
    expect_done(arguments);
    return files_of(prefix);
  };
  const std::string one = calibrate("one", {"--threads", "1", "--images", "scenes/images"});
  const std::string folder = "scenes/images/";
  EXPECT_EQ(calibrate("three",
                      {"--threads",
                       "3",
                       "--images",
                       folder + "000002.png",
                       folder + "000000.png",
                       folder + "000001.png"}),
            one);
}

TEST_F(CalibrateVerb, WhatItWritesBelongsTogether) {
  const ProgramResult result = run({"calibrate",
                                    "parts/a.onnx",
                                    "--features",
                                    "features",
                                    "-o",
                                    "out/a",
                                    "--method",
                                    "minmax",
                                    "--trt-version",
                                    "10.3",
                                    "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["method"], "minmax");
  EXPECT_EQ(report["images"], 3);
  EXPECT_EQ(report["tensors"].size(), 5U);  // f1 f2 ca both a
  EXPECT_THAT(report["warnings"][0], HasSubstr("calibrated over 3 images only"));
  std::vector<double> concat_scales;
  for (const nlohmann::json& tensor : report["tensors"]) {
    if (tensor["name"] == "ca" || tensor["name"] == "f2" || tensor["name"] == "both") {
      concat_scales.push_back(tensor["scale"]);
    }
  }
  ASSERT_EQ(concat_scales.size(), 3U);
  EXPECT_EQ(concat_scales[0], concat_scales[1]);
  EXPECT_EQ(concat_scales[0], concat_scales[2]);
  EXPECT_THAT(read_text("out/a.cache"), HasSubstr("TRT-100300-EntropyCalibration2\n"));
  const ProgramResult check =
      run({"check", "out/a.onnx", "--device", "dla", "--scales", "out/a.json"});
  EXPECT_EQ(check.exit_code, 0) << check.out << check.err;
  EXPECT_EQ(onnx::read_model(folder() / "out/a_qdq.onnx").operators.at("QuantizeLinear") > 0, true);
}

TEST_F(CalibrateVerb, DeadTensorIsNamedAndItsScaleIsNotZero) {
  const ProgramResult result =
      run({"calibrate", "parts/b.onnx", "--features", "features", "-o", "b", "--method", "mse"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("tensor 'dead' is dead"));
  EXPECT_THAT(read_text("b.cache"), Not(HasSubstr(": 0\n")));
}

TEST_F(CalibrateVerb, ScalesOfAFileAreKept) {
  expect_done({"calibrate", "parts/a.onnx", "--features", "features", "-o", "first"});
  // All of another run's, without any data.
  expect_done({"calibrate", "parts/a.onnx", "--from", "first.cache", "-o", "copy"});
  EXPECT_EQ(read_text("copy.cache"), read_text("first.cache"));
  expect_done({"calibrate",
               "parts/a.onnx",
               "--from",
               "first_qdq.onnx",
               "--features",
               "features",
               "-o",
               "of_qdq"});
  EXPECT_EQ(read_text("of_qdq.cache"), read_text("first.cache"));
  // One tensor's, the others found.
  write_text("one.cache", "TRT-8611-EntropyCalibration2\nf1: 3f000000\nelsewhere: 3f000000\n");
  const ProgramResult result = run({"calibrate",
                                    "parts/a.onnx",
                                    "--features",
                                    "features",
                                    "--from",
                                    "one.cache",
                                    "-o",
                                    "mixed"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("the head has not, and left out: 'elsewhere'"));
  EXPECT_THAT(read_text("mixed.cache"), HasSubstr("f1: 3f000000\n"));
  // Too few of them, and no data.
  EXPECT_THAT(refusal({"calibrate", "parts/a.onnx", "--from", "one.cache", "-o", "x"}),
              HasSubstr("has no scale for 4 tensors of the head: "));
}

TEST_F(CalibrateVerb, ScalesOfAnotherCalibratorAreSaidToBe) {
  expect_done({"calibrate", "parts/a.onnx", "--features", "features", "-o", "first"});
  std::string cache = read_text("first.cache");
  cache.replace(cache.find("EntropyCalibration2"), 19, "MinMaxCalibration");
  write_text("minmax.cache", cache);
  const ProgramResult result =
      run({"calibrate", "parts/a.onnx", "--from", "minmax.cache", "-o", "copy"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.err, HasSubstr("minmax.cache: its scales are MinMaxCalibration's"));
  EXPECT_EQ(read_text("copy.cache"), read_text("first.cache"));
  EXPECT_THAT(run({"calibrate", "parts/a.onnx", "--from", "first.cache", "-o", "copy"}).err,
              Not(HasSubstr("its scales are")));
}

TEST_F(CalibrateVerb, AnEncoderThatGivesNotTheFeaturesIsRefused) {
  std::filesystem::copy_file(folder() / "net.onnx",
                             folder() / "parts/encoder.onnx",
                             std::filesystem::copy_options::overwrite_existing);
  const std::string sentence =
      "parts/encoder.onnx: has no output 'f1', which split.json calls a feature; split the network "
      "again";
  EXPECT_THAT(refusal({"features", "parts", "--images", "scenes/images", "-o", "again"}),
              HasSubstr(sentence));
  EXPECT_THAT(
      refusal({"calibrate", "parts", "--head", "a", "--images", "scenes/images", "-o", "x"}),
      HasSubstr(sentence));
}

TEST_F(CalibrateVerb, WhatAnOptionCannotMeanIsWrongUsage) {
  const std::vector<std::string> start{"calibrate", "parts/a.onnx", "--features", "features"};
  const auto refusal_of = [&](std::vector<std::string> more) {
    more.insert(more.begin(), start.begin(), start.end());
    return refusal(more, 2);
  };
  EXPECT_THAT(refusal_of({"--percentile", "99", "-o", "x"}),
              HasSubstr("--percentile goes with --method percentile, not with entropy"));
  EXPECT_THAT(refusal_of({"--percentile", "nan", "--method", "percentile", "-o", "x"}),
              HasSubstr("got 'nan', expected a number from 50 to 100"));
  EXPECT_THAT(refusal_of({"-o", "out/"}), HasSubstr("expected how the files' names begin"));
}

TEST_F(CalibrateVerb, DamagedStateIsNamedAndRemovedInTheEnd) {
  expect_done({"calibrate", "parts/a.onnx", "--features", "features", "-o", "whole"});
  write_text("again.partial", "mtmi observations 1\nhalf of it");
  const ProgramResult result =
      run({"calibrate", "parts/a.onnx", "--features", "features", "-o", "again"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.err, HasSubstr("again.partial: not used"));
  EXPECT_EQ(files_of("again"), files_of("whole"));
  EXPECT_THAT(entries(), Not(testing::Contains("again.partial")));
}

TEST_F(CalibrateVerb, FeaturesThatDoNotFitAreNamed) {
  const std::vector<std::string> call{
      "calibrate", "parts/a.onnx", "--features", "features", "-o", "x"};
  write_npy(folder() / "features/f2/000001.npy", random_tensor(DType::Float32, {1, 8, 8, 8}, 1));
  EXPECT_THAT(refusal(call),
              HasSubstr("features/f2/000001.npy: got f32[1,8,8,8], expected f32[1,8,16,16]"));
  Tensor poisoned = random_tensor(DType::Float32, {1, 8, 16, 16}, 1);
  poisoned.data<float>()[3] = std::nanf("");
  write_npy(folder() / "features/f2/000001.npy", poisoned);
  EXPECT_THAT(refusal(call), HasSubstr("features/000001: tensor 'f2' holds NaN at element 3"));
  std::filesystem::remove(folder() / "features/f2/000001.npy");
  EXPECT_THAT(refusal(call), HasSubstr("features/f2/000001.npy: there is no such file"));
  EXPECT_THAT(refusal({"calibrate", "parts/a.onnx", "--features", "scenes", "-o", "x"}),
              HasSubstr("no folder with features for input 'f1'"));
}

TEST_F(CalibrateVerb, HeadWithNothingToQuantiseIsRefused) {
  write_model("labels.onnx", R"(graph "g" {
    input %x: s64[1,4]
    %y = Identity(%x)
    output %y
  })");
  EXPECT_THAT(refusal({"calibrate", "labels.onnx", "--features", "features", "-o", "x"}),
              HasSubstr("nothing to quantise"));
}

TEST_F(CalibrateVerb, WrongUsageIsSaid) {
  EXPECT_THAT(refusal({"calibrate", "parts", "--images", "scenes/images", "-o", "x"}, 2),
              HasSubstr("--head NAME"));
  EXPECT_THAT(refusal({"calibrate", "parts/a.onnx", "--images", "scenes/images", "-o", "x"}, 2),
              HasSubstr("--images takes the encoder too"));
  EXPECT_THAT(refusal({"calibrate", "parts/a.onnx", "-o", "x"}, 2), HasSubstr("--from"));
  EXPECT_THAT(
      refusal(
          {"calibrate", "parts/a.onnx", "--features", "features", "-o", "x", "--method", "luck"},
          2),
      HasSubstr("--method"));
  EXPECT_THAT(
      refusal({"calibrate", "parts", "--head", "c", "--images", "scenes/images", "-o", "x"}),
      HasSubstr("the heads are a, b"));
}

TEST_F(CalibrateVerb, FeaturesAnswersInJson) {
  const ProgramResult result =
      run({"features", "parts", "--images", "scenes/images/000001.png", "-o", "one", "--json"});
  const nlohmann::json report = nlohmann::json::parse(result.out);
  EXPECT_EQ(report["features"], nlohmann::json({"f1", "f2"}));
  EXPECT_EQ(report["images"], nlohmann::json({"000001"}));
  EXPECT_THAT(refusal({"features", "scenes", "--images", "scenes/images", "-o", "y"}),
              HasSubstr("split.json"));
}

}  // namespace
}  // namespace mtmi::cli
