// Four numbers side by side, by the compiler's own vectors: SSE2, NEON, anything. Each operation is
// that of the scalar type, lane by lane, so that the bits are the same too.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace mtmi::scenes {

inline constexpr int kLanes = 4;

template <class T>
struct RawLanes;

template <>
struct RawLanes<float> {
  using Type = float __attribute__((vector_size(16)));
};

template <>
struct RawLanes<std::int32_t> {
  using Type = std::int32_t __attribute__((vector_size(16)));
};

template <>
struct RawLanes<std::uint32_t> {
  using Type = std::uint32_t __attribute__((vector_size(16)));
};

/// The answer to a comparison, lane by lane.
struct Mask {
  using Raw = RawLanes<std::int32_t>::Type;
  Raw raw;  ///< all bits of a lane are set, or none

  friend Mask operator&(Mask a, Mask b) { return {a.raw & b.raw}; }

  friend Mask operator|(Mask a, Mask b) { return {a.raw | b.raw}; }

  friend Mask operator!(Mask a) { return {~a.raw}; }
};

[[nodiscard]] inline bool any(Mask mask) {
  const auto halves = std::bit_cast<std::array<std::uint64_t, 2>>(mask.raw);
  return (halves[0] | halves[1]) != 0;
}

/// T is float, std::int32_t or std::uint32_t. A scalar stands for itself in every lane.
template <class T>
struct Lanes {
  using Raw = typename RawLanes<T>::Type;
  Raw raw{};

  Lanes() = default;

  Lanes(T all) : raw{all, all, all, all} {}  // NOLINT(google-explicit-constructor)

  explicit Lanes(Raw lanes) : raw(lanes) {}

  explicit Lanes(const std::array<T, kLanes>& lanes) : raw(std::bit_cast<Raw>(lanes)) {}

  [[nodiscard]] T operator[](std::size_t lane) const { return raw[lane]; }

  friend Lanes operator+(Lanes a, Lanes b) { return Lanes(a.raw + b.raw); }

  friend Lanes operator-(Lanes a, Lanes b) { return Lanes(a.raw - b.raw); }

  friend Lanes operator*(Lanes a, Lanes b) { return Lanes(a.raw * b.raw); }

  friend Lanes operator/(Lanes a, Lanes b) { return Lanes(a.raw / b.raw); }

  friend Lanes operator-(Lanes a) { return Lanes(-a.raw); }

  friend Mask operator<(Lanes a, Lanes b) { return {a.raw < b.raw}; }

  friend Mask operator<=(Lanes a, Lanes b) { return {a.raw <= b.raw}; }

  friend Mask operator>(Lanes a, Lanes b) { return {a.raw > b.raw}; }

  friend Mask operator>=(Lanes a, Lanes b) { return {a.raw >= b.raw}; }

  friend Mask operator!=(Lanes a, Lanes b) { return {a.raw != b.raw}; }

  friend Mask operator==(Lanes a, Lanes b) { return {a.raw == b.raw}; }
};

using Floats = Lanes<float>;
using Words = Lanes<std::uint32_t>;

/// `yes` where the mask is set, `no` elsewhere.
template <class T>
[[nodiscard]] Lanes<T> select(Mask mask, Lanes<T> yes, Lanes<T> no) {
  return Lanes<T>(mask.raw ? yes.raw : no.raw);
}

/// The same for double, in two halves, which every processor has registers for.
struct Doubles {
  using Half = double __attribute__((vector_size(16)));
  std::array<Half, 2> halves{};

  Doubles() = default;

  Doubles(double all)  // NOLINT(google-explicit-constructor)
      : halves{Half{all, all}, Half{all, all}} {}

  Doubles(double a, double b, double c, double d) : halves{Half{a, b}, Half{c, d}} {}

  template <class F>
  static Doubles of_halves(const F& half_of) {
    Doubles result;
    result.halves[0] = half_of(std::size_t{0});
    result.halves[1] = half_of(std::size_t{1});
    return result;
  }

  friend Doubles operator+(const Doubles& a, const Doubles& b) {
    return of_halves([&](std::size_t i) { return a.halves[i] + b.halves[i]; });
  }

  friend Doubles operator-(const Doubles& a, const Doubles& b) {
    return of_halves([&](std::size_t i) { return a.halves[i] - b.halves[i]; });
  }

  friend Doubles operator-(const Doubles& a) {
    return of_halves([&](std::size_t i) { return -a.halves[i]; });
  }

  friend Doubles operator*(const Doubles& a, const Doubles& b) {
    return of_halves([&](std::size_t i) { return a.halves[i] * b.halves[i]; });
  }
};

/// `yes` where a < b, `no` elsewhere.
[[nodiscard]] inline Doubles select_less(const Doubles& a,
                                         const Doubles& b,
                                         const Doubles& yes,
                                         const Doubles& no) {
  return Doubles::of_halves(
      [&](std::size_t i) { return a.halves[i] < b.halves[i] ? yes.halves[i] : no.halves[i]; });
}

/// `x` in single precision.
[[nodiscard]] inline Floats rounded(const Doubles& x) {
  using Pair = float __attribute__((vector_size(8)));
  return Floats(__builtin_shufflevector(__builtin_convertvector(x.halves[0], Pair),
                                        __builtin_convertvector(x.halves[1], Pair),
                                        0,
                                        1,
                                        2,
                                        3));
}

/// 0, 1, 2, 3.
[[nodiscard]] inline Floats lane_numbers() {
  return Floats(std::array{0.0F, 1.0F, 2.0F, 3.0F});
}

[[nodiscard]] inline Floats load(const float* lanes) {
  Floats loaded;
  std::memcpy(&loaded.raw, lanes, sizeof(loaded.raw));
  return loaded;
}

inline void store(Floats lanes, float* to) {
  std::memcpy(to, &lanes.raw, sizeof(lanes.raw));
}

}  // namespace mtmi::scenes
