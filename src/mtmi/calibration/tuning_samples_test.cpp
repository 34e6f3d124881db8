#include "mtmi/calibration/tuning_samples.h"

#include <algorithm>
#include <cstdint>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/head_for_tests.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::calibration {
namespace {

using testing::ElementsAre;

/// Images that are numbers: each is its only feature, and decides its digest.
FeatureSource numbers(const std::vector<std::size_t>& images) {
  return {
      .count = images.size(),
      .digest = [&images](std::size_t i) { return std::to_string(images[i] * 7919 % 1000); },
      .load =
          [&images](std::size_t i) {
            return TensorMap{{"f", Tensor::from<float>(Shape{1}, {static_cast<float>(images[i])})}};
          }};
}

std::vector<float> take(const FeatureSource& source) {
  std::vector<float> taken;
  for (const TensorMap& sample : take_tuning_samples(source, ignore_progress)) {
    taken.push_back(sample.at("f").data<float>()[0]);
  }
  return taken;
}

TEST(TuningSamples, AreTheSameForEveryOrderOfImagesAndNoMoreThanTheirLimit) {
  std::vector<std::size_t> images(3 * kTuningImages);
  std::iota(images.begin(), images.end(), std::size_t{0});
  const std::vector<float> once = take(numbers(images));
  EXPECT_EQ(once.size(), kTuningImages);
  std::reverse(images.begin(), images.end());
  EXPECT_EQ(take(numbers(images)), once);
}

TEST(TuningSamples, AreAllOfAFewInTheOrderOfTheirDigests) {
  const std::vector<std::size_t> images{0, 1, 2};  // digests "0", "919", "838"
  EXPECT_THAT(take(numbers(images)), ElementsAre(0, 2, 1));
}

TEST(TuningSamples, AreToldOfOneByOne) {
  const std::vector<std::size_t> images{5, 6, 7};
  std::vector<std::int64_t> done;
  (void)take_tuning_samples(numbers(images), [&done](const Progress& progress) {
    EXPECT_EQ(progress.total, 3);
    done.push_back(progress.done);
  });
  EXPECT_THAT(done, ElementsAre(0, 1, 2));
}

TEST(TuningSamples, AreTheSameFromFilesAndFromImages) {
  const TemporaryFolder folder;
  const auto cpu = make_cpu_backend();
  Encoder encoder(*cpu, small_encoder(), {});
  FeatureWriter writer(folder / "features", {"near", "far"});
  std::vector<std::filesystem::path> images;
  for (std::uint8_t shade = 0; shade < 3; ++shade) {
    vision::Image image(16, 16);
    std::fill(image.data().begin(), image.data().end(), static_cast<std::uint8_t>(80 * shade));
    images.push_back(folder / ("image" + std::to_string(shade) + ".png"));
    vision::write_png(images.back(), image);
    writer.write(images.back(), encoder.run(images.back()));
  }
  const auto near_of = [](const FeatureSource& source) {
    std::vector<std::vector<float>> all;
    for (const TensorMap& sample : take_tuning_samples(source, ignore_progress)) {
      const auto near = sample.at("near").data<float>();
      all.emplace_back(near.begin(), near.end());
    }
    std::sort(all.begin(), all.end());  // digests are of features here, of image files there
    return all;
  };
  const auto from_files = near_of(features_in(folder / "features", small_head()));
  EXPECT_EQ(from_files.size(), 3U);
  EXPECT_EQ(from_files, near_of(features_of(images, encoder)));
}

TEST(TuningSamples, ThatDoNotFitIntoMemoryAreRefused) {
  const std::size_t limit = memory_limit();
  const std::vector<std::size_t> images{1};
  set_memory_limit(1);
  EXPECT_THROW((void)take_tuning_samples(numbers(images), ignore_progress), Error);
  set_memory_limit(limit);
}

}  // namespace
}  // namespace mtmi::calibration
