#include "mtmi/vision/scale_ticks.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace mtmi::vision {
namespace {

// A range may end at a tick but for a rounding error.
constexpr double kSlack = 1e-5;

}  // namespace

std::vector<float> linear_ticks(float low, float high, int count) {
  const double range = static_cast<double>(high) - low;
  const double rough = range / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (const double factor : {5.0, 2.0, 1.0}) {
    step = rough <= factor * power * (1 + kSlack) ? factor * power : step;
  }
  std::vector<float> ticks;
  for (double i = std::ceil(low / step - kSlack); i * step <= high + kSlack * range; ++i) {
    ticks.push_back(static_cast<float>(i * step));
  }
  return ticks;
}

std::vector<float> log_ticks(float low, float high) {
  std::vector<float> ticks;
  for (double power = std::pow(10.0, std::floor(std::log10(low))); power <= high * (1 + kSlack);
       power *= 10) {
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double tick = factor * power;
      if (tick >= low * (1 - kSlack) && tick <= high * (1 + kSlack)) {
        ticks.push_back(static_cast<float>(tick));
      }
    }
  }
  return ticks;
}

std::string tick_text(float value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", static_cast<double>(value) + 0.0);
  return text.data();
}

}  // namespace mtmi::vision
