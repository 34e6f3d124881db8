// Softmax along one axis as its definition says.
//
// Reference kernels accumulate in double and round once to T (float or double).
#pragma once

#include "mtmi/core/axis_split.h"

namespace mtmi::kernels {

/// dst[o,i,k] = exp(src[o,i,k] - max) / sum over i of exp(src[o,i,k] - max), max over i. `dst` may
/// be `src`. A line of -infinity alone gives NaN.
template <class T>
void softmax_ref(const AxisSplit& split, const T* src, T* dst) noexcept;

/// dst[o,i,k] = src[o,i,k] - max - log(sum over i of exp(src[o,i,k] - max)). `dst` may be `src`.
template <class T>
void log_softmax_ref(const AxisSplit& split, const T* src, T* dst) noexcept;

}  // namespace mtmi::kernels
