// House fronts: walls, windows, doors and shops, by u = metres along and v = above the ground.
#include "mtmi/scenes/material.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

// Windows of a storey, as shares of the bay's width and the storey's height.
struct FacadeStyle {
  float window_width;
  float window_bottom;
  float window_top;
  float frame;  // [m]
  bool is_brick;
  bool has_shop;   // glass at street level
  bool has_bands;  // a ledge at each storey
};

constexpr FacadeStyle kStyles[kFacadeStyles] = {
    {0.46F, 0.28F, 0.80F, 0.09F, false, false, true},   // old town, plaster
    {0.42F, 0.30F, 0.78F, 0.07F, true, true, false},    // brick with shops
    {0.72F, 0.30F, 0.82F, 0.05F, false, false, false},  // post-war, wide windows
    {0.92F, 0.14F, 0.92F, 0.05F, false, true, true},    // offices, ribbons of glass
    {0.38F, 0.34F, 0.76F, 0.08F, false, true, true},    // plaster with shops
};

struct Opening {
  float glass = 0;  // shares of the pixel
  float frame = 0;
};

// A glazed rectangle (low..high in metres) with a frame and one mullion.
Opening opening_at(Vec2 p, Vec2 low, Vec2 high, float frame, Vec2 footprint) {
  const float outer = box_share(p.x, low.x - frame, high.x + frame, footprint.x) *
                      box_share(p.y, low.y - frame, high.y + frame, footprint.y);
  const float middle = (low.x + high.x) * 0.5F;
  const float mullion = box_share(p.x, middle - 0.03F, middle + 0.03F, footprint.x);
  const float glass = box_share(p.x, low.x, high.x, footprint.x) *
                      box_share(p.y, low.y, high.y, footprint.y) * (1 - mullion);
  return {glass, outer - glass};
}

struct Glazing {
  Vec3 color;
  Vec3 emission;
};

// Each window on its own: dark, curtained, or lit in the evening.
Glazing glazing_of(std::uint32_t window, float height_share, float lamps) {
  const float kind = unit_of(window);
  const float curtain_until = 0.35F + 0.6F * unit_of(hash(window + 1));
  Glazing glazing{{0.035F, 0.045F, 0.055F}, {}};
  if (kind < 0.35F && height_share > 1 - curtain_until) {
    glazing.color = Vec3{0.45F, 0.43F, 0.40F} * (0.6F + 0.4F * unit_of(hash(window + 2)));
  }
  if (lamps > 0 && kind > 0.62F) {
    glazing.emission = Vec3{1.0F, 0.72F, 0.40F} * (lamps * (0.25F + 0.5F * unit_of(hash(window))));
  }
  return glazing;
}

Vec3 wall_color(const Part& part, const FacadeStyle& style, const Hit& hit) {
  const float stains =
      fractal_noise(hit.uv.x * 0.35F, hit.uv.y * 0.22F, 4, hit.pixel_metres * 0.35F, part.seed);
  Vec3 color = part.color * (0.80F + 0.4F * stains);
  if (style.is_brick) {
    const float course = hit.uv.y / 0.08F;
    const float seen = clamp01(1.0F - 1.2F * hit.footprint.y / 0.08F);
    const float u = hit.uv.x / 0.25F + (floor_int(course) % 2 == 0 ? 0.0F : 0.5F);
    const float tone = unit_of(hash(floor_int(u), floor_int(course), part.seed));
    const float joint = 1 - box_share(fraction(course), 0.1F, 0.9F, hit.footprint.y / 0.08F);
    color = color * (1 + seen * (0.3F * (tone - 0.5F) + 0.25F * joint));
  }
  // The foot of a wall is dirty.
  return color * lerp(0.72F, 1.0F, smooth_step(0.0F, 0.9F, hit.uv.y));
}

Surface blend(const Surface& wall, const Opening& opening, Vec3 frame, const Glazing& glazing) {
  Surface s = wall;
  s.albedo = lerp(s.albedo, frame, opening.frame);
  s.albedo = lerp(s.albedo, glazing.color, opening.glass);
  s.gloss = lerp(s.gloss, 0.85F, opening.glass);
  s.emission = s.emission + glazing.emission * opening.glass;
  return s;
}

// Street level with shops: glass between pillars under a coloured board.
Surface shop(const Part& part, const Hit& hit, const Surface& wall, float lamps) {
  const float bay = part.size[1] * 2;
  const int number = floor_int(hit.uv.x / bay);
  const std::uint32_t id = hash(number, 1, part.seed);
  const Vec2 p{hit.uv.x - static_cast<float>(number) * bay, hit.uv.y};
  const float top = part.size[0] - 0.75F;
  const bool door = unit_of(hash(id + 4)) < 0.4F && p.x > bay * 0.62F;
  const Opening opening =
      opening_at(p, {0.25F, door ? 0.05F : 0.55F}, {bay - 0.25F, top}, 0.06F, hit.footprint);
  const float board = box_share(hit.uv.y, top + 0.1F, top + 0.65F, hit.footprint.y) *
                      box_share(p.x, 0.1F, bay - 0.1F, hit.footprint.x);
  const Vec3 board_color{0.1F + 0.6F * unit_of(hash(id + 1)),
                         0.1F + 0.5F * unit_of(hash(id + 2)),
                         0.1F + 0.5F * unit_of(hash(id + 3))};
  // Letters of a kind on the board; goods of a kind behind the glass.
  const float letters = box_share(hit.uv.y, top + 0.24F, top + 0.5F, hit.footprint.y) *
                        box_share(p.x, bay * 0.2F, bay * 0.75F, hit.footprint.x) *
                        (noise(hit.uv.x * 9.0F, 0.5F, id) > 0.45F ? 1.0F : 0.0F);
  const float goods = noise(hit.uv.x * 2.5F, hit.uv.y * 2.0F, id + 9);
  Glazing glazing{Vec3{0.06F, 0.06F, 0.06F} + board_color * (0.25F * goods), {}};
  glazing.emission = Vec3{1.0F, 0.85F, 0.6F} * (0.10F + 0.5F * lamps) * goods;
  Surface s = blend(wall, opening, {0.12F, 0.12F, 0.13F}, glazing);
  s.albedo = lerp(s.albedo, lerp(board_color, {0.85F, 0.85F, 0.8F}, letters), board);
  return s;
}

}  // namespace

Surface facade_surface(const Part& part, const Hit& hit, float lamps) {
  const FacadeStyle& style = kStyles[part.style % kFacadeStyles];
  const float storey_height = part.size[0];
  const float bay = part.size[1];
  const int storey = floor_int(hit.uv.y / storey_height);
  const int number = floor_int(hit.uv.x / bay);
  const Vec2 p{hit.uv.x - static_cast<float>(number) * bay,
               hit.uv.y - static_cast<float>(storey) * storey_height};
  Surface wall{.albedo = wall_color(part, style, hit)};
  if (style.has_bands) {
    const float band = box_share(p.y, 0.0F, 0.16F, hit.footprint.y);
    wall.albedo = lerp(wall.albedo, part.color2, storey > 0 ? band : 0.0F);
  }
  const float below_top = part.size[3] - hit.uv.y;
  wall.albedo = lerp(wall.albedo, part.color2, box_share(below_top, 0.0F, 0.45F, hit.footprint.y));
  const bool past_last_bay = static_cast<float>(number + 1) * bay > part.size[2] + 0.01F;
  const bool past_last_storey =
      static_cast<float>(storey + 1) * storey_height > part.size[3] + 0.3F;
  if (past_last_bay || past_last_storey) {
    return wall;
  }
  if (storey == 0 && style.has_shop) {
    return shop(part, hit, wall, lamps);
  }
  const std::uint32_t window = hash(number, storey, part.seed);
  const bool door = storey == 0 && unit_of(hash(number, 99, part.seed)) < 0.22F;
  const float width = door ? 1.1F : bay * style.window_width;
  const Vec2 low{(bay - width) * 0.5F, door ? 0.05F : storey_height * style.window_bottom};
  const Vec2 high{(bay + width) * 0.5F, storey_height * (door ? 0.72F : style.window_top)};
  const Opening opening = opening_at(p, low, high, style.frame, hit.footprint);
  Glazing glazing = glazing_of(window, (p.y - low.y) / (high.y - low.y), lamps);
  if (door) {
    glazing = {part.color2 * 0.35F, {}};
  }
  return blend(wall, opening, lerp(part.color2, {0.8F, 0.8F, 0.78F}, 0.5F), glazing);
}

}  // namespace mtmi::scenes
