#include "mtmi/quant/histogram_counter.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/quant/bin_kernels.h"

namespace mtmi::quant {
namespace {

/// Normal values of growing magnitude, half of them zero in places, with runs of equal ones.
std::vector<float> feature_values(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    const float growth = 1.0F + 100.0F * static_cast<float>(i) / static_cast<float>(count);
    const float value = growth * random.normal();
    values[i] = i % 3 == 0 ? std::max(value, 0.0F) : i % 1000 < 50 ? 6.0F : value;
  }
  return values;
}

Histogram by_definition(std::span<const float> values) {
  Histogram histogram;
  EXPECT_FALSE(histogram.add(values));
  return histogram;
}

TEST(HistogramCounter, EveryKernelCountsAsTheDefinitionForEveryNumberOfThreads) {
  for (const std::size_t count : {std::size_t{0},
                                  std::size_t{1},
                                  std::size_t{15},
                                  std::size_t{1031},
                                  std::size_t{16384},
                                  std::size_t{500'009}}) {
    const std::vector<float> values = feature_values(count, count);
    const Histogram expected = by_definition(values);
    for (const BinKernel& kernel : bin_kernels()) {
      if (!has_isa(kernel.isa)) {
        continue;
      }
      for (const int threads : {1, 2, 3}) {
        ThreadPool pool(threads);
        HistogramCounter counter(pool, kernel.isa);
        Histogram histogram;
        ASSERT_FALSE(counter.count(values, histogram));
        EXPECT_EQ(histogram, expected) << to_string(kernel.isa) << ", " << threads << " threads";
      }
    }
  }
}

TEST(HistogramCounter, GoesOnWithWhatWasCounted) {
  HistogramCounter counter;
  Histogram histogram;
  Histogram expected;
  for (const float scale : {1.0F, 1e-3F, 1e6F, 1e-30F, 0.0F, 3e38F, 1.0F}) {
    std::vector<float> values = feature_values(200'003, 7);
    const float largest = by_definition(values).absmax();
    std::for_each(values.begin(), values.end(), [&](float& x) { x *= scale / largest; });
    ASSERT_FALSE(counter.count(values, histogram));
    ASSERT_FALSE(expected.add(values));
    ASSERT_EQ(histogram, expected) << scale;
  }
}

TEST(HistogramCounter, NamesTheFirstValueThatIsNotFiniteAndCountsNone) {
  HistogramCounter counter;
  std::vector<float> values = feature_values(300'000, 9);
  Histogram histogram = by_definition(values);
  const Histogram before = histogram;
  values[123'456] = std::nanf("");
  values[290'000] = std::numeric_limits<float>::infinity();
  const auto found = counter.count(values, histogram);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->index, 123'456U);
  EXPECT_TRUE(std::isnan(found->value));
  EXPECT_EQ(histogram, before);

  Histogram next;  // nothing is left over
  values[123'456] = values[290'000] = 1.0F;
  ASSERT_FALSE(counter.count(values, next));
  EXPECT_EQ(next, by_definition(values));
}

}  // namespace
}  // namespace mtmi::quant
