#include "mtmi/scenes/material.h"

#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

Vec3 grainy(const Part& part, const Hit& hit, float per_metre, float strength) {
  const float x = (hit.position.x + hit.position.z * 0.37F) * per_metre;
  const float y = (hit.position.y + hit.position.z * 0.61F) * per_metre;
  const float grain = fractal_noise(x, y, 3, hit.pixel_metres * per_metre, part.seed);
  return part.color * (1 + strength * (grain - 0.5F));
}

Surface plain(const Part& part, const Hit& hit) {
  return {.albedo = grainy(part, hit, 5.0F, 0.35F), .gloss = part.gloss};
}

Surface grass(const Part& part, const Hit& hit) {
  const float x = hit.position.x;
  const float z = hit.position.z;
  const float patches = fractal_noise(x * 0.25F, z * 0.25F, 3, hit.footprint.y * 0.25F, part.seed);
  const float blades = fractal_noise(x * 9.0F, z * 9.0F, 2, hit.footprint.y * 9.0F, part.seed + 9);
  const Vec3 color = lerp(part.color, part.color2, smooth_step(0.3F, 0.7F, patches));
  return {.albedo = color * (0.65F + 0.7F * blades)};
}

Surface paving(const Part& part, const Hit& hit) {
  const float side = part.size[0];
  const float row = static_cast<float>(floor_int(hit.uv.y / side));
  // Every other row is moved by half a slab.
  const float u = hit.uv.x / side + (floor_int(hit.uv.y / side) % 2 == 0 ? 0.0F : 0.5F);
  const float v = hit.uv.y / side;
  const float tone = unit_of(hash(floor_int(u), static_cast<std::int32_t>(row), part.seed));
  const Vec2 f{hit.footprint.x / side, hit.footprint.y / side};
  const float joint = 0.02F / side;
  const float inside =
      box_share(fraction(u), joint, 1 - joint, f.x) * box_share(fraction(v), joint, 1 - joint, f.y);
  const float visible = clamp01(1.2F - 1.5F * (f.x > f.y ? f.x : f.y));
  const float stains =
      fractal_noise(hit.uv.x * 0.6F, hit.uv.y * 0.9F, 4, hit.footprint.x * 0.6F, part.seed + 5);
  const float shade = 1 + visible * (0.16F * (tone - 0.5F) - 0.35F * (1 - inside));
  return {.albedo = part.color * (shade * (0.72F + 0.56F * stains)), .gloss = part.gloss};
}

Surface bricks(const Part& part, const Hit& hit) {
  const float course = part.size[0];
  const float v = hit.uv.y / course;
  const int row = floor_int(v);
  const float u = hit.uv.x / (course * 3) + (row % 2 == 0 ? 0.0F : 0.5F);
  const Vec2 f{hit.footprint.x / (course * 3), hit.footprint.y / course};
  const float visible = clamp01(1.0F - 1.2F * (f.x > f.y ? f.x : f.y));
  const float tone = unit_of(hash(floor_int(u), row, part.seed));
  const float brick =
      box_share(fraction(u), 0.03F, 0.97F, f.x) * box_share(fraction(v), 0.08F, 0.92F, f.y);
  const Vec3 color = part.color * (1 + visible * 0.4F * (tone - 0.5F));
  const float dirt =
      fractal_noise(hit.uv.x * 0.5F, hit.uv.y * 0.5F, 3, hit.pixel_metres * 0.5F, part.seed + 3);
  return {.albedo = lerp(color, part.color2, visible * (1 - brick)) * (0.75F + 0.5F * dirt)};
}

Surface roof_tiles(const Part& part, const Hit& hit) {
  const float row = hit.uv.y / part.size[0];
  const float f = hit.footprint.y / part.size[0];
  const float visible = clamp01(1.0F - f);
  const float shade = 1 + visible * 0.3F * (fraction(row) - 0.5F);
  const float tone = noise(hit.uv.x * 2.0F, row, part.seed);
  return {.albedo = part.color * (shade * (0.8F + 0.4F * tone))};
}

Surface foliage(const Part& part, const Hit& hit) {
  if (hit.uv.x < kLeafU) {
    const float x = hit.position.x * 6.0F + hit.position.y * 2.0F;
    const float y = hit.position.y * 6.0F + hit.position.z * 6.0F;
    const float depth = fractal_noise(x, y, 2, hit.pixel_metres * 6.0F, part.seed);
    return {.albedo = lerp(part.color * 0.25F, part.color2 * 0.7F, smooth_step(0.3F, 0.8F, depth))};
  }
  const std::uint32_t leaf = hash(hit.triangle ^ part.seed);
  const float vein = noise(hit.uv.x * 7.0F, hit.uv.y * 7.0F, leaf);
  const Vec3 color = lerp(part.color, part.color2, unit_of(leaf));
  return {.albedo = color * (0.7F + 0.6F * vein), .see_through = 0.45F};
}

Surface clothes(const Part& part, const Hit& hit) {
  const float folds = noise(hit.uv.x * 9.0F, hit.position.y * 14.0F, part.seed);
  return {.albedo = part.color * (0.78F + 0.44F * folds)};
}

}  // namespace

Surface surface_at(
    const Geometry& geometry, const Part& part, const Hit& hit, float wetness, float lamps) {
  switch (part.material) {
    case Material::Plain:
      break;
    case Material::Asphalt:
      return street_surface(part, geometry.markings[part.style], hit, wetness);
    case Material::Paving:
      return paving(part, hit);
    case Material::Grass:
      return grass(part, hit);
    case Material::Facade:
      return facade_surface(part, hit, lamps);
    case Material::Bricks:
      return bricks(part, hit);
    case Material::RoofTiles:
      return roof_tiles(part, hit);
    case Material::Foliage:
      return foliage(part, hit);
    case Material::Sign:
      return sign_surface(part, hit);
    case Material::Clothes:
      return clothes(part, hit);
    case Material::Paint:
    case Material::Glass:
    case Material::Wheel:
    case Material::Livery:
      return vehicle_surface(part, hit, lamps);
    case Material::Lamp:
      return {.albedo = part.color * 0.8F, .gloss = 0.3F, .emission = part.color * part.size[0]};
  }
  return plain(part, hit);
}

}  // namespace mtmi::scenes
