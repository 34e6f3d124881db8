#include "mtmi/scenes/exact_math.h"

#include <cstdint>

namespace mtmi::scenes {
namespace {

// sin(x) for |x| <= pi/2, by its Taylor series to x^13: the rest is below 1e-9.
double sine_near_zero(double x) {
  const double q = x * x;
  double sum = 1.0 / 6227020800.0;
  sum = sum * q - 1.0 / 39916800.0;
  sum = sum * q + 1.0 / 362880.0;
  sum = sum * q - 1.0 / 5040.0;
  sum = sum * q + 1.0 / 120.0;
  sum = sum * q - 1.0 / 6.0;
  return x + x * q * sum;
}

constexpr double kPiExact = 3.14159265358979323846;

double sine_of(double x) {
  const double turns = x / kPiExact;
  auto half_turns = static_cast<std::int64_t>(turns + (turns < 0 ? -0.5 : 0.5));
  const double rest = x - static_cast<double>(half_turns) * kPiExact;
  const double value = sine_near_zero(rest);
  const auto is_odd = static_cast<double>(half_turns & 1);
  return value * (1 - 2 * is_odd);  // no branch: it would be a surprise every time
}

}  // namespace

float sine(float x) noexcept {
  return static_cast<float>(sine_of(static_cast<double>(x)));
}

float cosine(float x) noexcept {
  return static_cast<float>(sine_of(static_cast<double>(x) + kPiExact / 2));
}

}  // namespace mtmi::scenes
