#include "mtmi/scenes/material.h"

#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

Vectors grainy(const Part& part, const Hit& hit, float per_metre, float strength) {
  const Floats x = (hit.position.x + hit.position.z * 0.37F) * per_metre;
  const Floats y = (hit.position.y + hit.position.z * 0.61F) * per_metre;
  const Floats grain = fractal_noise(x, y, 3, hit.pixel_metres * per_metre, part.seed);
  return Vectors(part.color) * (1.0F + strength * (grain - 0.5F));
}

Surface plain(const Part& part, const Hit& hit) {
  return {.albedo = grainy(part, hit, 5.0F, 0.35F), .gloss = part.gloss};
}

Surface grass(const Part& part, const Hit& hit) {
  const Floats x = hit.position.x;
  const Floats z = hit.position.z;
  const Floats footprint = hit.footprint.y;
  const Floats patches = fractal_noise(x * 0.25F, z * 0.25F, 3, footprint * 0.25F, part.seed);
  const Floats blades = fractal_noise(x * 9.0F, z * 9.0F, 2, footprint * 9.0F, part.seed + 9);
  const Vectors color = lerp(part.color, part.color2, smooth_step(0.3F, 0.7F, patches));
  return {.albedo = color * (0.65F + 0.7F * blades)};
}

Surface paving(const Part& part, const Hit& hit) {
  const float side = part.size[0];
  const Floats v = hit.uv.y / side;
  const Ints row = floor_int(v);
  const Floats u = hit.uv.x / side + shift_of(row);
  const Floats tone = unit_of(hash(floor_int(u), row, part.seed));
  const Pairs f{hit.footprint.x / side, hit.footprint.y / side};
  const float joint = 0.02F / side;
  const Floats inside =
      box_share(fraction(u), joint, 1 - joint, f.x) * box_share(fraction(v), joint, 1 - joint, f.y);
  const Floats visible = clamp01(1.2F - 1.5F * larger(f.y, f.x));
  const Floats stains =
      fractal_noise(hit.uv.x * 0.6F, hit.uv.y * 0.9F, 4, hit.footprint.x * 0.6F, part.seed + 5);
  const Floats shade = 1.0F + visible * (0.16F * (tone - 0.5F) - 0.35F * (1.0F - inside));
  return {.albedo = part.color * (shade * (0.72F + 0.56F * stains)), .gloss = part.gloss};
}

Surface bricks(const Part& part, const Hit& hit) {
  const float course = part.size[0];
  const Floats v = hit.uv.y / course;
  const Ints row = floor_int(v);
  const Floats u = hit.uv.x / (course * 3) + shift_of(row);
  const Pairs f{hit.footprint.x / (course * 3), hit.footprint.y / course};
  const Floats visible = clamp01(1.0F - 1.2F * larger(f.y, f.x));
  const Floats tone = unit_of(hash(floor_int(u), row, part.seed));
  const Floats brick =
      box_share(fraction(u), 0.03F, 0.97F, f.x) * box_share(fraction(v), 0.08F, 0.92F, f.y);
  const Vectors color = part.color * (1.0F + visible * 0.4F * (tone - 0.5F));
  const Floats dirt =
      fractal_noise(hit.uv.x * 0.5F, hit.uv.y * 0.5F, 3, hit.pixel_metres * 0.5F, part.seed + 3);
  return {.albedo = lerp(color, part.color2, visible * (1.0F - brick)) * (0.75F + 0.5F * dirt)};
}

Surface roof_tiles(const Part& part, const Hit& hit) {
  const Floats row = hit.uv.y / part.size[0];
  const Floats f = hit.footprint.y / part.size[0];
  const Floats visible = clamp01(1.0F - f);
  const Floats shade = 1.0F + visible * 0.3F * (fraction(row) - 0.5F);
  const Floats tone = noise(hit.uv.x * 2.0F, row, part.seed);
  return {.albedo = part.color * (shade * (0.8F + 0.4F * tone))};
}

// Between the leaves.
Vectors crown_color(const Part& part, const Hit& hit) {
  const Floats x = hit.position.x * 6.0F + hit.position.y * 2.0F;
  const Floats y = hit.position.y * 6.0F + hit.position.z * 6.0F;
  const Floats depth = fractal_noise(x, y, 2, hit.pixel_metres * 6.0F, part.seed);
  return lerp(part.color * 0.25F, part.color2 * 0.7F, smooth_step(0.3F, 0.8F, depth));
}

Vectors leaf_color(const Part& part, const Hit& hit) {
  const Words leaf = hash(hit.triangle ^ part.seed);
  const Floats vein = noise(hit.uv.x * 7.0F, hit.uv.y * 7.0F, leaf);
  const Vectors color = lerp(part.color, part.color2, unit_of(leaf));
  return color * (0.7F + 0.6F * vein);
}

Surface foliage(const Part& part, const Hit& hit) {
  const Mask is_leaf = !(hit.uv.x < kLeafU);
  Surface surface;
  if (any(!is_leaf)) {
    surface.albedo = crown_color(part, hit);
  }
  if (any(is_leaf)) {
    surface.albedo = select(is_leaf, leaf_color(part, hit), surface.albedo);
    surface.see_through = select(is_leaf, 0.45F, 0.0F);
  }
  return surface;
}

Surface clothes(const Part& part, const Hit& hit) {
  const Floats folds = noise(hit.uv.x * 9.0F, hit.position.y * 14.0F, part.seed);
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
