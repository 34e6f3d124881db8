// Reductions as their definitions say, for every element type.
//
// Floating-point types accumulate in double and round once; integers accumulate modulo 2^64 and
// what does not fit their type wraps around. A reduction is a struct of
//   State<T>     what is carried along,
//   Input<T>     what an element is taken as,
//   init<T>()    the state before any element,
//   step(s, x)   the state with one more element,
//   finish<T>(s, n)  the result over n elements, as T's compute type.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "mtmi/core/axis_split.h"
#include "mtmi/kernels/arithmetic.h"
#include "mtmi/kernels/element.h"
#include "mtmi/kernels/saturate.h"
#include "mtmi/kernels/strided_loop.h"

namespace mtmi::kernels {

/// double for floating-point types, 64-bit integers for integers and Bool.
template <class T>
using Accumulator = std::conditional_t<std::is_integral_v<ComputeType<T>>, std::int64_t, double>;

/// Reductions of one accumulator, which most are.
struct PlainState {
  template <class T>
  using State = Accumulator<T>;
  template <class T>
  using Input = Accumulator<T>;

  template <class T>
  static State<T> init() noexcept {
    return 0;
  }

  template <class T>
  static ComputeType<T> finish(State<T> s, std::int64_t) noexcept {
    return static_cast<ComputeType<T>>(s);
  }
};

/// Reductions that leave the integers on the way: computed in double, truncated at the end.
struct RealState {
  template <class T>
  using State = double;
  template <class T>
  using Input = double;

  template <class T>
  static double init() noexcept {
    return 0.0;
  }
};

/// sum of x
struct SumOf : PlainState {
  template <class A>
  static A step(A s, A x) noexcept {
    return add(s, x);
  }
};

/// sum of |x|
struct SumOfMagnitudes : PlainState {
  template <class A>
  static A step(A s, A x) noexcept {
    return add(s, x < A{0} ? negate(x) : x);
  }
};

/// sum of x^2
struct SumOfSquares : PlainState {
  template <class A>
  static A step(A s, A x) noexcept {
    return add(s, multiply(x, x));
  }
};

/// product of x
struct ProductOf : PlainState {
  template <class T>
  static Accumulator<T> init() noexcept {
    return 1;
  }

  template <class A>
  static A step(A s, A x) noexcept {
    return multiply(s, x);
  }
};

/// sum of x / n; integers are divided truncating. Pre for integers: n > 0.
struct MeanOf : SumOf {
  template <class T>
  static ComputeType<T> finish(Accumulator<T> s, std::int64_t n) noexcept {
    return static_cast<ComputeType<T>>(s / static_cast<Accumulator<T>>(n));
  }
};

/// The largest x; over no element -infinity, or the lowest value of an integer type. NaN wins.
struct LargestOf : PlainState {
  template <class T>
  static Accumulator<T> init() noexcept {
    if constexpr (std::is_integral_v<ComputeType<T>>) {
      return std::numeric_limits<T>::lowest();
    } else {
      return -std::numeric_limits<double>::infinity();
    }
  }

  template <class A>
  static A step(A s, A x) noexcept {
    return x > s || x != x ? x : s;
  }
};

/// The smallest x; over no element +infinity, or the highest value of an integer type. NaN wins.
struct SmallestOf : PlainState {
  template <class T>
  static Accumulator<T> init() noexcept {
    if constexpr (std::is_integral_v<ComputeType<T>>) {
      return std::numeric_limits<T>::max();
    } else {
      return std::numeric_limits<double>::infinity();
    }
  }

  template <class A>
  static A step(A s, A x) noexcept {
    return x < s || x != x ? x : s;
  }
};

/// sqrt(sum of x^2)
struct RootOfSquares : RealState {
  static double step(double s, double x) noexcept { return s + x * x; }

  template <class T>
  static ComputeType<T> finish(double s, std::int64_t) noexcept {
    return saturate<ComputeType<T>>(std::sqrt(s));
  }
};

/// log(sum of x)
struct LogOfSum : RealState {
  static double step(double s, double x) noexcept { return s + x; }

  template <class T>
  static ComputeType<T> finish(double s, std::int64_t) noexcept {
    return saturate<ComputeType<T>>(std::log(s));
  }
};

/// log(sum of e^x), kept as max and sum of e^(x - max) so that it does not overflow.
struct LogOfSumOfExp {
  struct MaxAndSum {
    double max = -std::numeric_limits<double>::infinity();
    double sum = 0.0;
  };

  template <class T>
  using State = MaxAndSum;
  template <class T>
  using Input = double;

  template <class T>
  static MaxAndSum init() noexcept {
    return {};
  }

  static MaxAndSum step(MaxAndSum s, double x) noexcept {
    if (x == s.max) {  // the difference of infinities would be NaN
      return {s.max, s.sum + 1.0};
    }
    return x < s.max ? MaxAndSum{s.max, s.sum + std::exp(x - s.max)}
                     : MaxAndSum{x, s.sum * std::exp(s.max - x) + 1.0};
  }

  template <class T>
  static ComputeType<T> finish(MaxAndSum s, std::int64_t) noexcept {
    return saturate<ComputeType<T>>(s.max + std::log(s.sum));
  }
};

/// states[j] = step(states[j], src[i]) for every element, where `loop` walks a source (tensor 0)
/// and the states it broadcasts from (tensor 1, stride 0 along reduced axes).
template <class R, class T>
void reduce_ref(const StridedLoop<2>& loop,
                const T* src,
                typename R::template State<T>* states) noexcept {
  using Input = typename R::template Input<T>;
  const std::int64_t count = loop.extents.back();
  const std::int64_t src_step = loop.strides[0].back();
  const std::int64_t state_step = loop.strides[1].back();
  for_each_row(loop, [&](const std::array<std::int64_t, 2>& at) {
    for (std::int64_t i = 0; i < count; ++i) {
      auto& state = states[at[1] + i * state_step];
      state = R::step(state, static_cast<Input>(load(src[at[0] + i * src_step])));
    }
  });
}

/// dst[o,k] = the index i of the largest src[o,i,k] (smallest unless `largest`); the first of equal
/// ones, or the last if `last`. Comparisons with NaN are false. Pre: split.extent > 0.
template <class T>
void arg_extremum_ref(
    const AxisSplit& split, bool largest, bool last, const T* src, std::int64_t* dst) noexcept {
  for (std::int64_t o = 0; o < split.outer; ++o) {
    for (std::int64_t k = 0; k < split.inner; ++k) {
      const T* const line = src + o * split.extent * split.inner + k;
      std::int64_t best = 0;
      for (std::int64_t i = 1; i < split.extent; ++i) {
        const auto x = load(line[i * split.inner]);
        const auto y = load(line[best * split.inner]);
        if ((largest ? x > y : x < y) || (last && x == y)) {
          best = i;
        }
      }
      *dst++ = best;
    }
  }
}

}  // namespace mtmi::kernels
