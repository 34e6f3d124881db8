#include "mtmi/deploy/deploy.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/folder_lock.h"
#include "mtmi/deploy/deploy_for_tests.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/error.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::deploy {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

/// The steps that a deploy makes.
std::set<std::string> steps_of(const SmallDeploy& small) {
  std::set<std::string> steps;
  (void)small.run([&steps](const Progress& progress) {
    steps.insert(progress.step + (progress.part.empty() ? "" : " " + progress.part));
  });
  return steps;
}

const bundle::Part& part_of(const Deployment& deployment, const std::string& name) {
  const auto& parts = deployment.manifest.parts;
  const auto part = std::find_if(
      parts.begin(), parts.end(), [&name](const bundle::Part& p) { return p.name == name; });
  EXPECT_NE(part, parts.end());
  return *part;
}

TEST(Deploy, MakesABundleWhoseOutputsAreTheNetworks) {
  const SmallDeploy small;
  const Deployment deployment = small.run();
  EXPECT_THAT(deployment.refusals, IsEmpty());
  EXPECT_EQ(bundle::open_bundle(small.folder()), deployment.manifest);
  ASSERT_EQ(deployment.manifest.verified.size(), 2U);
  EXPECT_EQ(deployment.manifest.verified[0].equal_fraction, 1.0);
  EXPECT_LT(deployment.manifest.verified[1].relative_difference, 1e-5);
  EXPECT_EQ(deployment.measured_ms.size(), 5U);
}

TEST(Deploy, WithNothingChangedDoesNothing) {
  const SmallDeploy small;
  const Deployment first = small.run();
  const auto files = files_of(small.folder());
  const auto time = std::filesystem::last_write_time(small.folder() / "manifest.json");
  const Deployment second = small.run();
  EXPECT_EQ(second.steps_made, 0);
  EXPECT_EQ(second.steps_found, first.steps_made);
  EXPECT_EQ(second.manifest, first.manifest);
  EXPECT_EQ(second.measured_ms, first.measured_ms);
  EXPECT_EQ(files_of(small.folder()), files);
  EXPECT_EQ(std::filesystem::last_write_time(small.folder() / "manifest.json"), time);
}

TEST(Deploy, WhatOnlyTheTargetFileSaysBuildsNothing) {
  SmallDeploy small;
  (void)small.run();
  small.options().target.heads["depth"].every = 2;
  EXPECT_THAT(steps_of(small), ElementsAre("target"));
}

TEST(DeployInt8, CalibratesTheHeadsAndTellsHowFarTheyAgree) {
  SmallDeploy small(4);
  small.use_int8();
  const Deployment deployment = small.run();
  EXPECT_THAT(deployment.refusals, IsEmpty());
  EXPECT_EQ(bundle::open_bundle(small.folder()), deployment.manifest);
  ASSERT_EQ(deployment.manifest.verified.size(), 2U);
  const bundle::Verified& seg = deployment.manifest.verified[0];
  EXPECT_TRUE(seg.quantized);
  EXPECT_GT(seg.equal_fraction, 0.95);
  EXPECT_GT(seg.sqnr_db.value(), 25.0);
  EXPECT_FALSE(seg.relative_change.has_value());
  const bundle::Verified& depth = deployment.manifest.verified[1];
  EXPECT_LT(depth.relative_change.value(), 0.1);
  for (const bundle::Part& part : deployment.manifest.parts) {
    EXPECT_EQ(part.scales.size(), part.kind == bundle::PartKind::Head ? 3U : 0U) << part.name;
  }
}

TEST(DeployInt8, AHeadMayReadTheImageBesideTheFeatures) {
  SmallDeploy small(4);
  small.use_int8();
  small.use_network(R"(graph "skip" {
  input %image: f32[1,3,32,64]
  const %w1: f32[8,3,3,3] = random(1)
  const %w2: f32[4,8,1,1] = random(2)
  const %w3: f32[1,11,3,3] = random(3)
  const %up: f32[4] = [1, 1, 4, 4]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f = Relu(%a)
  %small = Conv(%f, %w2)
  %wide = Resize(%f, _, %up) {mode = "nearest"}
  %both = Concat(%wide, %image) {axis = 1}
  %depth = Conv(%both, %w3) {pads = [1, 1, 1, 1]}
  output %small
  output %depth
})");
  const Deployment deployment = small.run();
  EXPECT_THAT(deployment.refusals, IsEmpty());
  const auto depth = std::find_if(deployment.manifest.parts.begin(),
                                  deployment.manifest.parts.end(),
                                  [](const bundle::Part& part) { return part.name == "depth"; });
  ASSERT_NE(depth, deployment.manifest.parts.end());
  EXPECT_THAT(depth->inputs, Contains(Field(&TensorDesc::name, "image")));
  ASSERT_EQ(deployment.manifest.verified.size(), 2U);
  EXPECT_TRUE(deployment.manifest.verified[1].quantized);
  EXPECT_GT(deployment.manifest.verified[1].sqnr_db.value(), 20.0);
}

TEST(DeployBf16, TellsHowFarThePartsAgreeAndKeepsTheirLimits) {
  SmallDeploy small(4);
  small.options().target.encoder.precision = Precision::BFloat16;
  small.options().target.head_defaults.precision = Precision::BFloat16;
  const Deployment deployment = small.run();
  EXPECT_THAT(deployment.refusals, IsEmpty());
  EXPECT_EQ(part_of(deployment, "encoder").precision, "bf16");
  EXPECT_EQ(part_of(deployment, "depth").precision, "bf16");
  ASSERT_EQ(deployment.manifest.verified.size(), 2U);
  const bundle::Verified& seg = deployment.manifest.verified[0];
  EXPECT_TRUE(seg.quantized);
  EXPECT_GT(seg.equal_fraction, 0.97);
  EXPECT_LT(seg.equal_fraction, 1.0);
  const bundle::Verified& depth = deployment.manifest.verified[1];
  EXPECT_LT(depth.relative_change.value(), 0.01);
  EXPECT_GT(depth.relative_change.value(), 1e-5);
  small.options().target.heads["depth"].limits.max_depth_change = 1e-6;
  EXPECT_THAT(small.run().refusals, testing::SizeIs(1));
}

TEST(DeployInt8, TheEncoderWritesWhatTheHeadsRead) {
  SmallDeploy small;
  small.use_int8();
  const Deployment deployment = small.run();
  const bundle::Part& encoder = part_of(deployment, "encoder");
  const bundle::Part& seg = part_of(deployment, "seg");
  const bundle::Part& depth = part_of(deployment, "depth");
  ASSERT_EQ(seg.inputs.size(), 1U);
  EXPECT_EQ(seg.inputs[0].layout, Layout::Chw32);
  EXPECT_THAT(encoder.outputs, Contains(seg.inputs[0]));
  for (const TensorDesc& input : depth.inputs) {
    EXPECT_EQ(input.dtype, DType::Int8);
    EXPECT_THAT(encoder.outputs, Contains(input));
  }
  EXPECT_EQ(seg.outputs[0].dtype, DType::Int8);
  EXPECT_EQ(depth.outputs[0].dtype, DType::Float16) << "of depth, as its card says";
}

TEST(DeployInt8, AFeatureWithTwoScalesIsWrittenTwiceAndThatIsSaid) {
  SmallDeploy small;
  small.use_int8();
  const Deployment deployment = small.run();
  // Behind the Add in the depth head, f1 shares the range of the other operand.
  EXPECT_EQ(part_of(deployment, "encoder").outputs.size(),
            part_of(deployment, "seg").inputs.size() + part_of(deployment, "depth").inputs.size());
  EXPECT_THAT(deployment.notes,
              Contains(testing::AllOf(HasSubstr("feature 'f1' is written 2 times"),
                                      HasSubstr("dB more rounding noise"))));
}

TEST(DeployInt8, OneHeadsMethodChangedRedoesThatHeadAlone) {
  SmallDeploy small;
  small.use_int8();
  (void)small.run();
  small.options().target.heads["seg"].calibration = "minmax";
  // No image is run again; the encoder writes seg's feature with another scale.
  EXPECT_THAT(steps_of(small),
              ElementsAre("agree depth",
                          "agree seg",
                          "build encoder",
                          "build seg",
                          "build seg_tail",
                          "calibrate seg",
                          "target"));
}

TEST(DeployInt8, TheOrderOfTheImagesChangesNoScale) {
  SmallDeploy small(4);
  small.use_int8();
  (void)small.run();
  std::swap(small.options().images[0], small.options().images[1]);
  const std::set<std::string> steps = steps_of(small);
  EXPECT_FALSE(steps.contains("observe"));
  EXPECT_TRUE(steps.contains("prove seg"));
}

TEST(DeployInt8, CorrectedHeadsAreWhatIsBuiltAndTheScalesBelongToThem) {
  SmallDeploy small(4);
  small.use_int8();
  const bundle::HashedFile plain = part_of(small.run(), "depth").model;
  small.options().corrections = {.feedback = true, .bias = true};
  EXPECT_THAT(steps_of(small),
              testing::AllOf(Contains("calibrate depth"),
                             Contains("build depth"),
                             testing::Not(Contains("observe")),
                             testing::Not(Contains("prove depth"))))
      << "no image is counted again, and in float32 the head is what it was";
  const Deployment deployment = small.run();
  EXPECT_EQ(deployment.steps_made, 0);
  EXPECT_THAT(deployment.refusals, IsEmpty());
  const bundle::Part& depth = part_of(deployment, "depth");
  EXPECT_NE(depth.model.hash, plain.hash);
  const Graph built = load_part(small.folder() / depth.model.path, "dla_sim");
  const quant::ScaleTable table =
      quant::parse_scales_json(MappedFile(small.folder() / depth.scales.at("json").path).text());
  EXPECT_EQ(table.graph_hash, quant::graph_hash(built));
  EXPECT_THAT(quant::find_misfit(table, built).missing, IsEmpty());
}

TEST(DeployInt8, EqualizedHeadsAreCountedAgainAndStayTheNetwork) {
  SmallDeploy small(4);
  small.use_int8();
  const Deployment plain = small.run();
  small.options().equalize = true;
  EXPECT_THAT(
      steps_of(small),
      testing::AllOf(Contains("equalize seg"), Contains("observe"), Contains("prove depth")));
  const Deployment equalized = small.run();
  EXPECT_EQ(equalized.steps_made, 0);
  EXPECT_THAT(equalized.refusals, IsEmpty());
  small.options().equalize = false;
  EXPECT_EQ(small.run().manifest, plain.manifest);
}

TEST(Deploy, WithoutInt8ThereIsNothingToTuneAndThatIsSaid) {
  SmallDeploy small;
  small.options().equalize = true;
  EXPECT_THAT(small.run().notes, Contains(HasSubstr("no head runs in INT8")));
}

TEST(DeployInt8, ALimitThatIsNotKeptRefusesTheBundle) {
  SmallDeploy small;
  small.use_int8();
  small.options().target.heads["depth"].limits.max_depth_change = 0.0;
  small.options().target.heads["seg"].limits.min_sqnr = 200.0;
  const Deployment refused = small.run();
  EXPECT_THAT(refused.refusals,
              ElementsAre(HasSubstr("output 'seg': "), HasSubstr("expected at most 0")));
  EXPECT_FALSE(std::filesystem::exists(small.folder() / "manifest.json"));
  small.options().target.heads.clear();
  const Deployment taken = small.run();
  EXPECT_THAT(taken.refusals, IsEmpty());
  EXPECT_EQ(taken.steps_made, 1) << "the target; nothing else depends on limits";
}

// The depth head sums along its channels, which no DLA does.
constexpr const char* kRefusedNetwork = R"(graph "refused" {
  input %image: f32[1,3,32,64]
  const %w1: f32[8,3,3,3] = random(1)
  const %ws: f32[5,8,1,1] = random(3)
  const %wd: f32[8,8,1,1] = random(4)
  const %axis: s64[] = [1]
  const %range: f32[] = [80]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f1 = Relu(%a)
  %scores = Conv(%f1, %ws)
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %d = Conv(%f1, %wd)
  %sums = CumSum(%d, %axis)
  %e = Sigmoid(%sums)
  %depth = Mul(%e, %range)
  output %seg
  output %depth
})";

TEST(DeployInt8, AHeadThatADlaRefusesRunsOnTheFallbackAndThatIsSaid) {
  SmallDeploy small;
  small.use_network(kRefusedNetwork);
  small.use_int8();
  const Deployment deployment = small.run();
  EXPECT_EQ(part_of(deployment, "depth").device, "cpu");
  EXPECT_EQ(part_of(deployment, "depth").precision, "f32");
  EXPECT_THAT(part_of(deployment, "depth").fallback, HasSubstr("(CumSum)"));
  EXPECT_THAT(deployment.notes,
              Contains(testing::AllOf(HasSubstr("head 'depth' on dla_sim:1: node"),
                                      HasSubstr("it runs on cpu in float32 instead"))));
  EXPECT_EQ(part_of(deployment, "seg").precision, "int8");
  EXPECT_FALSE(deployment.manifest.verified[1].quantized);
}

TEST(DeployInt8, WithoutAFallbackTheRefusalNamesHeadNodeAndRule) {
  SmallDeploy small;
  small.use_network(kRefusedNetwork);
  small.use_int8();
  small.options().target.head_defaults.fallback.reset();
  try {
    (void)small.run();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::Unsupported);
    EXPECT_THAT(error.what(), HasSubstr("head 'depth' on dla_sim:1: node"));
    EXPECT_THAT(error.what(), HasSubstr("(dla."));
  }
}

TEST(DeployInt8, WithoutImagesItIsRefused) {
  SmallDeploy small(0);
  small.use_int8();
  EXPECT_EQ(part_of(small.run(), "seg").precision, "f32") << "on the fallback";
  small.options().target.head_defaults.fallback.reset();
  try {
    (void)small.run();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("head 'seg' on dla_sim:0: INT8 is calibrated on images"));
  }
}

TEST(Deploy, AnotherImageVerifiesAgainAndBuildsNothing) {
  SmallDeploy small(3);
  (void)small.run();
  std::swap(small.options().images[0], small.options().images[2]);
  EXPECT_THAT(steps_of(small), ElementsAre("verify depth", "verify seg"));
}

TEST(Deploy, GoingBackGivesTheSameBytes) {
  SmallDeploy small;
  (void)small.run();
  const auto files = files_of(small.folder());
  small.options().target.heads["seg"].every = 2;
  (void)small.run();
  EXPECT_NE(files_of(small.folder()), files);
  small.options().target.heads.clear();
  (void)small.run();
  EXPECT_EQ(files_of(small.folder()), files);
}

TEST(Deploy, EditedAndDamagedFilesAreNamedAndMadeAgain) {
  SmallDeploy small;
  small.use_int8();
  const Deployment first = small.run();
  const auto files = files_of(small.folder());
  for (const auto& [path, content] : files) {
    std::string damaged = content;
    damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 64);
    write_file(small.folder() / path, damaged);
    const Deployment repaired = small.run();
    EXPECT_THAT(repaired.findings, ElementsAre(HasSubstr(path))) << path;
    EXPECT_EQ(files_of(small.folder()), files) << path;
  }
}

TEST(Deploy, RemovedFilesAreMadeAgain) {
  const SmallDeploy small;
  const Deployment first = small.run();
  const auto files = files_of(small.folder());
  std::filesystem::remove(small.folder() / part_of(first, "seg").engine.path);
  std::filesystem::remove_all(small.folder() / "steps");
  EXPECT_EQ(small.run().steps_found, 0);
  EXPECT_EQ(files_of(small.folder()), files);
}

TEST(Deploy, FilesOfOthersInTheFolderStay) {
  const SmallDeploy small;
  write_file(small.folder() / "notes.txt", "mine");
  write_file(small.folder() / "parts" / "notes.txt", "mine");
  EXPECT_THAT(small.run().findings, ElementsAre(HasSubstr("parts/notes.txt: not made by")));
  EXPECT_TRUE(std::filesystem::exists(small.folder() / "notes.txt"));
}

TEST(Deploy, AnEditedCardIsSeen) {
  const SmallDeploy small;
  (void)small.run();
  write_file(small.inputs() / "net.toml", "[output.depth]\ntask = \"raw\"\n");
  EXPECT_THAT(steps_of(small), Contains("card"));
}

TEST(Deploy, OneAtATimeInAFolder) {
  const SmallDeploy small;
  (void)small.run();
  const FolderLock lock(small.folder());
  try {
    (void)small.run();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("another mtmi is at work here"));
  }
}

TEST(Deploy, AHeadThatTheNetworkHasNotIsNamed) {
  SmallDeploy small;
  small.options().target.heads["boxes"].every = 2;
  try {
    (void)small.run();
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("speaks of head 'boxes'; the network's heads are: seg"));
  }
}

}  // namespace
}  // namespace mtmi::deploy
