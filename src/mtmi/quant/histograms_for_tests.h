// Synthetic activations for the tests of the methods.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "mtmi/core/random.h"
#include "mtmi/quant/histogram.h"

namespace mtmi::quant {

struct Sample {
  std::string name;
  std::vector<float> values;
};

/// Values as layers make them: with and without zeros, short and long tails, a few levels only.
inline std::vector<Sample> synthetic_activations(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  const auto laplace = [&random] {
    const float u = random.uniform(-0.5F, 0.5F);
    return -std::copysign(std::log(1.0F - 2.0F * std::abs(u) + 0x1p-24F), u);
  };
  std::vector<Sample> samples;
  const auto add = [&](const char* name, auto make) {
    samples.push_back({name, std::vector<float>(count)});
    std::generate(samples.back().values.begin(), samples.back().values.end(), make);
  };
  add("normal", [&] { return random.normal(); });
  add("relu(normal)", [&] { return std::max(random.normal(), 0.0F); });
  add("relu(normal - 0.5)", [&] { return std::max(random.normal() - 0.5F, 0.0F); });
  add("relu(laplace)", [&] { return std::max(laplace(), 0.0F); });
  add("laplace", laplace);
  add("uniform", [&] { return random.uniform(-3.0F, 3.0F); });
  add("sigmoid(2 normal)", [&] { return 1.0F / (1.0F + std::exp(-2.0F * random.normal())); });
  add("relu6(4 normal)", [&] { return std::clamp(4.0F * random.normal(), 0.0F, 6.0F); });
  add("two humps", [&] { return random.normal() * 0.2F + (random.below(2) == 0 ? 5.0F : -3.0F); });
  add("levels of 1/255", [&] { return static_cast<float>(random.below(256)) / 255.0F; });
  return samples;
}

inline Histogram histogram_of(const std::vector<float>& values) {
  Histogram histogram;
  if (histogram.add(values)) {
    return {};
  }
  return histogram;
}

}  // namespace mtmi::quant
