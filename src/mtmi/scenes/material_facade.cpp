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
  Floats glass;  // shares of the pixel
  Floats frame;
};

// A glazed rectangle (low..high in metres) with a frame and one mullion.
Opening opening_at(
    const Pairs& p, const Pairs& low, const Pairs& high, float frame, const Pairs& footprint) {
  const Floats outer = box_share(p.x, low.x - frame, high.x + frame, footprint.x) *
                       box_share(p.y, low.y - frame, high.y + frame, footprint.y);
  const Floats middle = (low.x + high.x) * 0.5F;
  const Floats mullion = box_share(p.x, middle - 0.03F, middle + 0.03F, footprint.x);
  const Floats glass = box_share(p.x, low.x, high.x, footprint.x) *
                       box_share(p.y, low.y, high.y, footprint.y) * (1.0F - mullion);
  return {glass, outer - glass};
}

struct Glazing {
  Vectors color;
  Vectors emission;
};

// Each window on its own: dark, curtained, or lit in the evening.
Glazing glazing_of(Words window, Floats height_share, float lamps) {
  const Floats kind = unit_of(window);
  const Floats curtain_until = 0.35F + 0.6F * unit_of(hash(window + 1));
  const Mask is_curtained = (kind < 0.35F) & (height_share > 1.0F - curtain_until);
  const Vectors curtain = Vec3{0.45F, 0.43F, 0.40F} * (0.6F + 0.4F * unit_of(hash(window + 2)));
  Glazing glazing{select(is_curtained, curtain, Vec3{0.035F, 0.045F, 0.055F}), {}};
  if (lamps > 0) {
    const Vectors light =
        Vec3{1.0F, 0.72F, 0.40F} * (lamps * (0.25F + 0.5F * unit_of(hash(window))));
    glazing.emission = select(kind > 0.62F, light, Vec3{});
  }
  return glazing;
}

Vectors wall_color(const Part& part, const FacadeStyle& style, const Hit& hit) {
  const Floats stains =
      fractal_noise(hit.uv.x * 0.35F, hit.uv.y * 0.22F, 4, hit.pixel_metres * 0.35F, part.seed);
  Vectors color = part.color * (0.80F + 0.4F * stains);
  if (style.is_brick) {
    const Floats course = hit.uv.y / 0.08F;
    const Ints row = floor_int(course);
    const Floats seen = clamp01(1.0F - 1.2F * hit.footprint.y / 0.08F);
    const Floats u = hit.uv.x / 0.25F + shift_of(row);
    const Floats tone = unit_of(hash(floor_int(u), row, part.seed));
    const Floats joint = 1.0F - box_share(fraction(course), 0.1F, 0.9F, hit.footprint.y / 0.08F);
    color = color * (1.0F + seen * (0.3F * (tone - 0.5F) + 0.25F * joint));
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
  const Ints number = floor_int(hit.uv.x / bay);
  const Words id = hash(number, 1, part.seed);
  const Pairs p{hit.uv.x - floats_of(number) * bay, hit.uv.y};
  const float top = part.size[0] - 0.75F;
  const Mask is_door = (unit_of(hash(id + 4)) < 0.4F) & (p.x > bay * 0.62F);
  const Opening opening = opening_at(
      p, {0.25F, select(is_door, 0.05F, 0.55F)}, {bay - 0.25F, top}, 0.06F, hit.footprint);
  const Floats board = box_share(hit.uv.y, top + 0.1F, top + 0.65F, hit.footprint.y) *
                       box_share(p.x, 0.1F, bay - 0.1F, hit.footprint.x);
  const Vectors board_color{0.1F + 0.6F * unit_of(hash(id + 1)),
                            0.1F + 0.5F * unit_of(hash(id + 2)),
                            0.1F + 0.5F * unit_of(hash(id + 3))};
  // Letters of a kind on the board; goods of a kind behind the glass.
  const Floats letters = box_share(hit.uv.y, top + 0.24F, top + 0.5F, hit.footprint.y) *
                         box_share(p.x, bay * 0.2F, bay * 0.75F, hit.footprint.x) *
                         select(noise(hit.uv.x * 9.0F, 0.5F, id) > 0.45F, 1.0F, 0.0F);
  const Floats goods = noise(hit.uv.x * 2.5F, hit.uv.y * 2.0F, id + 9);
  Glazing glazing{Vec3{0.06F, 0.06F, 0.06F} + board_color * (0.25F * goods), {}};
  glazing.emission = Vec3{1.0F, 0.85F, 0.6F} * (0.10F + 0.5F * lamps) * goods;
  Surface s = blend(wall, opening, {0.12F, 0.12F, 0.13F}, glazing);
  s.albedo = lerp(s.albedo, lerp(board_color, Vec3{0.85F, 0.85F, 0.8F}, letters), board);
  return s;
}

// A point of a house front: in which storey and bay, and where there [m].
struct Place {
  Ints storey;
  Ints bay;
  Pairs in_bay;
};

// A storey's windows, and house doors at street level.
Surface windows(const Part& part,
                const FacadeStyle& style,
                const Hit& hit,
                const Place& place,
                const Surface& wall,
                float lamps) {
  const float storey_height = part.size[0];
  const float bay = part.size[1];
  const Words window = hash(place.bay, place.storey, part.seed);
  const Mask is_door = (place.storey == 0) & (unit_of(hash(place.bay, 99, part.seed)) < 0.22F);
  const Floats width = select(is_door, 1.1F, bay * style.window_width);
  const Pairs low{(bay - width) * 0.5F,
                  select(is_door, 0.05F, storey_height * style.window_bottom)};
  const Pairs high{(bay + width) * 0.5F, storey_height * select(is_door, 0.72F, style.window_top)};
  const Opening opening = opening_at(place.in_bay, low, high, style.frame, hit.footprint);
  Glazing glazing = glazing_of(window, (place.in_bay.y - low.y) / (high.y - low.y), lamps);
  glazing.color = select(is_door, part.color2 * 0.35F, glazing.color);
  glazing.emission = select(is_door, Vec3{}, glazing.emission);
  return blend(wall, opening, lerp(part.color2, {0.8F, 0.8F, 0.78F}, 0.5F), glazing);
}

Surface select(Mask mask, const Surface& yes, const Surface& no) {
  return {.albedo = select(mask, yes.albedo, no.albedo),
          .gloss = select(mask, yes.gloss, no.gloss),
          .emission = select(mask, yes.emission, no.emission)};
}

}  // namespace

Surface facade_surface(const Part& part, const Hit& hit, float lamps) {
  const FacadeStyle& style = kStyles[part.style % kFacadeStyles];
  const float storey_height = part.size[0];
  const float bay = part.size[1];
  Place place{floor_int(hit.uv.y / storey_height), floor_int(hit.uv.x / bay), {}};
  place.in_bay = {hit.uv.x - floats_of(place.bay) * bay,
                  hit.uv.y - floats_of(place.storey) * storey_height};
  Surface surface{.albedo = wall_color(part, style, hit)};
  if (style.has_bands) {
    const Floats band = box_share(place.in_bay.y, 0.0F, 0.16F, hit.footprint.y);
    surface.albedo = lerp(surface.albedo, part.color2, select(place.storey > 0, band, 0.0F));
  }
  const Floats below_top = part.size[3] - hit.uv.y;
  surface.albedo =
      lerp(surface.albedo, part.color2, box_share(below_top, 0.0F, 0.45F, hit.footprint.y));
  const Mask past_last_bay = floats_of(place.bay + 1) * bay > part.size[2] + 0.01F;
  const Mask past_last_storey = floats_of(place.storey + 1) * storey_height > part.size[3] + 0.3F;
  const Mask is_open = !(past_last_bay | past_last_storey);
  const Mask is_shop = style.has_shop ? is_open & (place.storey == 0) : Mask{};
  const Mask is_window = is_open & !is_shop;
  const Surface wall = surface;
  if (any(is_shop)) {
    surface = select(is_shop, shop(part, hit, wall, lamps), surface);
  }
  if (any(is_window)) {
    surface = select(is_window, windows(part, style, hit, place, wall, lamps), surface);
  }
  return surface;
}

}  // namespace mtmi::scenes
