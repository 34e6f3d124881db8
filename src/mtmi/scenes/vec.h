// Points and directions.
#pragma once

#include <cmath>

namespace mtmi::scenes {

struct Vec2 {
  float x = 0;
  float y = 0;
};

/// A point or direction in the world: x right, y up, z forward [m]; or a linear colour (r, g, b).
struct Vec3 {
  float x = 0;
  float y = 0;
  float z = 0;
};

constexpr Vec2 operator+(Vec2 a, Vec2 b) {
  return {a.x + b.x, a.y + b.y};
}

constexpr Vec2 operator*(Vec2 a, float k) {
  return {a.x * k, a.y * k};
}

constexpr Vec3 operator+(Vec3 a, Vec3 b) {
  return {a.x + b.x, a.y + b.y, a.z + b.z};
}

constexpr Vec3 operator-(Vec3 a, Vec3 b) {
  return {a.x - b.x, a.y - b.y, a.z - b.z};
}

constexpr Vec3 operator-(Vec3 a) {
  return {-a.x, -a.y, -a.z};
}

constexpr Vec3 operator*(Vec3 a, float k) {
  return {a.x * k, a.y * k, a.z * k};
}

/// Component by component: a colour through a filter.
constexpr Vec3 operator*(Vec3 a, Vec3 b) {
  return {a.x * b.x, a.y * b.y, a.z * b.z};
}

constexpr float dot(Vec3 a, Vec3 b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

constexpr Vec3 cross(Vec3 a, Vec3 b) {
  return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

inline float length(Vec3 a) {
  return std::sqrt(dot(a, a));
}

/// `a` with length 1; (0, 1, 0) if it has none.
inline Vec3 normalized(Vec3 a) {
  const float l = length(a);
  return l > 0 ? a * (1.0F / l) : Vec3{0, 1, 0};
}

constexpr float clamp(float x, float low, float high) {
  return x < low ? low : x > high ? high : x;
}

constexpr float clamp01(float x) {
  return clamp(x, 0.0F, 1.0F);
}

constexpr float lerp(float a, float b, float t) {
  return a + (b - a) * t;
}

constexpr Vec3 lerp(Vec3 a, Vec3 b, float t) {
  return a + (b - a) * t;
}

/// 0 below `low`, 1 above `high`, smooth between. Pre: low != high.
constexpr float smooth_step(float low, float high, float x) {
  const float t = clamp01((x - low) / (high - low));
  return t * t * (3 - 2 * t);
}

}  // namespace mtmi::scenes
