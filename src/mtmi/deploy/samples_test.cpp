#include "mtmi/deploy/samples.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/deploy/deploy_for_tests.h"
#include "mtmi/vision/image.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::deploy {
namespace {

using testing::ElementsAre;

class SamplesTest : public testing::Test {
 protected:
  [[nodiscard]] Samples make(std::size_t limit) {
    return {source_, simplified_, small_.options().images, limit};
  }

  SmallDeploy small_{3};
  KnownHashes known_{small_.inputs() / "known.json"};
  StepStore store_{small_.folder(), [](const Progress&) {}};
  Source source_{small_.options(), store_, known_};
  Simplified simplified_ = simplify_network(store_, source_);
};

TEST_F(SamplesTest, AreTheFirstImages) {
  EXPECT_EQ(make(2).count(), 2U);
  EXPECT_EQ(make(10).count(), 3U);
}

TEST_F(SamplesTest, AreWhatPreprocessingGives) {
  const TensorMap sample = make(2).load(1);
  Tensor expected(DType::Float32, Shape{1, 3, 32, 64});
  vision::preprocess(vision::read_image(small_.options().images[1]),
                     source_.card().inputs.begin()->second,
                     expected.data<float>());
  EXPECT_TRUE(std::ranges::equal(sample.at("image").data<float>(), expected.data<float>()));
}

TEST_F(SamplesTest, AnImageOfAnotherSizeIsStretched) {
  vision::write_png(small_.options().images[0], vision::Image(16, 16));
  EXPECT_EQ(make(1).load(0).at("image").shape(), (Shape{1, 3, 32, 64}));
}

TEST_F(SamplesTest, HashesAreOfTheCardAndOfEachImage) {
  const std::vector<std::filesystem::path>& images = small_.options().images;
  EXPECT_THAT(make(3).hashes(known_, 2),
              ElementsAre(simplified_.card.hash, known_.of(images[0]), known_.of(images[1])));
}

TEST_F(SamplesTest, WithoutImagesOneIsRandomAndTheSameEachTime) {
  small_.options().images.clear();
  Samples samples = make(2);
  EXPECT_EQ(samples.count(), 1U);
  EXPECT_THAT(samples.hashes(known_, 1), ElementsAre("random"));
  const TensorMap once = samples.load(0);
  const TensorMap again = samples.load(0);
  EXPECT_TRUE(std::ranges::equal(once.at("image").data<float>(), again.at("image").data<float>()));
}

}  // namespace
}  // namespace mtmi::deploy
