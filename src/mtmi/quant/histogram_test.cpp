#include "mtmi/quant/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::quant {
namespace {

std::vector<float> random_values(std::size_t count, float scale, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(count);
  std::generate(values.begin(), values.end(), [&] { return scale * random.normal(); });
  return values;
}

Histogram histogram_of(std::span<const float> values) {
  Histogram histogram;
  EXPECT_FALSE(histogram.add(values));
  return histogram;
}

TEST(Histogram, EachBinHoldsTheMagnitudesOfItsInterval) {
  const std::vector<float> values{0.0F, -0.0F, 1.0F, -1.0F, 0.5F, 0x1p-16F, 0x1.8p-16F, 0x1p-20F};
  const Histogram histogram = histogram_of(values);
  EXPECT_EQ(histogram.absmax(), 1.0F);
  EXPECT_EQ(histogram.exponent(), -15);  // 1 = 2^15 * 2^-15 has a bin, and would have none at 2^-16
  EXPECT_EQ(histogram.bin_width(), 0x1p-15);
  EXPECT_EQ(histogram.zeros(), 2U);
  EXPECT_EQ(histogram.count(), values.size());
  EXPECT_EQ(histogram.bins()[1U << 15], 2U);
  EXPECT_EQ(histogram.bins()[1U << 14], 1U);
  EXPECT_EQ(histogram.bins()[0], 3U);
}

TEST(Histogram, DependsOnTheValuesAndNotOnTheirOrderOrGrouping) {
  std::vector<float> values = random_values(5000, 1.0F, 1);
  const std::vector<float> larger = random_values(500, 1000.0F, 2);
  values.insert(values.end(), larger.begin(), larger.end());
  values.resize(values.size() + 7);  // zeros
  const Histogram whole = histogram_of(values);

  std::vector<float> reversed(values.rbegin(), values.rend());
  EXPECT_EQ(histogram_of(reversed), whole);

  Histogram one_by_one;
  for (const float value : values) {
    ASSERT_FALSE(one_by_one.add({&value, 1}));
  }
  EXPECT_EQ(one_by_one, whole);

  for (const std::size_t cut : {std::size_t{0}, std::size_t{1}, std::size_t{4999}, values.size()}) {
    const std::span all(values);
    Histogram first = histogram_of(all.first(cut));
    const Histogram second = histogram_of(all.subspan(cut));
    Histogram other_way = second;
    first.merge(second);
    other_way.merge(histogram_of(all.first(cut)));
    EXPECT_EQ(first, whole);
    EXPECT_EQ(other_way, whole);
  }
}

TEST(Histogram, HoldsTheWholeRangeOfFloat32) {
  const float largest = std::numeric_limits<float>::max();
  const float smallest = std::numeric_limits<float>::denorm_min();
  const Histogram histogram = histogram_of(std::vector{smallest, -largest, 1.0F});
  EXPECT_EQ(histogram.absmax(), largest);
  EXPECT_EQ(histogram.bins()[Histogram::kBins - 1], 1U);
  EXPECT_EQ(histogram.bins()[0], 2U);
  EXPECT_EQ(histogram_of(std::vector{smallest}).bins()[0], 1U);
}

TEST(Histogram, NamesTheFirstValueThatIsNotFiniteAndCountsNone) {
  Histogram histogram = histogram_of(std::vector{1.0F});
  const Histogram before = histogram;
  const float infinity = std::numeric_limits<float>::infinity();
  const auto found = histogram.add(std::vector{5.0F, -infinity, std::nanf("")});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->index, 1U);
  EXPECT_EQ(found->value, -infinity);
  EXPECT_EQ(histogram, before);
}

TEST(Histogram, IsTakenUpFromItsCounts) {
  const Histogram histogram = histogram_of(random_values(1000, 3.0F, 3));
  const std::vector<std::uint64_t> bins(histogram.bins().begin(), histogram.bins().end());
  EXPECT_EQ(Histogram::from_counts(histogram.absmax(), histogram.zeros(), bins), histogram);
  const Histogram dead = histogram_of(std::vector<float>(5));
  EXPECT_EQ(Histogram::from_counts(0.0F, 5, std::vector<std::uint64_t>(Histogram::kBins)), dead);
}

TEST(Histogram, CountsThatContradictTheirLargestValueAreRefused) {
  const Histogram histogram = histogram_of(random_values(1000, 3.0F, 4));
  const std::vector<std::uint64_t> bins(histogram.bins().begin(), histogram.bins().end());
  const auto accepts = [&](float absmax, std::vector<std::uint64_t> counts) {
    return Histogram::from_counts(absmax, 0, std::move(counts)).has_value();
  };
  EXPECT_TRUE(accepts(histogram.absmax(), bins));
  EXPECT_FALSE(accepts(histogram.absmax() * 1.5F, bins));
  EXPECT_FALSE(accepts(0.0F, bins));
  EXPECT_FALSE(accepts(-histogram.absmax(), bins));
  EXPECT_FALSE(accepts(std::nanf(""), bins));
  EXPECT_FALSE(accepts(1.0F, {1, 2, 3}));
}

TEST(Histogram, CollapsesByTheCentresOfItsBins) {
  const std::vector<float> values = random_values(20000, 0.3F, 5);
  const Histogram histogram = histogram_of(values);
  const std::vector<std::uint64_t> coarse = collapse(histogram, 64);
  std::vector<std::uint64_t> expected(64);
  for (const float value : values) {  // each value goes where the centre of its bin goes
    const double width = histogram.bin_width();
    const double centre = (std::floor(std::abs(value) / width) + 0.5) * width;
    const double at = std::floor(centre * 64 / histogram.absmax());
    ++expected[static_cast<std::size_t>(std::min(at, 63.0))];
  }
  EXPECT_EQ(coarse, expected);
}

TEST(Histogram, CollapsingPutsZerosIntoTheFirstBin) {
  const std::vector<std::uint64_t> coarse =
      collapse(histogram_of(std::vector{0.0F, 0.0F, 1.0F}), 4);
  EXPECT_EQ(coarse, (std::vector<std::uint64_t>{2, 0, 0, 1}));
}

}  // namespace
}  // namespace mtmi::quant
