// Points and directions, four side by side: vec.h by lanes.
#pragma once

#include "mtmi/scenes/lanes.h"
#include "mtmi/scenes/vec.h"

namespace mtmi::scenes {

struct Pairs {
  Floats x;
  Floats y;
};

/// A Vec3 stands for itself in every lane.
struct Vectors {
  Floats x;
  Floats y;
  Floats z;

  Vectors() = default;

  Vectors(Floats x_lanes, Floats y_lanes, Floats z_lanes) : x(x_lanes), y(y_lanes), z(z_lanes) {}

  Vectors(Vec3 all) : x(all.x), y(all.y), z(all.z) {}  // NOLINT(google-explicit-constructor)
};

inline Vectors operator+(const Vectors& a, const Vectors& b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}

inline Vectors operator-(const Vectors& a, const Vectors& b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}

inline Vectors operator-(const Vectors& a) {
  return {-a.x, -a.y, -a.z};
}

inline Vectors operator*(const Vectors& a, Floats k) {
  return {a.x * k, a.y * k, a.z * k};
}

/// Component by component: a colour through a filter.
inline Vectors operator*(const Vectors& a, const Vectors& b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}

[[nodiscard]] inline Vectors select(Mask mask, const Vectors& yes, const Vectors& no) {
  return {select(mask, yes.x, no.x), select(mask, yes.y, no.y), select(mask, yes.z, no.z)};
}

[[nodiscard]] inline Floats dot(const Vectors& a, const Vectors& b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

[[nodiscard]] inline Floats length(const Vectors& a) {
  return square_root(dot(a, a));
}

[[nodiscard]] inline Vectors normalized(const Vectors& a) {
  const Floats l = length(a);
  return select(l > 0.0F, a * (1.0F / l), Vec3{0, 1, 0});
}

[[nodiscard]] inline Floats larger(Floats a, Floats b) {
  return select(a < b, b, a);
}

[[nodiscard]] inline Floats smaller(Floats a, Floats b) {
  return select(b < a, b, a);
}

/// Pre: low <= high.
[[nodiscard]] inline Floats clamp(Floats x, Floats low, Floats high) {
  return larger(smaller(x, high), low);
}

[[nodiscard]] inline Floats clamp01(Floats x) {
  return clamp(x, 0.0F, 1.0F);
}

[[nodiscard]] inline Floats lerp(Floats a, Floats b, Floats t) {
  return a + (b - a) * t;
}

[[nodiscard]] inline Vectors lerp(const Vectors& a, const Vectors& b, Floats t) {
  return a + (b - a) * t;
}

[[nodiscard]] inline Floats smooth_step(Floats low, Floats high, Floats x) {
  const Floats t = clamp01((x - low) / (high - low));
  return t * t * (3.0F - 2.0F * t);
}

}  // namespace mtmi::scenes
