// Normalisation to mean 0 and variance 1 as its definition says.
//
// Reference kernels accumulate in double and round once to T (float or double).
#pragma once

#include <cstdint>
#include <span>

#include "mtmi/core/axis_split.h"

namespace mtmi::kernels {

/// dst[r,c] = (src[r,c] - mean[r]) * inv_std[r], with the mean over c and
/// inv_std = 1 / sqrt(mean over c of (src - mean)^2 + epsilon).
///
/// `mean` and `inv_std` have one element per row. `dst` may be `src`.
template <class T>
void normalize_rows_ref(std::int64_t rows,
                        std::int64_t columns,
                        double epsilon,
                        const T* src,
                        T* dst,
                        std::span<double> mean,
                        std::span<double> inv_std) noexcept;

/// dst[o,c,k] = (src[o,c,k] - mean[c]) * scale[c] / sqrt(variance[c] + epsilon) + bias[c].
///
/// All four parameters have split.extent elements. `dst` may be `src`.
template <class T>
void batch_norm_ref(const AxisSplit& split,
                    double epsilon,
                    std::span<const double> scale,
                    std::span<const double> bias,
                    std::span<const double> mean,
                    std::span<const double> variance,
                    const T* src,
                    T* dst) noexcept;

}  // namespace mtmi::kernels
