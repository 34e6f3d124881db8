#include "mtmi/scenes/exact_math.h"

#include <bit>

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
  return half_turns % 2 == 0 ? value : -value;
}

}  // namespace

float sine(float x) noexcept {
  return static_cast<float>(sine_of(static_cast<double>(x)));
}

float cosine(float x) noexcept {
  return static_cast<float>(sine_of(static_cast<double>(x) + kPiExact / 2));
}

float exp2_of(float x) noexcept {
  if (x < -126.0F) {
    return 0.0F;
  }
  const float clamped = x > 126.0F ? 126.0F : x;
  const std::int32_t whole = floor_int(clamped);
  // 2^r = e^(r ln 2) for r in [0, 1), by its Taylor series to the 9th power.
  const double r = (static_cast<double>(clamped) - whole) * 0.69314718055994530942;
  double sum = 1.0 / 362880;
  sum = sum * r + 1.0 / 40320;
  sum = sum * r + 1.0 / 5040;
  sum = sum * r + 1.0 / 720;
  sum = sum * r + 1.0 / 120;
  sum = sum * r + 1.0 / 24;
  sum = sum * r + 1.0 / 6;
  sum = sum * r + 0.5;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  const auto power_of_two = std::bit_cast<double>(static_cast<std::uint64_t>(whole + 1023) << 52);
  return static_cast<float>(sum * power_of_two);
}

float log2_of(float x) noexcept {
  const auto bits = std::bit_cast<std::uint32_t>(x);
  auto exponent = static_cast<std::int32_t>(bits >> 23) - 127;
  double m = std::bit_cast<float>((bits & 0x007FFFFFU) | 0x3F800000U);
  if (m > 1.41421356) {
    m *= 0.5;
    ++exponent;
  }
  // ln m = 2 atanh(z), z = (m - 1) / (m + 1), |z| < 0.172.
  const double z = (m - 1.0) / (m + 1.0);
  const double q = z * z;
  const double series =
      1.0 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11)))));
  return static_cast<float>(exponent + 2.0 * z * series * 1.44269504088896340736);
}

float exp_of(float x) noexcept {
  return exp2_of(x * 1.44269504F);
}

float power(float x, float y) noexcept {
  return x <= 0.0F ? 0.0F : exp2_of(y * log2_of(x));
}

}  // namespace mtmi::scenes
