#include "mtmi/scenes/sensor.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

constexpr int kCurveSteps = 4096;  // of the tone curve, for light from 0 to 2
constexpr float kStepsPerUnit = 2048;

// The mean brightness, highlights cut, of every 16th pixel or so.
float mean_luminance(const RadianceImage& image) {
  double sum = 0;
  int count = 0;
  for (int y = 2; y < image.height(); y += 4) {
    for (int x = 2; x < image.width(); x += 4) {
      const float* p = image.pixel(y, x);
      sum += std::min(0.2126F * p[0] + 0.7152F * p[1] + 0.0722F * p[2], 1.5F);
      ++count;
    }
  }
  return count > 0 ? static_cast<float>(sum / count) : 0.3F;
}

// `line` holds pixels of three channels; `copy` is scratch of its size.
void blur_row(std::span<float> line, std::span<float> copy, float share) {
  std::copy(line.begin(), line.end(), copy.begin());
  const float* from = copy.data();
  for (std::size_t i = 3; i + 3 < line.size(); ++i) {
    line[i] = from[i] + share * (from[i - 3] - from[i] + (from[i + 3] - from[i]));
  }
}

// All columns at once, row by row: a column alone would miss the cache at every step.
void blur_columns(RadianceImage& image, float share) {
  std::vector<float> before(image.row(0).begin(), image.row(0).end());
  for (int y = 0; y < image.height(); ++y) {
    float* here = image.row(y).data();
    const float* after = image.row(std::min(y + 1, image.height() - 1)).data();
    for (std::size_t i = 0; i < before.size(); ++i) {
      const float old = here[i];
      here[i] = old + share * (before[i] - old + (after[i] - old));
      before[i] = old;
    }
  }
}

void blur(RadianceImage& image, float share) {
  std::vector<float> copy(image.row(0).size());
  for (int y = 0; y < image.height(); ++y) {
    blur_row(image.row(y), copy, share);
  }
  blur_columns(image, share);
}

// sRGB after a shoulder that keeps highlights apart, for inputs 0..2.
std::array<float, kCurveSteps + 1> tone_curve(float contrast) {
  std::array<float, kCurveSteps + 1> curve{};
  for (int i = 0; i <= kCurveSteps; ++i) {
    const float x = 2.0F * static_cast<float>(i) / kCurveSteps;
    const float shoulder = x * (1 + x * 0.16F) / (1 + x * 0.72F) * 1.28F;
    const float linear = std::min(shoulder, 1.0F);
    const float srgb =
        linear <= 0.0031308F ? 12.92F * linear : 1.055F * power(linear, 1 / 2.4F) - 0.055F;
    const float curved = lerp(srgb, smooth_step(0.0F, 1.0F, srgb), contrast - 1.0F);
    curve[static_cast<std::size_t>(i)] = 255.0F * clamp01(curved);
  }
  return curve;
}

// Bell-shaped with variance 1: the sum of two uniform numbers of ten bits, at bit `at`.
float bell_of(std::uint64_t h, int at) {
  const auto sum = static_cast<float>((h >> at & 1023U) + (h >> (at + 10) & 1023U));
  return (sum - 1023.0F) * (1.0F / 418.0F);
}

// Of a pixel: bits for three channels.
std::uint64_t grain_bits(int y, int x, std::uint32_t seed) {
  std::uint64_t h = static_cast<std::uint64_t>(y) << 32 | static_cast<std::uint32_t>(x);
  h = (h ^ seed) * 0x9E3779B97F4A7C15U;
  h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9U;
  return h ^ h >> 32;
}

}  // namespace

Sensor make_sensor(Random& random) {
  Sensor sensor;
  sensor.exposure = exp2_of(random.uniform(-0.45F, 0.45F));
  sensor.blur = random.uniform(0.02F, 0.14F);
  sensor.vignette = random.uniform(0.0F, 0.35F);
  const float noisy = random.uniform();
  sensor.noise = 0.003F + 0.022F * noisy * noisy * noisy;
  sensor.contrast = random.uniform(0.85F, 1.35F);
  sensor.warmth = random.uniform(-0.05F, 0.06F);
  sensor.seed = static_cast<std::uint32_t>(random.next());
  return sensor;
}

vision::Image develop(RadianceImage radiance, const Sensor& sensor) {
  blur(radiance, sensor.blur);
  const float gain = 0.30F * sensor.exposure / std::max(mean_luminance(radiance), 0.02F);
  const std::array<float, 3> channel_gain = {
      gain * (1 + sensor.warmth), gain, gain * (1 - sensor.warmth)};
  const auto curve = tone_curve(sensor.contrast);
  vision::Image image(radiance.height(), radiance.width());
  const float half_height = static_cast<float>(image.height()) * 0.5F;
  const float half_width = static_cast<float>(image.width()) * 0.5F;
  const float corner2 = half_height * half_height + half_width * half_width;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const float dy = static_cast<float>(y) + 0.5F - half_height;
      const float dx = static_cast<float>(x) + 0.5F - half_width;
      const float lens = 1 - sensor.vignette * (dx * dx + dy * dy) / corner2;
      const float* from = radiance.pixel(y, x);
      std::uint8_t* to = image.pixel(y, x);
      const std::uint64_t bits = grain_bits(y, x, sensor.seed);
      for (std::size_t c = 0; c < 3; ++c) {
        const float light = std::clamp(from[c] * channel_gain[c] * lens, 0.0F, 1.999F);
        const float value = curve[static_cast<std::size_t>(light * kStepsPerUnit + 0.5F)];
        // Noise of photons and of the circuit: stronger in the dark than the tone curve's slope.
        const float grain = bell_of(bits, 20 * static_cast<int>(c));
        const float noisy = value + grain * sensor.noise * (150.0F + 0.5F * value);
        to[c] = static_cast<std::uint8_t>(std::clamp(noisy + 0.5F, 0.0F, 255.0F));
      }
    }
  }
  return image;
}

}  // namespace mtmi::scenes
