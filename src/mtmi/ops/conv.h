// Conv and ConvTranspose: the geometry that its rules, its kernels and the backends share.
#pragma once

#include <cstdint>
#include <vector>

#include "mtmi/core/window.h"
#include "mtmi/graph/attributes.h"
#include "mtmi/shape.h"

namespace mtmi::ops {

/// A grouped convolution: src [n, groups * ic, in...] with weights [groups * oc, ic, kernel...] to
/// dst [n, groups * oc, out...].
struct ConvGeometry {
  std::int64_t n = 1;
  std::int64_t groups = 1;
  std::int64_t ic = 1;          ///< channels of the source in one group
  std::int64_t oc = 1;          ///< channels of the destination in one group
  std::vector<Window> windows;  ///< one per spatial axis (1 to 3), outermost first

  [[nodiscard]] Shape dst_shape() const;
};

/// The geometry of a Conv node. Throws Error(InvalidModel | Unsupported) if attributes and shapes
/// contradict each other.
[[nodiscard]] ConvGeometry conv_geometry(const Attributes& attributes,
                                         const Shape& src,
                                         const Shape& weights);

/// A ConvTranspose node: src [n, groups * ic, src...] with weights [groups * ic, oc, kernel...] to
/// dst [n, groups * oc, dst...].
struct ConvTransposeGeometry {
  std::int64_t n = 1;
  std::int64_t groups = 1;
  std::int64_t ic = 1;  ///< channels of the source in one group
  std::int64_t oc = 1;  ///< channels of the destination in one group
  /// Of the convolution that is transposed: `out` belongs to the source here, `in` to the
  /// destination. pad_end may be less than what is left over.
  std::vector<Window> windows;

  [[nodiscard]] Shape dst_shape() const;
};

/// The geometry of a ConvTranspose node. Throws as conv_geometry().
[[nodiscard]] ConvTransposeGeometry conv_transpose_geometry(const Attributes& attributes,
                                                            const Shape& src,
                                                            const Shape& weights);

/// Attribute kernel_shape, where given, must repeat the extents of the weights.
/// Throws Error(InvalidModel) otherwise.
void require_kernel_of_weights(const Attributes& attributes, const Shape& weights);

}  // namespace mtmi::ops
