#include "mtmi/kernels/attention_ref.h"

#include <algorithm>

#include "mtmi/core/axis_split.h"
#include "mtmi/kernels/softmax_ref.h"

namespace mtmi::kernels {
namespace {

template <class T>
double dot(std::int64_t count, const T* a, const T* b) noexcept {
  double sum = 0.0;
  for (std::int64_t i = 0; i < count; ++i) {
    sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
  }
  return sum;
}

/// dst [value_depth] for one query [depth].
template <class T>
void attend(const AttentionProblem& p,
            double scale,
            const T* query,
            const T* k,
            const T* v,
            T* dst,
            std::span<double> scratch) noexcept {
  double* const weights = scratch.data();
  double* const sums = weights + p.keys;
  for (std::int64_t key = 0; key < p.keys; ++key) {
    weights[key] = scale * dot(p.depth, query, k + key * p.depth);
  }
  softmax_ref<double>({.outer = 1, .extent = p.keys, .inner = 1}, weights, weights);
  std::fill_n(sums, p.value_depth, 0.0);
  for (std::int64_t key = 0; key < p.keys; ++key) {
    for (std::int64_t c = 0; c < p.value_depth; ++c) {
      sums[c] += weights[key] * static_cast<double>(v[key * p.value_depth + c]);
    }
  }
  std::transform(sums, sums + p.value_depth, dst, [](double sum) { return static_cast<T>(sum); });
}

}  // namespace

template <class T>
void attention_ref(const AttentionProblem& problem,
                   double scale,
                   const T* q,
                   const T* k,
                   const T* v,
                   T* dst,
                   std::span<double> scratch) noexcept {
  const AttentionProblem& p = problem;
  for (std::int64_t b = 0; b < p.batch; ++b) {
    for (std::int64_t query = b * p.queries; query < (b + 1) * p.queries; ++query) {
      attend(p,
             scale,
             q + query * p.depth,
             k + b * p.keys * p.depth,
             v + b * p.keys * p.value_depth,
             dst + query * p.value_depth,
             scratch);
    }
  }
}

template void attention_ref(const AttentionProblem&,
                            double,
                            const float*,
                            const float*,
                            const float*,
                            float*,
                            std::span<double>) noexcept;
template void attention_ref(const AttentionProblem&,
                            double,
                            const double*,
                            const double*,
                            const double*,
                            double*,
                            std::span<double>) noexcept;

}  // namespace mtmi::kernels
