#include "mtmi/scenes/sensor.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/lane_vec.h"

namespace mtmi::scenes {
namespace {

constexpr int kCurveSteps = 4096;  // of the tone curve, for light from 0 to 2
constexpr float kStepsPerUnit = 2048;
using Curve = std::array<float, kCurveSteps + 1>;

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
Curve tone_curve(float contrast) {
  Curve curve{};
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

constexpr std::size_t kChannels = 3;

// The channels of kLanes pixels, one pixel after the other.
using Block = std::array<Floats, kChannels>;

// Each lane's value for the channels of its pixel.
Block spread(Floats pixels) {
  const Floats::Raw raw = pixels.raw;
  return {Floats(__builtin_shufflevector(raw, raw, 0, 0, 0, 1)),
          Floats(__builtin_shufflevector(raw, raw, 1, 1, 2, 2)),
          Floats(__builtin_shufflevector(raw, raw, 2, 3, 3, 3))};
}

// The same three values for each pixel.
Block repeated(const std::array<float, kChannels>& c) {
  return {Floats(std::array{c[0], c[1], c[2], c[0]}),
          Floats(std::array{c[1], c[2], c[0], c[1]}),
          Floats(std::array{c[2], c[0], c[1], c[2]})};
}

// Of a pixel: bits for three channels.
std::uint64_t grain_bits(int y, int x, std::uint32_t seed) {
  std::uint64_t h = static_cast<std::uint64_t>(y) << 32 | static_cast<std::uint32_t>(x);
  h = (h ^ seed) * 0x9E3779B97F4A7C15U;
  h = (h ^ h >> 29) * 0xBF58476D1CE4E5B9U;
  return h ^ h >> 32;
}

// Bell-shaped with variance 1 for the pixels from (y, x) on: each the sum of two uniform numbers of
// ten bits.
Block grain_at(int y, int x, std::uint32_t seed) {
  std::array<float, kChannels * kLanes> sums;
  for (int pixel = 0; pixel < kLanes; ++pixel) {
    std::uint64_t bits = grain_bits(y, x + pixel, seed);
    for (std::size_t c = 0; c < kChannels; ++c, bits >>= 20) {
      const auto sum = static_cast<std::int32_t>((bits & 1023U) + (bits >> 10 & 1023U));
      sums[kChannels * static_cast<std::size_t>(pixel) + c] = static_cast<float>(sum);
    }
  }
  Block grain;
  for (std::size_t i = 0; i < kChannels; ++i) {
    grain[i] = (load(&sums[i * kLanes]) - 1023.0F) * (1.0F / 418.0F);
  }
  return grain;
}

Floats looked_up(const Curve& curve, Ints steps) {
  const auto at = [&](std::size_t lane) { return curve[static_cast<std::size_t>(steps[lane])]; };
  return Floats(std::array{at(0), at(1), at(2), at(3)});
}

void store_bytes(Ints lanes, std::uint8_t* to) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    to[lane] = static_cast<std::uint8_t>(lanes[lane]);
  }
}

// What of the light reaches the sensor through the lens, pixel by pixel of a row.
class Lens {
 public:
  Lens(float vignette, int height, int width)
      : vignette_(vignette),
        half_height_(static_cast<float>(height) * 0.5F),
        half_width_(static_cast<float>(width) * 0.5F),
        corner2_(half_height_ * half_height_ + half_width_ * half_width_) {}

  [[nodiscard]] Floats share(int y, int x) const {
    const float dy = static_cast<float>(y) + 0.5F - half_height_;
    const Floats dx = static_cast<float>(x) + lane_numbers() + 0.5F - half_width_;
    return 1.0F - vignette_ * (dx * dx + dy * dy) / corner2_;
  }

 private:
  float vignette_;
  float half_height_;
  float half_width_;
  float corner2_;
};

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
  const Block gains = repeated({gain * (1 + sensor.warmth), gain, gain * (1 - sensor.warmth)});
  const Curve curve = tone_curve(sensor.contrast);
  vision::Image image(radiance.height(), radiance.width());
  const Lens lens(sensor.vignette, image.height(), image.width());
  for (int y = 0; y < image.height(); ++y) {
    for (int begin = 0; begin < image.width(); begin += kLanes) {
      const int x = std::min(begin, image.width() - kLanes);  // the last ones may come twice
      const Block lens_shares = spread(lens.share(y, x));
      const Block grain = grain_at(y, x, sensor.seed);
      const float* from = radiance.pixel(y, x);
      std::uint8_t* to = image.pixel(y, x);
      for (std::size_t i = 0; i < kChannels; ++i, from += kLanes, to += kLanes) {
        const Floats light = clamp(load(from) * gains[i] * lens_shares[i], 0.0F, 1.999F);
        const Floats value = looked_up(curve, truncated(light * kStepsPerUnit + 0.5F));
        // Noise of photons and of the circuit: stronger in the dark than the tone curve's slope.
        const Floats noisy = value + grain[i] * sensor.noise * (150.0F + 0.5F * value);
        store_bytes(truncated(clamp(noisy + 0.5F, 0.0F, 255.0F)), to);
      }
    }
  }
  return image;
}

}  // namespace mtmi::scenes
