#include "mtmi/calibration/feature_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/npy.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi::calibration {
namespace {

using testing::HasSubstr;

const std::vector<TensorDesc> kInputs{
    {.name = "a/feature", .dtype = DType::Float32, .shape = {1, 2, 3, 4}},
    {.name = "b", .dtype = DType::Float32, .shape = {1, 5}}};

TensorMap tensors(std::uint64_t seed, std::int64_t images = 1) {
  return {{"a/feature", random_tensor(DType::Float32, {images, 2, 3, 4}, seed)},
          {"b", random_tensor(DType::Float32, {images, 5}, seed + 100)}};
}

std::string refusal_of(const std::filesystem::path& folder) {
  try {
    const FeatureFolder features(folder, kInputs);
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(FeatureFolder, ReadsWhatWasWritten) {
  const TemporaryFolder folder;
  FeatureWriter writer(folder.path(), {"a/feature", "b"});
  EXPECT_EQ(writer.write("images/second.png", tensors(2)), "second");
  EXPECT_EQ(writer.write("images/first.png", tensors(1)), "first");
  EXPECT_EQ(writer.write("images/first.jpg", tensors(3)), "first-2");
  EXPECT_TRUE(std::filesystem::exists(folder / "a_feature/first.npy"));
  FeatureFolder features(folder.path(), kInputs);
  ASSERT_EQ(features.size(), 3U);
  EXPECT_EQ(features.name(0), "first");
  for (const std::size_t i : {0U, 1U, 2U, 0U}) {
    const TensorMap expected = tensors(i == 0 ? 1 : i == 1 ? 3 : 2);
    for (const auto& [name, tensor] : features.load(i)) {
      EXPECT_TRUE(bitwise_equal(tensor, expected.find(name)->second)) << features.name(i);
    }
  }
}

TEST(FeatureFolder, FileOfSeveralImagesIsThoseImages) {
  const TemporaryFolder folder;
  FeatureWriter(folder.path(), {"a/feature", "b"}).write("batch", tensors(7, 3));
  FeatureFolder features(folder.path(), kInputs);
  ASSERT_EQ(features.size(), 3U);
  EXPECT_EQ(features.name(2), "batch[2]");
  const Tensor whole = tensors(7, 3).at("b");
  const Tensor& last = features.load(2).find("b")->second;
  EXPECT_EQ(last.shape(), kInputs[1].shape);
  EXPECT_EQ(last.data<float>()[4], whole.data<float>()[14]);
}

TEST(FeatureFolder, WhatDoesNotFitIsNamed) {
  const TemporaryFolder folder;
  EXPECT_THAT(refusal_of(folder.path()),
              HasSubstr("no folder with features for input 'a/feature'"));
  FeatureWriter writer(folder.path(), {"a/feature", "b"});
  EXPECT_THAT(refusal_of(folder.path()), HasSubstr("there is no .npy file"));
  writer.write("x", tensors(1));
  EXPECT_EQ(refusal_of(folder.path()), "no error");

  write_npy(folder / "b/y.npy", tensors(1).at("b"));
  EXPECT_THAT(refusal_of(folder.path()), HasSubstr("a_feature/y.npy: there is no such file"));
  write_npy(folder / "a_feature/y.npy", random_tensor(DType::Float32, {1, 2, 4, 3}, 1));
  EXPECT_THAT(refusal_of(folder.path()),
              HasSubstr("a_feature/y.npy: got f32[1,2,4,3], expected f32[1,2,3,4]"));
  write_npy(folder / "a_feature/y.npy", random_tensor(DType::Float16, {1, 2, 3, 4}, 1));
  EXPECT_THAT(refusal_of(folder.path()), HasSubstr("got f16[1,2,3,4]"));
  write_npy(folder / "a_feature/y.npy", random_tensor(DType::Float32, {2, 2, 3, 4}, 1));
  EXPECT_THAT(refusal_of(folder.path()), HasSubstr("b/y.npy: holds 1 images, expected 2"));
}

}  // namespace
}  // namespace mtmi::calibration
