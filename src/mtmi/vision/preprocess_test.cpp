#include "mtmi/vision/preprocess.h"

#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/vision/preprocess_variants.h"

namespace mtmi::vision {
namespace {

Image noise(int height, int width) {
  Image image(height, width);
  Random random(11);
  for (std::uint8_t& value : image.data()) {
    value = static_cast<std::uint8_t>(random.below(256));
  }
  return image;
}

TEST(Preprocess, GivesNormalisedPlanesInTheOrderRedGreenBlue) {
  Image image(1, 2);
  image.pixel(0, 0)[0] = 255;
  image.pixel(0, 1)[1] = 100;
  std::vector<float> dst(6);
  preprocess(image, {}, dst);
  EXPECT_FLOAT_EQ(dst[0], (255.0F - 123.675F) / 58.395F);
  EXPECT_FLOAT_EQ(dst[1], -123.675F / 58.395F);
  EXPECT_FLOAT_EQ(dst[3], (100.0F - 116.28F) / 57.12F);
  EXPECT_FLOAT_EQ(dst[5], -103.53F / 57.375F);
}

TEST(Preprocess, BlueFirstTakesMeanAndStdInThatOrder) {
  Image image(1, 1);
  image.pixel(0, 0)[0] = 10;
  image.pixel(0, 0)[2] = 30;
  const Preprocessing p{
      .color_order = ColorOrder::Bgr, .mean = {1, 2, 3}, .std = {2, 4, 8}, .scale = 0.5F};
  std::vector<float> dst(3);
  preprocess(image, p, dst);
  EXPECT_EQ(dst, (std::vector<float>{7.0F, -0.5F, 0.25F}));
}

TEST(Preprocess, EveryVariantGivesTheBitsOfTheReference) {
  for (const int width : {1, 15, 16, 17, 64, 251}) {
    const Image image = noise(3, width);
    const std::size_t count = image.data().size() / 3;
    const auto run = [&](PreprocessFn fn) {
      std::vector<float> dst(3 * count + 1, -77.0F);  // one guard behind the last plane
      fn({.src = image.data().data(),
          .count = count,
          .planes = {dst.data(), dst.data() + count, dst.data() + 2 * count},
          .mean = {123.675F, 116.28F, 103.53F},
          .std = {58.395F, 57.12F, 57.375F},
          .scale = 0.7F});
      EXPECT_EQ(dst.back(), -77.0F);
      return dst;
    };
    const auto expected = run(&preprocess_ref);
    for (const PreprocessVariant& variant : preprocess_variants()) {
      if (has_isa(variant.isa)) {
        EXPECT_EQ(run(variant.run), expected) << to_string(variant.isa) << ", width " << width;
      }
    }
  }
}

}  // namespace
}  // namespace mtmi::vision
