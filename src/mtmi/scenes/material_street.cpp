// Asphalt, its wear, and what is painted on it.
#include "mtmi/scenes/material.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

// The share of a pixel covered by dashes of `dash` with gaps of `gap` along s.
float dash_share(float s, float dash, float gap, float footprint) {
  const float period = dash + gap;
  if (footprint > period) {
    return dash / period;
  }
  const float at = fraction(s / period) * period;
  return box_share(at, 0, dash, footprint) + box_share(at, period, period + dash, footprint);
}

float line_share(const Markings::Line& line, const Hit& hit) {
  const float half = line.width * 0.5F;
  const float across = box_share(hit.uv.y, line.t - half, line.t + half, hit.footprint.y);
  if (across <= 0 || line.dash <= 0) {
    return across;
  }
  return across * dash_share(hit.uv.x, line.dash, line.gap, hit.footprint.x);
}

float bar_share(const Markings::Bar& bar, const Hit& hit) {
  const float along = box_share(hit.uv.x, bar.s_begin, bar.s_end, hit.footprint.x);
  const float across = box_share(hit.uv.y, bar.t_begin, bar.t_end, hit.footprint.y);
  if (along * across <= 0 || bar.stripe <= 0) {
    return along * across;
  }
  const float stripes = dash_share(hit.uv.y - bar.t_begin, bar.stripe, bar.stripe, hit.footprint.y);
  return along * across * stripes;
}

struct Paintwork {
  Vec3 color{0.75F, 0.75F, 0.75F};
  float share = 0;
};

Paintwork painted(const Markings& markings, const Hit& hit) {
  Paintwork paint;
  bool lines = true;
  for (const Vec2& range : markings.lines_off) {
    lines = lines && (hit.uv.x < range.x || hit.uv.x > range.y);
  }
  for (const Markings::Line& line : markings.lines) {
    const float share = lines ? line_share(line, hit) : 0.0F;
    if (share > paint.share) {
      paint = {line.color, share};
    }
  }
  for (const Markings::Bar& bar : markings.bars) {
    const float share = bar_share(bar, hit);
    paint = share > paint.share ? Paintwork{.share = share} : paint;
  }
  return paint;
}

// Dark rails in a groove, lighter where wheels polish them.
float rail_share(const Markings& markings, const Hit& hit) {
  float share = 0;
  for (const float side : {-0.5F, 0.5F}) {
    const float t = markings.rail_t + side * markings.rail_gauge;
    share += box_share(hit.uv.y, t - 0.06F, t + 0.06F, hit.footprint.y);
  }
  return share;
}

// Repairs: darker or lighter rectangles.
float patch_tone(const Part& part, const Hit& hit) {
  const float s = hit.uv.x / 7.0F;
  const float t = hit.uv.y / 1.7F;
  const std::uint32_t cell = hash(floor_int(s), floor_int(t), part.seed + 77);
  if (unit_of(cell) > 0.10F) {
    return 1.0F;
  }
  const float begin = 0.3F * unit_of(hash(cell));
  const float share = box_share(fraction(s), begin, begin + 0.55F, hit.footprint.x / 7.0F) *
                      box_share(fraction(t), 0.1F, 0.9F, hit.footprint.y / 1.7F);
  return 1 + share * (unit_of(hash(cell + 1)) < 0.7F ? -0.28F : 0.22F);
}

// Thin dark lines where the noise crosses a half: sealed cracks.
float crack_tone(const Part& part, const Hit& hit) {
  const float fade = clamp01(1.0F - hit.footprint.x * 6.0F);
  if (fade <= 0) {
    return 1.0F;
  }
  const float n = fractal_noise(hit.uv.x * 0.35F, hit.uv.y * 0.5F, 2, 0.0F, part.seed + 31);
  const float distance = n > 0.5F ? n - 0.5F : 0.5F - n;
  if (distance > 0.006F) {
    return 1.0F;
  }
  // Only here and there: whole level lines would close into rings.
  const float place = noise(hit.uv.x * 0.21F, hit.uv.y * 0.6F, part.seed + 5);
  const float depth =
      smooth_step(0.55F, 0.65F, place) * (1 - smooth_step(0.002F, 0.006F, distance));
  return 1 - fade * depth * 0.4F;
}

// Wheels polish two tracks of a lane; between them oil drips.
float track_tone(const Markings& markings, const Hit& hit) {
  const float lane = markings.lane_width;
  if (lane <= 0) {
    return 1.0F;
  }
  const float at = fraction((hit.uv.y - markings.lane_offset) / lane);
  const float from_track = at < 0.5F ? at - 0.25F : at - 0.75F;
  const float from_middle = at - 0.5F;
  return 1.0F + 0.10F * (1 - smooth_step(0.004F, 0.020F, from_track * from_track)) -
         0.12F * (1 - smooth_step(0.0F, 0.008F, from_middle * from_middle));
}

float manhole_tone(const Part& part, const Hit& hit) {
  const int cell = floor_int(hit.uv.x / 23.0F);
  const std::uint32_t h = hash(cell, 5, part.seed);
  const float s = (static_cast<float>(cell) + 0.2F + 0.6F * unit_of(h)) * 23.0F - hit.uv.x;
  const float t = (unit_of(hash(h)) - 0.5F) * 6.0F - hit.uv.y;
  if (s * s + t * t > 1.0F) {
    return 1.0F;
  }
  const float r = std::sqrt(s * s + t * t);
  const float width = hit.footprint.x > 0.02F ? hit.footprint.x : 0.02F;
  const float inside = clamp01((0.34F - r) / width + 0.5F);
  const float rim = inside - clamp01((0.29F - r) / width + 0.5F);
  return 1 - 0.35F * inside - 0.25F * rim;
}

}  // namespace

Surface street_surface(const Part& part, const Markings& markings, const Hit& hit, float wetness) {
  const float s = hit.uv.x;
  const float t = hit.uv.y;
  const float wear = fractal_noise(s * 0.12F, t * 0.8F, 2, hit.footprint.y * 0.8F, part.seed);
  const float grain_seen = clamp01(1.0F - hit.footprint.x * 25.0F);
  const float grain = grain_seen > 0 ? noise(s * 45.0F, t * 45.0F, part.seed + 13) : 0.5F;
  float tone = (0.74F + 0.52F * wear) * (1 + 0.5F * grain_seen * (grain - 0.5F));
  tone *= track_tone(markings, hit);
  tone *= patch_tone(part, hit) * crack_tone(part, hit) * manhole_tone(part, hit);
  Surface surface{.albedo = part.color * tone, .gloss = part.gloss};
  const Paintwork paint = painted(markings, hit);
  if (paint.share > 0) {
    const float worn = fractal_noise(s * 1.7F, t * 3.1F, 3, hit.footprint.x * 1.7F, part.seed + 3);
    const float cover = paint.share * smooth_step(0.12F, 0.42F, worn);
    surface.albedo = lerp(surface.albedo, paint.color, cover * 0.92F);
  }
  if (markings.rail_gauge > 0) {
    const float rails = rail_share(markings, hit);
    surface.albedo = lerp(surface.albedo, {0.16F, 0.15F, 0.15F}, clamp01(rails));
    surface.gloss = lerp(surface.gloss, 0.5F, clamp01(rails));
  }
  if (wetness > 0) {
    const float puddle = smooth_step(0.35F, 0.65F, noise(s * 0.4F, t * 0.7F, part.seed + 51));
    surface.albedo = surface.albedo * (1 - 0.45F * wetness);
    surface.gloss = clamp01(surface.gloss + wetness * (0.35F + 0.5F * puddle));
  }
  return surface;
}

}  // namespace mtmi::scenes
