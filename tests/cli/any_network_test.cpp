// A network that is not the reference network, verb by verb: tests/models/any_network.graph.
#include <map>

#include "program.h"
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/core/npy.h"
#include "mtmi/onnx/reader.h"

namespace mtmi::cli {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class AnyNetwork : public ProgramTest {
 protected:
  AnyNetwork() {
    write_model("any.onnx", std::string(MappedFile(MTMI_ANY_NETWORK).text()).c_str());
    expect_done({"split", "any.onnx", "--cut", "f1,f2,f3,f4", "-o", "parts"});
    expect_done({"scenes", "-o", "scenes", "--count", "3", "--size", "64x96"});
  }

  ProgramResult expect_done(const std::vector<std::string>& arguments) const {
    ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << arguments[0] << ": " << result.err;
    return result;
  }

  [[nodiscard]] nlohmann::json check(const std::string& model) const {
    return nlohmann::json::parse(run({"check", model, "--device", "dla", "--json"}).out);
  }

  /// HEAD.onnx as a DLA shall have it, and the features it is calibrated on.
  void rewrite(const std::string& head) const {
    expect_done({"simplify", "parts/" + head + ".onnx", "-o", head + ".onnx", "--for", "dla"});
    expect_done({"features", "parts", "--images", "scenes/images", "-o", "features"});
  }

  /// What a verb that fails says; it must leave nothing behind.
  [[nodiscard]] std::string refusal(const std::vector<std::string>& arguments) const {
    const std::vector<std::string> before = entries();
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 1) << result.out;
    EXPECT_EQ(entries(), before);
    return result.err;
  }
};

TEST_F(AnyNetwork, EachHeadReadsTheFeaturesThatItNeeds) {
  const auto inputs_of = [this](const std::string& head) {
    const Graph graph = onnx::read_model(folder() / "parts" / (head + ".onnx")).graph;
    std::vector<std::string> names;
    for (const ValueId input : graph.inputs()) {
      names.push_back(graph.value(input).name);
    }
    return names;
  };
  EXPECT_EQ(inputs_of("labels"), (std::vector<std::string>{"f1", "f2", "f3", "f4"}));
  EXPECT_EQ(inputs_of("depth"), (std::vector<std::string>{"f1", "f3"}));
  EXPECT_EQ(inputs_of("normals"), std::vector<std::string>{"f2"});
}

TEST_F(AnyNetwork, WhatADlaRefusesIsRewrittenAndTheRestIsNamed) {
  const nlohmann::json labels = check("parts/labels.onnx");
  EXPECT_EQ(labels["refused"].size(), 4U);
  EXPECT_EQ(labels["for_dla"]["accepted"], labels["for_dla"]["nodes"]);
  const nlohmann::json normals = check("parts/normals.onnx");
  ASSERT_EQ(normals["refused"].size(), 1U);
  EXPECT_EQ(normals["refused"][0]["operator"], "GroupNormalization");
  EXPECT_EQ(normals["refused"][0]["rule"], "dla.op.not_supported");
  for (const char* head : {"labels", "depth", "normals"}) {
    rewrite(head);
    const nlohmann::json after = check(std::string(head) + ".onnx");
    EXPECT_EQ(after["fallbacks"], head == std::string("normals") ? 1 : 0) << head;
  }
}

TEST_F(AnyNetwork, ItsHeadsAreCalibratedWithAWarningForFewImages) {
  rewrite("labels");
  const ProgramResult result =
      expect_done({"calibrate", "labels.onnx", "--features", "features", "-o", "int8"});
  EXPECT_THAT(result.err, HasSubstr("calibrated over 3 images only: take 100 to 500"));
  const nlohmann::json table = nlohmann::json::parse(read_text("int8.json"));
  EXPECT_EQ(table["images"], 3);
  const ProgramResult checked =
      expect_done({"check", "int8.onnx", "--device", "dla", "--scales", "int8.json"});
  EXPECT_THAT(checked.out, HasSubstr("0 of them yes, with rescale"));
}

TEST_F(AnyNetwork, ItIsDeployedAndRun) {
  expect_done(
      {"deploy", "any.onnx", "--images", "scenes/images", "--cut", "f1,f2,f3,f4", "-o", "bundle"});
  expect_done({"run", "bundle", "--images", "scenes/images", "-o", "out"});
  for (const char* file :
       {"out/000002_depth.npy", "out/000002_normals.npy", "out/000002_seg.bin"}) {
    EXPECT_THAT(entries(), Contains(file));
  }
}

constexpr const char* kInt8Target = R"(encoder = "cpu"
heads = ["dla_sim:0", "dla_sim:1"]
[head_defaults]
precision = "int8"
calibration = "minmax"
)";

TEST_F(AnyNetwork, ItsHeadsRunInInt8AndOnTheCpuWhatADlaRefuses) {
  write_text("int8.toml", std::string(kInt8Target) + "fallback = \"cpu\"\n");
  const ProgramResult deployed = expect_done({"deploy",
                                              "any.onnx",
                                              "--images",
                                              "scenes/images",
                                              "--cut",
                                              "f1,f2,f3,f4",
                                              "--target",
                                              "./int8.toml",
                                              "-o",
                                              "bundle",
                                              "--json"});
  std::map<std::string, std::string> devices;
  const nlohmann::json report = nlohmann::json::parse(deployed.out);
  for (const nlohmann::json& part : report["manifest"]["parts"]) {
    devices[part["name"]] = part["device"];
    EXPECT_EQ(part["fallback"].get<std::string>().empty(), part["name"] != "normals");
  }
  EXPECT_EQ(devices,
            (std::map<std::string, std::string>{{"encoder", "cpu"},
                                                {"labels", "dla_sim:0"},
                                                {"labels_tail", "cpu"},
                                                {"depth", "dla_sim:1"},
                                                {"depth_tail", "cpu"},
                                                {"normals", "cpu"}}));
  expect_done({"run", "bundle", "--images", "scenes/images", "-o", "out"});
  EXPECT_THAT(entries(), Contains("out/000002_normals.npy"));
}

TEST_F(AnyNetwork, WithoutAFallbackTheRefusedHeadIsNamed) {
  write_text("int8.toml", kInt8Target);
  const ProgramResult result = run({"deploy",
                                    "any.onnx",
                                    "--images",
                                    "scenes/images",
                                    "--cut",
                                    "f1,f2,f3,f4",
                                    "--target",
                                    "./int8.toml",
                                    "-o",
                                    "bundle"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr("head 'normals' on dla_sim:0: node 'normals.norm'"));
  EXPECT_THAT(result.err, HasSubstr("no layer of a DLA computes GroupNormalization"));
  EXPECT_THAT(result.err, HasSubstr("train with BatchNormalization"));
}

TEST_F(AnyNetwork, ARewrittenHeadIsBuiltInInt8) {
  rewrite("depth");
  expect_done(
      {"calibrate", "depth.onnx", "--features", "features", "--method", "minmax", "-o", "int8"});
  expect_done({"build",
               "int8.onnx",
               "--device",
               "dla_sim:0",
               "--precision",
               "int8",
               "--scales",
               "int8.json",
               "-o",
               "depth.engine"});
  EXPECT_THAT(entries(), Contains("depth.engine"));
}

TEST_F(AnyNetwork, FeaturesOfAnotherShapeAreNamed) {
  rewrite("depth");
  write_npy(folder() / "features" / "f3" / "000001.npy",
            Tensor(DType::Float32, Shape{1, 48, 4, 5}));
  const std::string message =
      refusal({"calibrate", "depth.onnx", "--features", "features", "-o", "int8"});
  EXPECT_THAT(message, HasSubstr("f3/000001.npy"));
  EXPECT_THAT(message, HasSubstr("expected f32[1,48,4,6] for input 'f3'"));
}

TEST_F(AnyNetwork, CachesThatCannotBeUsedAreNamed) {
  rewrite("depth");
  const auto from = [this](const std::string& cache) {
    write_text("bad.cache", cache);
    return refusal(
        {"calibrate", "depth.onnx", "--features", "features", "--from", "bad.cache", "-o", "int8"});
  };
  EXPECT_THAT(from("TRT-8611-EntropyCalibration2\nf1: bd8b2841\n"),
              HasSubstr("bad.cache: line 2: tensor 'f1': got a negative scale"));
  EXPECT_THAT(from("TRT-8611-EntropyCalibration2\nf1: 00000000\n"),
              HasSubstr("bad.cache: line 2: tensor 'f1'"));
  EXPECT_THAT(from("TRT-8611-EntropyCalibration9\nf1: 3d8b2841\n"), HasSubstr("bad.cache: line 1"));
}

TEST_F(AnyNetwork, ACacheWithAMissingTensorIsCompletedFromTheImages) {
  rewrite("depth");
  write_text("some.cache", "TRT-8611-EntropyCalibration2\nf1: 3d8b2841\n");
  expect_done(
      {"calibrate", "depth.onnx", "--features", "features", "--from", "some.cache", "-o", "int8"});
  EXPECT_THAT(read_text("int8.cache"), HasSubstr("f1: 3d8b2841\nf3: "));
  EXPECT_THAT(read_text("int8.cache"), HasSubstr("near: "));
}

}  // namespace
}  // namespace mtmi::cli
