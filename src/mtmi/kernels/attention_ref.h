// Scaled dot-product attention as its definition says.
//
// Reference kernels accumulate in double and round once to T (float or double).
#pragma once

#include <cstdint>
#include <span>

namespace mtmi::kernels {

/// Extents of q [batch, queries, depth], k [batch, keys, depth], v [batch, keys, value_depth] and
/// dst [batch, queries, value_depth]; batch counts heads, too.
struct AttentionProblem {
  std::int64_t batch = 1;
  std::int64_t queries = 1;
  std::int64_t keys = 1;
  std::int64_t depth = 1;
  std::int64_t value_depth = 1;
};

/// dst = softmax(scale * q k^T, over keys) v.
///
/// `scratch` holds keys + value_depth numbers. Pre: keys > 0.
template <class T>
void attention_ref(const AttentionProblem& problem,
                   double scale,
                   const T* q,
                   const T* k,
                   const T* v,
                   T* dst,
                   std::span<double> scratch) noexcept;

}  // namespace mtmi::kernels
