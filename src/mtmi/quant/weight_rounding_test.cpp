#include "mtmi/quant/weight_rounding.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/dla/int8_arithmetic.h"

namespace mtmi::quant {
namespace {

constexpr std::size_t kTaps = 24;
constexpr std::size_t kRows = 5;
constexpr std::size_t kColumns = 400;

/// Integers of which neighbours resemble each other, as pixels do, and most are positive.
std::vector<std::int16_t> columns(Random& random, std::size_t count) {
  std::vector<std::int16_t> values(kTaps * count);
  for (std::size_t c = 0; c < count; ++c) {
    float level = random.uniform(0.0F, 80.0F);
    for (std::size_t k = 0; k < kTaps; ++k) {
      level = std::clamp(level + random.uniform(-12.0F, 12.0F), 0.0F, 127.0F);
      values[k * count + c] = static_cast<std::int16_t>(level);
    }
  }
  return values;
}

std::vector<float> random_weights(Random& random) {
  std::vector<float> weights(kRows * kTaps);
  std::generate(weights.begin(), weights.end(), [&] { return random.uniform(-1.0F, 1.0F); });
  return weights;
}

dla::QuantizedWeights nearest(const std::vector<float>& weights) {
  const std::vector<float> bias(kRows, 0.0F);
  return dla::quantize_weights(weights, bias, 1.0F, dla::Rounding::HalfAway);
}

/// Sum over rows and columns of (w x - q x)^2.
double error_of(const std::vector<float>& weights,
                const std::vector<float>& rounded,
                const std::vector<std::int16_t>& values) {
  const std::size_t count = values.size() / kTaps;
  double error = 0.0;
  for (std::size_t r = 0; r < kRows; ++r) {
    for (std::size_t c = 0; c < count; ++c) {
      double sum = 0.0;
      for (std::size_t k = 0; k < kTaps; ++k) {
        sum += static_cast<double>(weights[r * kTaps + k] - rounded[r * kTaps + k]) *
               values[k * count + c];
      }
      error += sum * sum;
    }
  }
  return error;
}

TEST(WeightRounding, MomentsAreThePlainSumsWhateverTheOrderOfColumns) {
  Random random(3);
  const std::vector<std::int16_t> values = columns(random, 10);
  SecondMoments whole(kTaps);
  whole.add(values, 10);
  SecondMoments backwards(kTaps);
  for (std::size_t c = 10; c-- > 0;) {
    std::vector<std::int16_t> column(kTaps);
    for (std::size_t k = 0; k < kTaps; ++k) {
      column[k] = values[k * 10 + c];
    }
    backwards.add(column, 1);
  }
  for (std::size_t i = 0; i < kTaps; ++i) {
    for (std::size_t j = 0; j < kTaps; ++j) {
      double sum = 0.0;
      for (std::size_t c = 0; c < 10; ++c) {
        sum += double{static_cast<double>(values[i * 10 + c])} * values[j * 10 + c];
      }
      EXPECT_EQ(whole.at(i, j), sum);
      EXPECT_EQ(backwards.at(i, j), sum);
    }
  }
}

TEST(WeightRounding, LosesFarLessThanRoundingToTheNearest) {
  double lost = 0.0;
  double lost_to_nearest = 0.0;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Random random(seed);
    const std::vector<std::int16_t> values = columns(random, kColumns);
    const std::vector<float> weights = random_weights(random);
    const dla::QuantizedWeights plain = nearest(weights);
    std::vector<float> to_nearest(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
      to_nearest[i] = static_cast<float>(plain.weights[i]) * plain.scales[i / kTaps];
    }
    SecondMoments moments(kTaps);
    moments.add(values, kColumns);
    const std::vector<float> rounded = round_with_feedback(weights, plain.scales, moments);
    const std::vector<std::int16_t> unseen = columns(random, kColumns);
    lost += error_of(weights, rounded, unseen);
    lost_to_nearest += error_of(weights, to_nearest, unseen);
  }
  EXPECT_LT(lost, 0.25 * lost_to_nearest);
}

TEST(WeightRounding, GivesWeightsThatLieOnTheGridWithTheScalesThatTheyHad) {
  Random random(7);
  const std::vector<float> weights = random_weights(random);
  const dla::QuantizedWeights plain = nearest(weights);
  SecondMoments moments(kTaps);
  moments.add(columns(random, kColumns), kColumns);
  const std::vector<float> rounded = round_with_feedback(weights, plain.scales, moments);
  const dla::QuantizedWeights again = nearest(rounded);
  EXPECT_EQ(again.scales, plain.scales);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const float scale = plain.scales[i / kTaps];
    EXPECT_NEAR(rounded[i], static_cast<float>(again.weights[i]) * scale, 1e-6F * scale * 127.0F);
  }
}

TEST(WeightRounding, RoundsToTheNearestWhereNothingIsKnownOfTheColumns) {
  Random random(9);
  const std::vector<float> weights = random_weights(random);
  const dla::QuantizedWeights plain = nearest(weights);
  const std::vector<float> rounded =
      round_with_feedback(weights, plain.scales, SecondMoments(kTaps));
  EXPECT_EQ(nearest(rounded).weights, plain.weights);
}

}  // namespace
}  // namespace mtmi::quant
