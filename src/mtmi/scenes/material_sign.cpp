// Traffic signs: u, v = -1..1 over the plate, v up.
#include "mtmi/scenes/material.h"
#include "mtmi/scenes/noise.h"

namespace mtmi::scenes {
namespace {

constexpr Vec3 kWhite{0.80F, 0.80F, 0.80F};
constexpr Vec3 kRed{0.55F, 0.03F, 0.04F};
constexpr Vec3 kBlue{0.02F, 0.12F, 0.42F};
constexpr Vec3 kGreen{0.02F, 0.25F, 0.12F};
constexpr Vec3 kYellow{0.80F, 0.55F, 0.03F};
constexpr Vec3 kBlack{0.03F, 0.03F, 0.03F};

Floats rectangle(const Hit& hit, Vec2 low, Vec2 high) {
  return box_share(hit.uv.x, low.x, high.x, hit.footprint.x) *
         box_share(hit.uv.y, low.y, high.y, hit.footprint.y);
}

// A digit as on a seven-segment display, from the bits of `segments` (top first, clockwise, then
// the middle).
Floats digit_share(const Hit& hit, float middle, unsigned segments) {
  struct Bar {
    Vec2 low;
    Vec2 high;
  };

  constexpr float kThick = 0.11F;
  constexpr float kHalf = 0.17F;
  constexpr float kTall = 0.36F;
  constexpr Bar kBars[7] = {{{-kHalf, kTall - kThick}, {kHalf, kTall}},
                            {{kHalf - kThick, 0}, {kHalf, kTall}},
                            {{kHalf - kThick, -kTall}, {kHalf, 0}},
                            {{-kHalf, -kTall}, {kHalf, -kTall + kThick}},
                            {{-kHalf, -kTall}, {-kHalf + kThick, 0}},
                            {{-kHalf, 0}, {-kHalf + kThick, kTall}},
                            {{-kHalf, -kThick / 2}, {kHalf, kThick / 2}}};
  Floats share;
  for (unsigned i = 0; i < 7; ++i) {
    if ((segments >> i & 1U) != 0) {
      const Vec2 to_middle{middle, 0};
      share = larger(share, rectangle(hit, kBars[i].low + to_middle, kBars[i].high + to_middle));
    }
  }
  return share;
}

// 30, 50, 60 or 70.
Vectors speed_limit(const Part& part, const Hit& hit, Floats r) {
  constexpr unsigned kTens[4] = {0b1001111U, 0b1101101U, 0b1111101U, 0b0000111U};
  constexpr unsigned kZero = 0b0111111U;
  const Floats ring = box_share(r, 0.72F, 1.5F, hit.footprint.x);
  const Floats ink =
      digit_share(hit, -0.24F, kTens[part.seed % 4]) + digit_share(hit, 0.24F, kZero);
  return lerp(lerp(kWhite, kBlack, clamp01(ink)), kRed, ring);
}

// Rows of words of a kind under each other.
Vectors board(const Part& part, const Hit& hit, Vec3 ground) {
  const Floats row = hit.uv.y * 2.0F + 0.5F;
  const Floats in_row = box_share(fraction(row), 0.3F, 0.7F, hit.footprint.y * 2.0F);
  const Mask is_letter = noise(hit.uv.x * 14.0F, floats_of(floor_int(row)), part.seed) > 0.4F;
  const Floats text =
      in_row * box_share(hit.uv.x, -0.75F, 0.55F, hit.footprint.x) * select(is_letter, 1.0F, 0.2F);
  const Floats edge = 1.0F - rectangle(hit, {-0.95F, -0.9F}, {0.95F, 0.9F});
  return lerp(lerp(ground, kWhite, text), kWhite, edge);
}

Vectors front_color(const Part& part, const Hit& hit) {
  const Floats r = square_root(hit.uv.x * hit.uv.x + hit.uv.y * hit.uv.y);
  const Floats ax = magnitude(hit.uv.x);
  const Floats ay = magnitude(hit.uv.y);
  switch (part.style % kSignStyles) {
    case 0:
      return speed_limit(part, hit, r);
    case 1:  // a red ring: no entry for vehicles
      return lerp(kWhite, kRed, box_share(r, 0.70F, 1.5F, hit.footprint.x));
    case 2: {  // an arrow on blue
      const Mask in_head = (hit.uv.y > 0.15F) & (ax < 0.65F - hit.uv.y);
      const Floats shaft = rectangle(hit, {-0.10F, -0.6F}, {0.10F, 0.3F});
      return lerp(kBlue, kWhite, clamp01(shaft + select(in_head, 1.0F, 0.0F)));
    }
    case 3:  // no entry
      return lerp(kRed, kWhite, rectangle(hit, {-0.68F, -0.17F}, {0.68F, 0.17F}));
    case 4:  // priority: a yellow diamond in white
      return lerp(kWhite, kYellow, box_share(ax + ay, -1.0F, 0.72F, hit.footprint.x));
    case 5:
      return board(part, hit, kBlue);
    case 6:
      return board(part, hit, kGreen);
    default: {  // a crossing: a white field with a dark figure on blue
      const Mask in_field = (hit.uv.y > -0.55F) & (hit.uv.y < 0.6F - 1.2F * ax);
      const Vectors color = lerp(kBlue, kWhite, select(in_field, 1.0F, 0.0F));
      return lerp(color, kBlack, rectangle(hit, {-0.10F, -0.4F}, {0.10F, 0.2F}));
    }
  }
}

}  // namespace

Surface sign_surface(const Part& part, const Hit& hit) {
  constexpr Vec3 kBack{0.28F, 0.29F, 0.30F};
  return {.albedo = select(hit.is_back, kBack, front_color(part, hit)),
          .gloss = select(hit.is_back, 0.2F, 0.12F)};
}

}  // namespace mtmi::scenes
