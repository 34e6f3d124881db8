#include "mtmi/scenes/people.h"

#include "mtmi/scenes/choice.h"
#include "mtmi/scenes/exact_math.h"

namespace mtmi::scenes {
namespace {

constexpr std::array<Vec3, 14> kCloth = {{{0.03F, 0.035F, 0.05F},
                                          {0.02F, 0.02F, 0.02F},
                                          {0.06F, 0.08F, 0.14F},
                                          {0.25F, 0.25F, 0.25F},
                                          {0.55F, 0.53F, 0.50F},
                                          {0.35F, 0.05F, 0.05F},
                                          {0.08F, 0.16F, 0.10F},
                                          {0.30F, 0.22F, 0.13F},
                                          {0.60F, 0.45F, 0.10F},
                                          {0.08F, 0.14F, 0.30F},
                                          {0.40F, 0.16F, 0.24F},
                                          {0.16F, 0.12F, 0.09F},
                                          {0.14F, 0.15F, 0.17F},
                                          {0.66F, 0.66F, 0.66F}}};
constexpr std::array<Vec3, 4> kSkin = {
    {{0.50F, 0.33F, 0.25F}, {0.38F, 0.23F, 0.15F}, {0.20F, 0.11F, 0.07F}, {0.55F, 0.40F, 0.32F}}};
constexpr std::array<Vec3, 4> kHair = {
    {{0.02F, 0.017F, 0.015F}, {0.10F, 0.06F, 0.03F}, {0.28F, 0.20F, 0.10F}, {0.35F, 0.35F, 0.35F}}};

// What someone wears.
struct Outfit {
  Part top;
  Part legs;
  Part shoes;
  Part skin;
  Part hair;
};

Outfit make_outfit(Random& random, Label label) {
  const auto cloth = [&] {
    const Vec3 color = varied(random, pick(random, kCloth), 0.3F);
    return Part{
        .material = Material::Clothes, .label = label, .color = color, .seed = seed_from(random)};
  };
  Outfit o;
  o.top = cloth();
  o.legs = cloth();
  o.legs.color = o.legs.color * 0.6F;
  o.shoes = {.material = Material::Plain, .label = label, .color = {0.03F, 0.028F, 0.026F}};
  o.skin = {.material = Material::Plain, .label = label, .color = pick(random, kSkin)};
  o.hair = {.material = Material::Plain, .label = label, .color = pick(random, kHair)};
  return o;
}

// Both joints of a limb and its end.
struct Limb {
  Vec3 root;
  Vec3 bend;
  Vec3 tip;
};

class Figure {
 public:
  Figure(Builder& builder, const Outfit& outfit, float scale, float detail)
      : builder_(builder),
        outfit_(outfit),
        scale_(scale),
        sides_(detail > 60   ? 9
               : detail > 20 ? 6
                             : 4) {}

  void leg(const Limb& l, Vec3 toes) {
    builder_.use(outfit_.legs);
    tube(l.root, l.bend, 0.090F, 0.065F);
    tube(l.bend, l.tip, 0.065F, 0.048F);
    builder_.use(outfit_.shoes);
    tube(l.tip + Vec3{0, -0.03F, -0.05F}, l.tip + toes, 0.05F, 0.04F);
  }

  void arm(const Limb& l) {
    builder_.use(outfit_.top);
    tube(l.root, l.bend, 0.060F, 0.045F);
    tube(l.bend, l.tip, 0.045F, 0.034F);
    builder_.use(outfit_.skin);
    ellipsoid(l.tip, {0.04F, 0.055F, 0.045F});
  }

  void torso(Vec3 hips, Vec3 neck) {
    builder_.use(outfit_.top);
    // Overlapping ellipsoids from the hips to broad shoulders.
    ellipsoid(lerp(hips, neck, 0.08F), {0.160F, 0.17F, 0.115F});
    ellipsoid(lerp(hips, neck, 0.38F), {0.162F, 0.30F, 0.115F});
    ellipsoid(lerp(hips, neck, 0.62F), {0.190F, 0.30F, 0.122F});
    ellipsoid(lerp(hips, neck, 0.88F), {0.215F, 0.10F, 0.095F});
  }

  void head(Vec3 neck, Vec3 center, bool helmet, Vec3 helmet_color) {
    builder_.use(outfit_.skin);
    tube(neck, center, 0.055F, 0.05F);
    ellipsoid(center, {0.078F, 0.115F, 0.095F});
    Part cover = outfit_.hair;
    if (helmet) {
      cover.color = helmet_color;
      cover.gloss = 0.5F;
    }
    builder_.use(cover);
    const float size = helmet ? 1.25F : 1.0F;
    ellipsoid(center + Vec3{0, 0.035F, -0.018F}, Vec3{0.088F, 0.100F, 0.098F} * size);
  }

  void skirt(Vec3 hips, float length) {
    builder_.use(outfit_.legs);
    tube(hips, hips - Vec3{0, length, 0}, 0.15F, 0.25F);
  }

  void backpack(Vec3 hips, Vec3 neck, Vec3 color) {
    builder_.use({.material = Material::Clothes, .label = outfit_.top.label, .color = color});
    ellipsoid(lerp(hips, neck, 0.6F) + Vec3{0, 0, -0.17F}, {0.15F, 0.22F, 0.10F});
  }

 private:
  void tube(Vec3 a, Vec3 b, float ra, float rb) {
    builder_.tube(a * scale_, b * scale_, ra * scale_, rb * scale_, sides_);
  }

  void ellipsoid(Vec3 center, Vec3 radii) {
    builder_.ellipsoid(center * scale_, radii * scale_, sides_ > 4 ? 6 : 4, sides_ + 1);
  }

  Builder& builder_;
  const Outfit& outfit_;
  float scale_;
  int sides_;
};

}  // namespace

void add_person(Builder& builder, Random& random, float detail) {
  const Outfit outfit = make_outfit(random, kPerson);
  const bool child = chance(random, 0.10F);
  const float height = child ? random.uniform(1.05F, 1.4F) : random.uniform(1.55F, 1.92F);
  Figure figure(builder, outfit, height / 1.75F, detail);
  // Half a step: one leg before, the other behind, arms against them.
  const float stride = chance(random, 0.3F) ? 0.04F : random.uniform(0.12F, 0.32F);
  const float sign = chance(random, 0.5F) ? 1.0F : -1.0F;
  const Vec3 hips{0, 0.92F, 0};
  const Vec3 neck{0, 1.46F, 0.02F};
  for (const float side : {-1.0F, 1.0F}) {
    const float step = stride * side * sign;
    const float lift = step < 0 ? -0.35F * step : 0.0F;
    figure.leg({{side * 0.09F, 0.92F, 0},
                {side * 0.10F, 0.50F + lift * 0.3F, step * 0.55F + 0.04F},
                {side * 0.10F, 0.08F + lift, step}},
               {0, -0.04F, 0.16F});
    const float swing = -step * 0.9F;
    figure.arm({{side * 0.21F, 1.40F, 0},
                {side * 0.26F, 1.12F, swing * 0.5F},
                {side * 0.25F, 0.88F, swing + 0.06F}});
  }
  figure.torso(hips, neck);
  figure.head(neck, {0, 1.63F, 0.03F}, false, {});
  if (chance(random, 0.15F)) {
    figure.skirt(hips + Vec3{0, 0.05F, 0}, random.uniform(0.35F, 0.7F));
  }
  if (chance(random, 0.25F)) {
    figure.backpack(hips, neck, varied(random, pick(random, kCloth), 0.4F));
  }
}

void add_rider(Builder& builder, Random& random, Mount mount, float detail) {
  const Outfit outfit = make_outfit(random, kRider);
  Figure figure(builder, outfit, 1.0F, detail);
  const bool bicycle = mount == Mount::Bicycle;
  const float seat = bicycle ? 0.95F : 0.90F;
  const float back = bicycle ? -0.24F : -0.30F;
  const Vec3 hips{0, seat, back};
  const Vec3 neck{0, seat + 0.52F, back + (bicycle ? 0.24F : 0.18F)};
  for (const float side : {-1.0F, 1.0F}) {
    const bool down = bicycle ? side < 0 : false;
    const Vec3 foot = bicycle ? Vec3{side * 0.11F, down ? 0.17F : 0.46F, down ? -0.04F : 0.02F}
                              : Vec3{side * 0.20F, 0.36F, -0.12F};
    const Vec3 knee = bicycle ? Vec3{side * 0.13F, down ? 0.56F : 0.82F, 0.20F}
                              : Vec3{side * 0.24F, 0.72F, 0.16F};
    figure.leg({{side * 0.09F, seat - 0.02F, back}, knee, foot}, {0, -0.03F, 0.15F});
    const Vec3 grip = bicycle ? Vec3{side * 0.26F, 1.03F, 0.28F} : Vec3{side * 0.32F, 1.02F, 0.34F};
    const Vec3 shoulder = neck + Vec3{side * 0.19F, -0.06F, 0};
    figure.arm({shoulder, lerp(shoulder, grip, 0.5F) + Vec3{side * 0.07F, -0.06F, 0}, grip});
  }
  figure.torso(hips, neck);
  const bool helmet = !bicycle || chance(random, 0.6F);
  const Vec3 color = varied(random, pick(random, kCloth), 0.4F);
  figure.head(neck, neck + Vec3{0, 0.17F, 0.06F}, helmet, color);
}

}  // namespace mtmi::scenes
