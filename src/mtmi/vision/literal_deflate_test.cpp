#include "mtmi/vision/literal_deflate.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <libdeflate.h>

#include "mtmi/core/random.h"
#include "mtmi/vision/deflate.h"

namespace mtmi::vision {
namespace {

// What another decoder makes of the stream; it checks the sum, too.
std::vector<std::byte> inflated(std::span<const std::byte> stream, std::size_t size) {
  libdeflate_decompressor* decompressor = libdeflate_alloc_decompressor();
  std::vector<std::byte> bytes(size + 1);
  std::size_t got = 0;
  const libdeflate_result result = libdeflate_zlib_decompress(
      decompressor, stream.data(), stream.size(), bytes.data(), bytes.size(), &got);
  libdeflate_free_decompressor(decompressor);
  EXPECT_EQ(result, LIBDEFLATE_SUCCESS);
  bytes.resize(got);
  return bytes;
}

// Differences of a photograph's neighbours: mostly small.
std::vector<std::byte> grain(std::size_t size, float spread) {
  Random random(7);
  std::vector<std::byte> bytes(size);
  for (std::byte& byte : bytes) {
    float sum = 0;
    for (int i = 0; i < 4; ++i) {
      sum += random.uniform(-spread, spread);
    }
    byte = static_cast<std::byte>(static_cast<int>(sum) & 255);
  }
  return bytes;
}

TEST(DeflateLiterals, BytesOfAnySpreadReadBack) {
  Random random(4);
  for (const std::uint64_t values : {1U, 2U, 3U, 17U, 255U, 256U}) {
    std::vector<std::byte> bytes(200000);
    for (std::byte& byte : bytes) {
      byte = static_cast<std::byte>(random.below(values));
    }
    EXPECT_EQ(inflated(deflate_literals(bytes), bytes.size()), bytes) << values;
  }
}

TEST(DeflateLiterals, AnyNumberOfBytesReadsBack) {
  const std::vector<std::byte> bytes = grain(200000, 5);
  for (const std::size_t size : {0U, 1U, 2U, 3U, 5U, 65535U, 65536U, 65537U, 131072U, 199999U}) {
    const std::vector<std::byte> some(bytes.begin(),
                                      bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(inflated(deflate_literals(some), size), some) << size;
  }
}

// Counts as Fibonacci's numbers make the longest codes.
TEST(DeflateLiterals, CodesThatWouldBeTooLongAreShortened) {
  std::vector<std::byte> bytes;
  std::size_t count = 1;
  std::size_t last = 1;
  for (int symbol = 0; symbol < 22; ++symbol) {
    bytes.insert(bytes.end(), count, static_cast<std::byte>(symbol));
    last = std::exchange(count, count + last);
  }
  bytes.resize(65536);
  EXPECT_EQ(inflated(deflate_literals(bytes), bytes.size()), bytes);
}

TEST(DeflateLiterals, OfGrainIsAsSmallAsWithASearchForRepetitions) {
  for (const float spread : {3.0F, 20.0F}) {
    const std::vector<std::byte> bytes = grain(500000, spread);
    EXPECT_LT(deflate_literals(bytes).size(), deflate_fast(bytes).size() * 101 / 100) << spread;
  }
}

}  // namespace
}  // namespace mtmi::vision
