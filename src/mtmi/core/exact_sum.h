// Sums of real numbers that do not depend on the order of their terms.
#pragma once

#include <cstdint>

namespace mtmi {

/// A sum in fixed point: terms are rounded to 2^-36, then added in 128-bit integers, which is
/// exact. So the sum is the same for any order, grouping and number of threads.
class ExactSum {
 public:
  /// Terms lie below this in magnitude; a sum holds 2^63 of them at least.
  static constexpr double kLimit = 0x1p26;

  /// Pre: -kLimit < x < kLimit (hence not NaN).
  void add(double x) noexcept {
    // x * 2^36 is exact and fits into 63 bits; the half rounds to nearest, ties away from zero.
    const double scaled = x * kUnits;
    total_ += static_cast<std::int64_t>(scaled + (scaled < 0.0 ? -0.5 : 0.5));
  }

  ExactSum& operator+=(const ExactSum& other) noexcept {
    total_ += other.total_;
    return *this;
  }

  /// The sum, rounded to a double.
  [[nodiscard]] double value() const noexcept { return static_cast<double>(total_) / kUnits; }

  [[nodiscard]] bool operator==(const ExactSum&) const = default;

 private:
  __extension__ using Int128 = __int128;
  static constexpr double kUnits = 0x1p36;

  Int128 total_ = 0;
};

}  // namespace mtmi
