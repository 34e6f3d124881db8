#include "mtmi/calibration/runs.h"

#include <cstdint>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/head_for_tests.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/random.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/vision/image.h"

namespace mtmi::calibration {
namespace {

std::vector<std::filesystem::path> write_images(const std::filesystem::path& folder, int count) {
  std::vector<std::filesystem::path> paths;
  for (int i = 0; i < count; ++i) {
    vision::Image image(20, 24);  // of another size than the network's
    Random random(static_cast<std::uint64_t>(i));
    for (std::uint8_t& byte : image.data()) {
      byte = static_cast<std::uint8_t>(random.below(256));
    }
    paths.push_back(folder / ("image" + std::to_string(i) + ".png"));
    vision::write_png(paths.back(), image);
  }
  return paths;
}

class Runs : public testing::Test {
 protected:
  quant::Observations observe(quant::CalibrationImages& images, const std::string& context) {
    return quant::observe_images(images, head_.tensors(), context, {});
  }

  TemporaryFolder folder_;
  std::unique_ptr<Backend> cpu_ = make_cpu_backend();
  ObservedModel head_{*cpu_, small_head()};
  Encoder encoder_{*cpu_, small_encoder(), {}};
};

TEST_F(Runs, FeaturesInFilesAndInMemoryGiveTheSame) {
  const auto images = write_images(folder_.path(), 3);
  FeatureWriter writer(folder_ / "features", {"near", "far"});
  for (const auto& image : images) {
    writer.write(image, encoder_.run(image));
  }
  ImageRuns in_memory(images, encoder_, {&head_});
  FeatureRuns in_files(folder_ / "features", head_);
  EXPECT_EQ(observe(in_memory, "").tensors, observe(in_files, "").tensors);
}

TEST_F(Runs, BatchesOfFeaturesChangeNothing) {
  FeatureWriter single(folder_ / "single", {"near", "far"});
  std::vector<float> near;
  std::vector<float> far;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const TensorMap tensors{{"near", random_tensor(DType::Float32, {1, 8, 8, 8}, seed)},
                            {"far", random_tensor(DType::Float32, {1, 8, 4, 4}, seed + 10)}};
    single.write(std::to_string(seed), tensors);
    near.insert(near.end(),
                tensors.at("near").data<float>().begin(),
                tensors.at("near").data<float>().end());
    far.insert(
        far.end(), tensors.at("far").data<float>().begin(), tensors.at("far").data<float>().end());
  }
  FeatureWriter(folder_ / "batch", {"near", "far"})
      .write("all",
             {{"near", Tensor::from<float>({3, 8, 8, 8}, near)},
              {"far", Tensor::from<float>({3, 8, 4, 4}, far)}});
  FeatureRuns one_by_one(folder_ / "single", head_);
  FeatureRuns at_once(folder_ / "batch", head_);
  EXPECT_EQ(at_once.size(), 3U);
  EXPECT_EQ(encode(observe(one_by_one, "c")), encode(observe(at_once, "c")));
}

TEST_F(Runs, SeveralHeadsShareOneRunOfTheEncoder) {
  const auto images = write_images(folder_.path(), 2);
  ObservedModel second(*cpu_, small_head());
  ImageRuns both(images, encoder_, {&head_, &second});
  ImageRuns one(images, encoder_, {&head_});
  EXPECT_NE(both.context(), one.context());
  EXPECT_EQ(observe(both, "").tensors, observe(one, "").tensors);  // each tensor counts once
}

TEST_F(Runs, ContextAndDigestsTellWhatAnImageBecomes) {
  const auto images = write_images(folder_.path(), 2);
  ImageRuns runs(images, encoder_, {&head_});
  EXPECT_NE(runs.digest(0), runs.digest(1));
  vision::Preprocessing bgr;
  bgr.color_order = vision::ColorOrder::Bgr;
  Encoder other(*cpu_, small_encoder(), bgr);
  ImageRuns of_other(images, other, {&head_});
  EXPECT_NE(of_other.context(), runs.context());
  EXPECT_EQ(of_other.digest(0), runs.digest(0));
}

TEST_F(Runs, EncoderThatTakesNoImageIsRefused) {
  EXPECT_THROW(Encoder(*cpu_, small_head(), {}), Error);
}

}  // namespace
}  // namespace mtmi::calibration
