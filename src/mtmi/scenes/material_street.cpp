// Asphalt, its wear, and what is painted on it.
#include "mtmi/scenes/material.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

// The share of a pixel covered by dashes of `dash` with gaps of `gap` along s.
Floats dash_share(Floats s, float dash, float gap, Floats footprint) {
  const float period = dash + gap;
  const Floats at = fraction(s / period) * period;
  const Floats share =
      box_share(at, 0.0F, dash, footprint) + box_share(at, period, period + dash, footprint);
  return select(footprint > period, dash / period, share);
}

Floats line_share(const Markings::Line& line, const Hit& hit) {
  const float half = line.width * 0.5F;
  const Floats across = box_share(hit.uv.y, line.t - half, line.t + half, hit.footprint.y);
  if (!any(across > 0.0F) || line.dash <= 0) {
    return across;
  }
  return across * dash_share(hit.uv.x, line.dash, line.gap, hit.footprint.x);
}

Floats bar_share(const Markings::Bar& bar, const Hit& hit) {
  const Floats along = box_share(hit.uv.x, bar.s_begin, bar.s_end, hit.footprint.x);
  const Floats across = box_share(hit.uv.y, bar.t_begin, bar.t_end, hit.footprint.y);
  const Floats share = along * across;
  if (!any(share > 0.0F) || bar.stripe <= 0) {
    return share;
  }
  return share * dash_share(hit.uv.y - bar.t_begin, bar.stripe, bar.stripe, hit.footprint.y);
}

constexpr Vec3 kWhitePaint{0.75F, 0.75F, 0.75F};

struct Paintwork {
  Vectors color = kWhitePaint;
  Floats share;
};

void add_paint(Paintwork& paint, Vec3 color, Floats share) {
  const Mask is_more = share > paint.share;
  paint.color = select(is_more, color, paint.color);
  paint.share = select(is_more, share, paint.share);
}

Paintwork painted(const Markings& markings, const Hit& hit) {
  Paintwork paint;
  Mask is_junction{};
  for (const Vec2& range : markings.lines_off) {
    is_junction = is_junction | !((hit.uv.x < range.x) | (hit.uv.x > range.y));
  }
  if (any(!is_junction)) {
    for (const Markings::Line& line : markings.lines) {
      add_paint(paint, line.color, select(is_junction, 0.0F, line_share(line, hit)));
    }
  }
  for (const Markings::Bar& bar : markings.bars) {
    add_paint(paint, kWhitePaint, bar_share(bar, hit));
  }
  return paint;
}

// Dark rails in a groove, lighter where wheels polish them.
Floats rail_share(const Markings& markings, const Hit& hit) {
  Floats share;
  for (const float side : {-0.5F, 0.5F}) {
    const float t = markings.rail_t + side * markings.rail_gauge;
    share += box_share(hit.uv.y, t - 0.06F, t + 0.06F, hit.footprint.y);
  }
  return share;
}

// Repairs: darker or lighter rectangles.
Floats patch_tone(const Part& part, const Hit& hit) {
  const Floats s = hit.uv.x / 7.0F;
  const Floats t = hit.uv.y / 1.7F;
  const Words cell = hash(floor_int(s), floor_int(t), part.seed + 77);
  const Mask is_none = unit_of(cell) > 0.10F;
  if (!any(!is_none)) {
    return 1.0F;
  }
  const Floats begin = 0.3F * unit_of(hash(cell));
  const Floats share = box_share(fraction(s), begin, begin + 0.55F, hit.footprint.x / 7.0F) *
                       box_share(fraction(t), 0.1F, 0.9F, hit.footprint.y / 1.7F);
  const Floats change = select(unit_of(hash(cell + 1)) < 0.7F, -0.28F, 0.22F);
  return select(is_none, 1.0F, 1.0F + share * change);
}

// Thin dark lines where the noise crosses a half: sealed cracks.
Floats crack_tone(const Part& part, const Hit& hit) {
  const Floats fade = clamp01(1.0F - hit.footprint.x * 6.0F);
  if (!any(fade > 0.0F)) {
    return 1.0F;
  }
  const Floats n = fractal_noise(hit.uv.x * 0.35F, hit.uv.y * 0.5F, 2, 0.0F, part.seed + 31);
  const Floats distance = select(n > 0.5F, n - 0.5F, 0.5F - n);
  const Mask is_crack = (fade > 0.0F) & !(distance > 0.006F);
  if (!any(is_crack)) {
    return 1.0F;
  }
  // Only here and there: whole level lines would close into rings.
  const Floats place = noise(hit.uv.x * 0.21F, hit.uv.y * 0.6F, part.seed + 5);
  const Floats depth =
      smooth_step(0.55F, 0.65F, place) * (1.0F - smooth_step(0.002F, 0.006F, distance));
  return select(is_crack, 1.0F - fade * depth * 0.4F, 1.0F);
}

// Wheels polish two tracks of a lane; between them oil drips.
Floats track_tone(const Markings& markings, const Hit& hit) {
  const float lane = markings.lane_width;
  if (lane <= 0) {
    return 1.0F;
  }
  const Floats at = fraction((hit.uv.y - markings.lane_offset) / lane);
  const Floats from_track = select(at < 0.5F, at - 0.25F, at - 0.75F);
  const Floats from_middle = at - 0.5F;
  return 1.0F + 0.10F * (1.0F - smooth_step(0.004F, 0.020F, from_track * from_track)) -
         0.12F * (1.0F - smooth_step(0.0F, 0.008F, from_middle * from_middle));
}

Floats manhole_tone(const Part& part, const Hit& hit) {
  const Ints cell = floor_int(hit.uv.x / 23.0F);
  const Words h = hash(cell, 5, part.seed);
  const Floats s = (floats_of(cell) + 0.2F + 0.6F * unit_of(h)) * 23.0F - hit.uv.x;
  const Floats t = (unit_of(hash(h)) - 0.5F) * 6.0F - hit.uv.y;
  const Floats squares = s * s + t * t;
  const Mask is_far = squares > 1.0F;
  if (!any(!is_far)) {
    return 1.0F;
  }
  const Floats r = square_root(squares);
  const Floats width = larger(0.02F, hit.footprint.x);
  const Floats inside = clamp01((0.34F - r) / width + 0.5F);
  const Floats rim = inside - clamp01((0.29F - r) / width + 0.5F);
  return select(is_far, 1.0F, 1.0F - 0.35F * inside - 0.25F * rim);
}

}  // namespace

Surface street_surface(const Part& part, const Markings& markings, const Hit& hit, float wetness) {
  const Floats s = hit.uv.x;
  const Floats t = hit.uv.y;
  const Floats wear = fractal_noise(s * 0.12F, t * 0.8F, 2, hit.footprint.y * 0.8F, part.seed);
  const Floats grain_seen = clamp01(1.0F - hit.footprint.x * 25.0F);
  Floats grain = 0.5F;
  if (any(grain_seen > 0.0F)) {
    grain = select(grain_seen > 0.0F, noise(s * 45.0F, t * 45.0F, part.seed + 13), grain);
  }
  Floats tone = (0.74F + 0.52F * wear) * (1.0F + 0.5F * grain_seen * (grain - 0.5F));
  tone *= track_tone(markings, hit);
  tone *= patch_tone(part, hit) * crack_tone(part, hit) * manhole_tone(part, hit);
  Surface surface{.albedo = part.color * tone, .gloss = part.gloss};
  const Paintwork paint = painted(markings, hit);
  if (any(paint.share > 0.0F)) {
    const Floats worn = fractal_noise(s * 1.7F, t * 3.1F, 3, hit.footprint.x * 1.7F, part.seed + 3);
    const Floats cover = paint.share * smooth_step(0.12F, 0.42F, worn);
    const Vectors covered = lerp(surface.albedo, paint.color, cover * 0.92F);
    surface.albedo = select(paint.share > 0.0F, covered, surface.albedo);
  }
  if (markings.rail_gauge > 0) {
    const Floats rails = clamp01(rail_share(markings, hit));
    surface.albedo = lerp(surface.albedo, Vec3{0.16F, 0.15F, 0.15F}, rails);
    surface.gloss = lerp(surface.gloss, 0.5F, rails);
  }
  if (wetness > 0) {
    const Floats puddle = smooth_step(0.35F, 0.65F, noise(s * 0.4F, t * 0.7F, part.seed + 51));
    surface.albedo = surface.albedo * (1 - 0.45F * wetness);
    surface.gloss = clamp01(surface.gloss + wetness * (0.35F + 0.5F * puddle));
  }
  return surface;
}

}  // namespace mtmi::scenes
