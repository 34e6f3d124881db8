// Paint, glass, wheels and the sides of buses.
#include "mtmi/scenes/exact_math.h"
#include "mtmi/scenes/material.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

constexpr Vec3 kDirt{0.16F, 0.14F, 0.12F};
constexpr Vec3 kSkirt{0.03F, 0.03F, 0.03F};
constexpr Vec3 kArch{0.012F, 0.012F, 0.012F};

// The dark arches over both wheels.
void add_arches(Surface& s, const Part& part, const Hit& hit, Mask on_flank) {
  for (std::size_t axle = 0; axle < 2; ++axle) {
    const Floats du = hit.uv.x - part.size[axle];
    const Floats dv = hit.uv.y - part.size[2];
    const Floats outside = square_root(du * du + dv * dv) - part.size[2] * 1.14F;
    const Floats arch = clamp01(0.5F - outside / (hit.footprint.x + 0.01F));
    s.albedo = select(on_flank, lerp(s.albedo, kArch, arch), s.albedo);
    s.gloss = select(on_flank, lerp(s.gloss, 0.0F, arch), s.gloss);
  }
}

// Three dark lines.
void add_door_seams(Surface& s, const Part& part, const Hit& hit, Mask on_flank) {
  const float middle = (part.size[0] + part.size[1]) * 0.5F;
  for (const float at : {middle - 0.95F, middle - 0.02F, middle + 0.85F}) {
    const Floats seam = box_share(hit.uv.x, at - 0.008F, at + 0.008F, hit.footprint.x);
    s.albedo = select(on_flank, s.albedo * (1.0F - 0.7F * seam), s.albedo);
  }
}

// u = metres from the rear, v = above the ground; size = {rear axle, front axle, wheel radius}.
Surface paint(const Part& part, const Hit& hit) {
  Surface s{.albedo = part.color, .gloss = part.gloss};
  // Side skirts and bumpers below are dull and dark.
  const Floats skirt = clamp01((0.34F - hit.uv.y) / (hit.footprint.y + 0.01F) + 0.5F);
  s.albedo = lerp(s.albedo, kSkirt, skirt * 0.85F);
  const Mask on_flank = hit.normal.y < 0.6F;
  if (part.size[2] > 0 && any(on_flank)) {
    add_arches(s, part, hit, on_flank);
    add_door_seams(s, part, hit, on_flank);
  }
  const Floats dirt = fractal_noise(hit.uv.x * 3.0F, hit.uv.y * 3.0F, 2, 0.1F, part.seed);
  s.albedo = lerp(s.albedo, kDirt, 0.25F * dirt * smooth_step(0.8F, 0.2F, hit.uv.y));
  return s;
}

// A pane of size[2] x size[3] metres framed in color2, with pillars at size[0] and size[1].
Surface glass(const Part& part, const Hit& hit) {
  Surface s{.albedo = part.color, .gloss = 0.9F};
  const Floats inside = box_share(hit.uv.x, 0.06F, part.size[2] - 0.06F, hit.footprint.x) *
                        box_share(hit.uv.y, 0.04F, part.size[3] - 0.05F, hit.footprint.y);
  Floats frame = 1.0F - inside;
  for (std::size_t i = 0; i < 2; ++i) {
    if (part.size[i] > 0) {
      frame += box_share(hit.uv.x, part.size[i] - 0.05F, part.size[i] + 0.05F, hit.footprint.x);
    }
  }
  // Seats and people: darker shapes behind the pane.
  s.albedo = s.albedo * (0.5F + noise(hit.uv.x * 2.3F, hit.uv.y * 3.0F, part.seed));
  s.albedo = lerp(s.albedo, part.color2, clamp01(frame));
  s.gloss = lerp(s.gloss, part.gloss, clamp01(frame));
  return s;
}

Surface wheel(const Part& part, const Hit& hit) {
  const Floats r = square_root(hit.uv.x * hit.uv.x + hit.uv.y * hit.uv.y) / part.size[0];
  const Floats fade = hit.footprint.x / part.size[0] + 0.02F;
  const Floats rim = clamp01((0.66F - r) / fade + 0.5F);
  // Five spokes: where the direction is close to one of five.
  Floats spoke;
  for (int i = 0; i < 5; ++i) {
    const float angle = 2 * kPi * (static_cast<float>(i) / 5.0F + unit_of(part.seed));
    spoke = larger(spoke, hit.uv.x * cosine(angle) + hit.uv.y * sine(angle));
  }
  const Floats on_spoke = smooth_step(0.86F, 0.95F, spoke / (r * part.size[0] + 1e-4F));
  const Mask is_solid = (r > 0.56F) | (r < 0.16F);
  const Vectors metal = part.color * select(is_solid, 1.0F, 0.12F + 0.88F * on_spoke);
  constexpr Vec3 kTyre{0.022F, 0.022F, 0.024F};
  return {.albedo = lerp(kTyre, metal, rim), .gloss = 0.3F * rim};
}

// u = metres along, v = above the ground; size = {length, height, window bottom, door every}.
Surface livery(const Part& part, const Hit& hit, float lamps) {
  Surface s{.albedo = part.color, .gloss = 0.45F};
  const float low = part.size[2];
  const float high = part.size[1] - 0.55F;
  const Floats stripe = box_share(hit.uv.y, low - 0.55F, low - 0.2F, hit.footprint.y);
  s.albedo = lerp(s.albedo, part.color2, stripe);
  const float bay = part.size[3] > 0 ? part.size[3] : part.size[0];
  const Floats at = fraction(hit.uv.x / bay) * bay;
  const Mask is_door = part.size[3] > 0 ? floor_int(hit.uv.x / bay) % 3 == 1 : Mask{};
  const Floats bottom = select(is_door, 0.45F, low);
  const Floats pane = box_share(at, 0.08F, bay - 0.08F, hit.footprint.x) *
                      box_share(hit.uv.y, bottom, high, hit.footprint.y) *
                      box_share(hit.uv.x, 0.35F, part.size[0] - 0.35F, hit.footprint.x);
  s.albedo = lerp(s.albedo, Vec3{0.03F, 0.035F, 0.04F}, pane);
  s.gloss = lerp(s.gloss, 0.9F, pane);
  s.emission = Vec3{0.9F, 0.85F, 0.7F} * (0.25F * lamps * pane);
  const Floats skirt = clamp01((0.4F - hit.uv.y) / (hit.footprint.y + 0.02F) + 0.5F);
  s.albedo = lerp(s.albedo, kSkirt, skirt);
  return s;
}

}  // namespace

Surface vehicle_surface(const Part& part, const Hit& hit, float lamps) {
  switch (part.material) {
    case Material::Glass:
      return glass(part, hit);
    case Material::Wheel:
      return wheel(part, hit);
    case Material::Livery:
      return livery(part, hit, lamps);
    default:
      return paint(part, hit);
  }
}

}  // namespace mtmi::scenes
