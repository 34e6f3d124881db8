#include "mtmi/deploy/deploy.h"

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/deploy/deploy_for_tests.h"
#include "mtmi/deploy/folder_lock.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

using testing::Contains;
using testing::ElementsAre;
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

std::filesystem::path engine_of(const Deployment& deployment, const std::string& part) {
  for (const bundle::Part& p : deployment.manifest.parts) {
    if (p.name == part) {
      return p.engine.path;
    }
  }
  return {};
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
  const SmallDeploy small;
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
  std::filesystem::remove(small.folder() / engine_of(first, "seg"));
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
    EXPECT_THAT(error.what(), HasSubstr("another deploy is at work here"));
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
