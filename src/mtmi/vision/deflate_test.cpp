#include "mtmi/vision/deflate.h"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/vision/image.h"

namespace mtmi::vision {
namespace {

// Through the quick encoder and libpng's decoder, which checks the sums, too.
Gray8Image written_and_read(const Gray8Image& image) {
  return decode_gray8(encode_png(image, PngEffort::Fast), "x");
}

Gray8Image image_of(int height, int width, const auto& pixel) {
  Gray8Image image(height, width);
  for (std::uint8_t& value : image.data()) {
    value = static_cast<std::uint8_t>(pixel());
  }
  return image;
}

TEST(Deflate, RunsOfEveryLengthReadBack) {
  for (int length = 1; length < 600; ++length) {
    Gray8Image image(2, length + 7);
    for (int x = 3; x < 3 + length; ++x) {
      *image.pixel(0, x) = 9;
    }
    ASSERT_EQ(written_and_read(image), image) << length;
  }
}

TEST(Deflate, NoiseOfAnySpreadReadsBack) {
  Random random(4);
  for (const std::uint64_t values : {1U, 2U, 3U, 17U, 255U, 256U}) {
    const Gray8Image image = image_of(400, 500, [&] { return random.below(values); });
    ASSERT_EQ(written_and_read(image), image) << values;
  }
}

// Counts that grow like Fibonacci's numbers would give a symbol more than 15 bits.
TEST(Deflate, CodesStayWithinFifteenBits) {
  std::vector<std::uint8_t> values;
  std::size_t count = 1;
  std::size_t before = 1;
  for (std::uint8_t symbol = 1; symbol <= 21; ++symbol) {
    values.insert(values.end(), count, symbol);
    before = std::exchange(count, count + before);
  }
  Random random(5);
  for (std::size_t i = values.size(); i-- > 1;) {  // shuffled, or runs would shorten them
    std::swap(values[i], values[random.below(i + 1)]);
  }
  std::size_t at = 0;
  const auto width = static_cast<int>(values.size());
  const Gray8Image image = image_of(1, width, [&] { return values[at++]; });
  EXPECT_EQ(written_and_read(image), image);
}

TEST(Deflate, WritesTheSameBytesEveryTimeAndFewForWhatRepeats) {
  const std::vector<std::byte> zeros(1000000);
  const std::vector<std::byte> stream = deflate_runs(zeros);
  EXPECT_EQ(stream, deflate_runs(zeros));
  EXPECT_LT(stream.size(), 5000U);
}

}  // namespace
}  // namespace mtmi::vision
