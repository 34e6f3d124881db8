// Four numbers side by side, by the compiler's own vectors: SSE2, NEON, anything. Each operation is
// that of the scalar type, lane by lane, so that the bits are the same too.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace mtmi::scenes {

inline constexpr int kLanes = 4;

template <class T>
struct RawLanes;

template <>
struct RawLanes<float> {
  using Type = float __attribute__((vector_size(16)));
  using Sum = Type;
};

template <>
struct RawLanes<std::uint32_t> {
  using Type = std::uint32_t __attribute__((vector_size(16)));
  using Sum = Type;
};

template <>
struct RawLanes<std::int32_t> {
  using Type = std::int32_t __attribute__((vector_size(16)));
  using Sum = RawLanes<std::uint32_t>::Type;  // it may overflow in lanes that nobody looks at
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

/// What may be written for lanes of T: integers and floats do not stand for each other.
template <class U, class T>
concept ScalarOf = (std::is_same_v<T, float> ? std::is_same_v<U, float> : std::is_integral_v<U>);

/// T is float, std::int32_t or std::uint32_t; integers are modulo 2^32. A scalar stands for itself
/// in every lane.
template <class T>
struct Lanes {
  using Raw = typename RawLanes<T>::Type;
  Raw raw{};

  Lanes() = default;

  template <ScalarOf<T> U>
  Lanes(U all)  // NOLINT(google-explicit-constructor)
      : raw{static_cast<T>(all), static_cast<T>(all), static_cast<T>(all), static_cast<T>(all)} {}

  explicit Lanes(Raw lanes) : raw(lanes) {}

  explicit Lanes(const std::array<T, kLanes>& lanes) : raw(std::bit_cast<Raw>(lanes)) {}

  [[nodiscard]] T operator[](std::size_t lane) const { return raw[lane]; }

  friend Lanes operator+(Lanes a, Lanes b) { return of(sum(a) + sum(b)); }

  friend Lanes operator-(Lanes a, Lanes b) { return of(sum(a) - sum(b)); }

  friend Lanes operator*(Lanes a, Lanes b) { return of(sum(a) * sum(b)); }

  friend Lanes operator/(Lanes a, Lanes b) { return Lanes(a.raw / b.raw); }

  friend Lanes operator-(Lanes a) { return of(-sum(a)); }

  friend Lanes operator%(Lanes a, Lanes b) { return Lanes(a.raw % b.raw); }

  friend Lanes operator^(Lanes a, Lanes b) { return Lanes(a.raw ^ b.raw); }

  friend Lanes operator&(Lanes a, Lanes b) { return Lanes(a.raw & b.raw); }

  friend Lanes operator<<(Lanes a, int bits) { return Lanes(a.raw << bits); }

  friend Lanes operator>>(Lanes a, int bits) { return Lanes(a.raw >> bits); }

  Lanes& operator+=(Lanes a) { return *this = *this + a; }

  Lanes& operator*=(Lanes a) { return *this = *this * a; }

  friend Mask operator<(Lanes a, Lanes b) { return {a.raw < b.raw}; }

  friend Mask operator<=(Lanes a, Lanes b) { return {a.raw <= b.raw}; }

  friend Mask operator>(Lanes a, Lanes b) { return {a.raw > b.raw}; }

  friend Mask operator>=(Lanes a, Lanes b) { return {a.raw >= b.raw}; }

  friend Mask operator!=(Lanes a, Lanes b) { return {a.raw != b.raw}; }

  friend Mask operator==(Lanes a, Lanes b) { return {a.raw == b.raw}; }

 private:
  using Sum = typename RawLanes<T>::Sum;

  static Sum sum(Lanes a) { return std::bit_cast<Sum>(a.raw); }

  static Lanes of(Sum sum) { return Lanes(std::bit_cast<Raw>(sum)); }
};

using Floats = Lanes<float>;
using Ints = Lanes<std::int32_t>;
using Words = Lanes<std::uint32_t>;

/// `yes` where the mask is set, `no` elsewhere.
[[nodiscard]] inline Floats select(Mask mask, Floats yes, Floats no) {
  return Floats(mask.raw ? yes.raw : no.raw);
}

[[nodiscard]] inline Ints select(Mask mask, Ints yes, Ints no) {
  return Ints(mask.raw ? yes.raw : no.raw);
}

[[nodiscard]] inline Words select(Mask mask, Words yes, Words no) {
  return Words(mask.raw ? yes.raw : no.raw);
}

/// As static_cast: towards zero. Any number where x does not fit.
[[nodiscard]] inline Ints truncated(Floats x) {
  return Ints(__builtin_convertvector(x.raw, Ints::Raw));
}

[[nodiscard]] inline Floats floats_of(Ints x) {
  return Floats(__builtin_convertvector(x.raw, Floats::Raw));
}

/// As static_cast: modulo 2^32.
[[nodiscard]] inline Words words_of(Ints x) {
  return Words(std::bit_cast<Words::Raw>(x.raw));
}

[[nodiscard]] inline Ints ints_of(Words x) {
  return Ints(std::bit_cast<Ints::Raw>(x.raw));
}

[[nodiscard]] inline Floats floats_with_bits(Words bits) {
  return Floats(std::bit_cast<Floats::Raw>(bits.raw));
}

[[nodiscard]] inline Floats square_root(Floats x) {
#ifdef __SSE2__
  return Floats(_mm_sqrt_ps(x.raw));
#else
  return Floats(Floats::Raw{
      std::sqrt(x.raw[0]), std::sqrt(x.raw[1]), std::sqrt(x.raw[2]), std::sqrt(x.raw[3])});
#endif
}

[[nodiscard]] inline Floats magnitude(Floats x) {
  return floats_with_bits(Words(std::bit_cast<Words::Raw>(x.raw)) & 0x7FFFFFFFU);
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

  friend Doubles operator/(const Doubles& a, const Doubles& b) {
    return of_halves([&](std::size_t i) { return a.halves[i] / b.halves[i]; });
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

[[nodiscard]] inline Doubles widened(Floats x) {
  return {x[0], x[1], x[2], x[3]};
}

/// `x` in single precision.
[[nodiscard]] inline Floats rounded(const Doubles& x) {
#ifdef __SSE2__
  return Floats(_mm_movelh_ps(_mm_cvtpd_ps(x.halves[0]), _mm_cvtpd_ps(x.halves[1])));
#else
  using Pair = float __attribute__((vector_size(8)));
  return Floats(__builtin_shufflevector(__builtin_convertvector(x.halves[0], Pair),
                                        __builtin_convertvector(x.halves[1], Pair),
                                        0,
                                        1,
                                        2,
                                        3));
#endif
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
