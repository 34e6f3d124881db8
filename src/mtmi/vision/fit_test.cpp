#include "mtmi/vision/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/error.h"

namespace mtmi::vision {
namespace {

Image noise(int height, int width) {
  Image image(height, width);
  Random random(5);
  for (std::uint8_t& value : image.data()) {
    value = static_cast<std::uint8_t>(random.below(256));
  }
  return image;
}

Image flat(int height, int width, std::uint8_t value) {
  return {height, width, value};
}

TEST(FitGeometry, RefuseNamesBothSizes) {
  try {
    static_cast<void>(fit_geometry(480, 640, 512, 1024, SizePolicy::Refuse));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    EXPECT_THAT(error.what(), testing::HasSubstr("got an image of 480x640, expected 512x1024"));
  }
}

TEST(FitGeometry, CropTakesTheLargestCentredWindow) {
  const FitGeometry g = fit_geometry(1024, 2048, 1024, 1024, SizePolicy::Crop);
  EXPECT_EQ(g.src, (Rect{.y = 0, .x = 512, .height = 1024, .width = 1024}));
  EXPECT_EQ(g.dst, (Rect{.y = 0, .x = 0, .height = 1024, .width = 1024}));
}

TEST(FitGeometry, LetterboxKeepsTheAspectRatio) {
  const FitGeometry g = fit_geometry(100, 400, 256, 512, SizePolicy::Letterbox);
  EXPECT_EQ(g.src, (Rect{.y = 0, .x = 0, .height = 100, .width = 400}));
  EXPECT_EQ(g.dst, (Rect{.y = 64, .x = 0, .height = 128, .width = 512}));
}

TEST(FitGeometry, ExtremeShapesStayInsideAndAreNeverEmpty) {
  for (const SizePolicy policy : {SizePolicy::Stretch, SizePolicy::Crop, SizePolicy::Letterbox}) {
    for (const auto& [h, w] : {std::pair{1, 60000}, {60000, 1}, {1, 1}, {3, 2}}) {
      const FitGeometry g = fit_geometry(h, w, 5, 7, policy);
      for (const auto& [r, outer_h, outer_w] : {std::tuple{g.src, h, w}, std::tuple{g.dst, 5, 7}}) {
        EXPECT_GE(r.y, 0);
        EXPECT_GE(r.x, 0);
        EXPECT_GE(r.height, 1);
        EXPECT_GE(r.width, 1);
        EXPECT_LE(r.y + r.height, outer_h);
        EXPECT_LE(r.x + r.width, outer_w);
      }
    }
  }
}

TEST(FitImage, AnImageOfTheSizeIsPassedThrough) {
  const Image image = noise(6, 8);
  EXPECT_EQ(fit_image(image, 6, 8, SizePolicy::Refuse), image);
}

TEST(FitImage, AFlatImageStaysFlatAtEverySize) {
  for (const int extent : {1, 2, 3, 17, 31, 64, 200}) {
    const Image fitted = fit_image(flat(extent, 64 + extent, 201), 37, 41, SizePolicy::Stretch);
    EXPECT_THAT(fitted.data(), testing::Each(201)) << extent;
  }
}

TEST(FitImage, HalvingAveragesWithTheTriangle) {
  Image image(1, 4);
  image.pixel(0, 1)[0] = 160;
  // Weights around the first output's centre 0.5 with radius 2: 3/4, 3/4, 1/4 of 7/4.
  EXPECT_EQ(fit_image(image, 1, 2, SizePolicy::Stretch).pixel(0, 0)[0], 69);
}

TEST(FitImage, DoublingInterpolatesBetweenPixelCentres) {
  Image image(1, 2);
  image.pixel(0, 1)[0] = 100;
  const Image fitted = fit_image(image, 1, 4, SizePolicy::Stretch);
  EXPECT_EQ(fitted.pixel(0, 0)[0], 0);
  EXPECT_EQ(fitted.pixel(0, 1)[0], 25);
  EXPECT_EQ(fitted.pixel(0, 2)[0], 75);
  EXPECT_EQ(fitted.pixel(0, 3)[0], 100);
}

TEST(FitImage, CropDropsTheSides) {
  Image image(4, 12, 9);
  for (int y = 0; y < 4; ++y) {
    image.pixel(y, 0)[0] = 255;
    image.pixel(y, 11)[0] = 255;
  }
  EXPECT_THAT(fit_image(image, 2, 2, SizePolicy::Crop).data(), testing::Each(9));
}

TEST(FitImage, LetterboxHasBarsAboveAndBelow) {
  const Image fitted = fit_image(flat(10, 40, 7), 20, 20, SizePolicy::Letterbox);
  EXPECT_EQ(fitted.pixel(0, 0)[0], 124);
  EXPECT_EQ(fitted.pixel(19, 19)[2], 104);
  EXPECT_EQ(fitted.pixel(10, 10)[0], 7);
}

TEST(ImageFitter, ImagesOfChangingSizesAreAllFittedAsAlone) {
  ImageFitter fitter(16, 24, SizePolicy::Letterbox);
  for (const auto& [h, w] : {std::pair{40, 40}, {16, 24}, {5, 90}, {40, 40}}) {
    const Image image = noise(h, w);
    EXPECT_EQ(fitter.fit(image), fit_image(image, 16, 24, SizePolicy::Letterbox));
  }
}

TEST(SizePolicy, NamesParseBack) {
  for (const SizePolicy policy :
       {SizePolicy::Refuse, SizePolicy::Stretch, SizePolicy::Crop, SizePolicy::Letterbox}) {
    EXPECT_EQ(parse_size_policy(to_string(policy)), policy);
  }
  EXPECT_EQ(parse_size_policy("squash"), std::nullopt);
}

}  // namespace
}  // namespace mtmi::vision
