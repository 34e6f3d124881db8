// A product of odd sizes, with gaps between its rows, for the tests of every gemm.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/kernels/fast/gemm.h"
#include "mtmi/kernels/fast/variants_testing.h"

namespace mtmi::kernels {

/// Operands of type T (float, BFloat16), and what they are multiplied to.
template <class T>
class GemmProblem {
 public:
  /// Up to `most_columns` pixels and `most_length` numbers a segment, with any epilogue.
  /// `to_element` makes a T of a float.
  template <class F>
  GemmProblem(std::uint64_t most_columns, std::uint64_t most_length, Random& random, F to_element) {
    const auto pick = [&random](std::uint64_t n) {
      return static_cast<std::int64_t>(1 + random.below(n));
    };
    rows = pick(3);
    columns = pick(most_columns);
    outputs = pick(150);
    segments = pick(3);
    length = pick(most_length);
    src_column_ = length + 1;
    src_row_ = src_column_ * columns + 5;
    for (std::int64_t s = 0; s < segments; ++s) {
      offsets_.push_back(s * src_row_);
    }
    for (const float x : random_floats(src_row_ * (rows + segments), random)) {
      src_.push_back(to_element(x));
    }
    weights = random_floats(depth() * outputs, random);
    for (const float x : weights) {
      elements_.push_back(to_element(x));
    }
    const std::int64_t dst_size = dst_row() * rows;
    bias_ = random_floats(outputs, random);
    residual_ = random_floats(dst_size, random);
    fill_gaps(to_element(std::numeric_limits<float>::quiet_NaN()));
    const std::array<Activation, 4> kinds{
        Activation::None, Activation::Relu, Activation::Gelu, Activation::Sigmoid};
    epilogue_ = {.bias = bias_.data(),
                 .residual = random.below(2) == 0 ? residual_.data() : nullptr,
                 .first = {.kind = kinds[random.below(4)]},
                 .last = {.kind = kinds[random.below(2)]}};
  }

  [[nodiscard]] std::int64_t depth() const noexcept { return segments * length; }

  /// gemm(args) with `packed` weights gives what gemm_ref() does with plain ones, within what the
  /// order of sums may change, and touches nothing else.
  template <class F>
  void expect_as_reference(F gemm, const std::vector<T>& packed, std::string_view what) const {
    constexpr float kGuard = -12345.0F;
    std::vector<float> expected(static_cast<std::size_t>(dst_row() * rows), kGuard);
    std::vector<float> got = expected;
    gemm_ref(args(elements_, expected));
    gemm(args(packed, got));
    // Rounding of `depth` sums of products below 1 in magnitude.
    expect_near(got,
                expected,
                1e-6F * (2.0F + static_cast<float>(depth()) * 0.1F),
                std::string(what) + ", " + std::to_string(rows) + "x" + std::to_string(columns) +
                    "x" + std::to_string(outputs) + " depth " + std::to_string(segments) + "x" +
                    std::to_string(length));
  }

  std::int64_t rows = 0;
  std::int64_t columns = 0;
  std::int64_t outputs = 0;
  std::int64_t segments = 0;
  std::int64_t length = 0;
  std::vector<float> weights;  ///< [depth, outputs]

 private:
  [[nodiscard]] std::int64_t dst_column() const noexcept { return outputs + 3; }

  [[nodiscard]] std::int64_t dst_row() const noexcept { return dst_column() * columns + 2; }

  /// What no product reads must not matter, whatever it is.
  void fill_gaps(T value) {
    for (std::int64_t i = 0; i < std::ssize(src_); ++i) {
      if (i % src_row_ % src_column_ == length) {
        src_[static_cast<std::size_t>(i)] = value;
      }
    }
  }

  [[nodiscard]] GemmArgsOf<T> args(const std::vector<T>& matrix, std::vector<float>& dst) const {
    return {.src = src_.data(),
            .src_row = src_row_,
            .src_column = src_column_,
            .segments = offsets_.data(),
            .num_segments = segments,
            .segment_length = length,
            .weights = matrix.data(),
            .outputs = outputs,
            .dst = dst.data(),
            .dst_row = dst_row(),
            .dst_column = dst_column(),
            .rows = rows,
            .columns = columns,
            .epilogue = epilogue_};
  }

  std::int64_t src_column_ = 0;
  std::int64_t src_row_ = 0;
  std::vector<std::int64_t> offsets_;
  std::vector<T> src_;
  std::vector<T> elements_;  // the weights, as T
  std::vector<float> bias_;
  std::vector<float> residual_;
  Epilogue epilogue_;
};

/// The product of a matrix [columns, depth] with one of `outputs` columns, cut into pieces of `cut`
/// pixels.
template <class T, class F>
std::vector<float> multiply_in_pieces(F gemm,
                                      const std::vector<T>& src,
                                      const std::vector<T>& packed,
                                      std::int64_t outputs,
                                      std::int64_t columns,
                                      std::int64_t cut) {
  constexpr std::int64_t kNoOffset = 0;
  const std::int64_t depth = std::ssize(src) / columns;
  std::vector<float> dst(static_cast<std::size_t>(columns * outputs));
  for (std::int64_t x = 0; x < columns; x += cut) {
    gemm(GemmArgsOf<T>{.src = src.data() + x * depth,
                       .src_column = depth,
                       .segments = &kNoOffset,
                       .segment_length = depth,
                       .weights = packed.data(),
                       .outputs = outputs,
                       .dst = dst.data() + x * outputs,
                       .dst_column = outputs,
                       .columns = std::min(cut, columns - x),
                       .epilogue = {}});
  }
  return dst;
}

}  // namespace mtmi::kernels
