#include "mtmi/vision/deflate.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/vision/image.h"

namespace mtmi::vision {
namespace {

// Through the quick encoder and libpng's decoder, which checks the sums, too.
TEST(Deflate, NoiseOfAnySpreadReadsBack) {
  Random random(4);
  for (const std::uint64_t values : {1U, 2U, 3U, 17U, 255U, 256U}) {
    Gray8Image image(400, 500);
    for (std::uint8_t& value : image.data()) {
      value = static_cast<std::uint8_t>(random.below(values));
    }
    ASSERT_EQ(decode_gray8(encode_png(image, PngEffort::Fast), "x"), image) << values;
  }
}

TEST(Deflate, WritesTheSameBytesEveryTimeAndFewForWhatRepeats) {
  const std::vector<std::byte> zeros(1000000);
  const std::vector<std::byte> stream = deflate_fast(zeros);
  EXPECT_EQ(stream, deflate_fast(zeros));
  EXPECT_LT(stream.size(), 10000U);
}

}  // namespace
}  // namespace mtmi::vision
