// INT8 transposed convolution, channels last: one convolution per phase of the stride.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "mtmi/kernels/int8/convolution.h"

namespace mtmi::kernels::int8 {

/// weights[ic][oc / groups][h.kernel][w.kernel]. Input i and tap k of an axis add to the output
/// i * stride - pad_begin + k * dilation, where that lies in [0, out).
/// The windows' `in` is the extent of the source, `out` of the destination.
using DeconvolutionShape = ConvolutionShape;

class PackedDeconvolution {
 public:
  /// As PackedConvolution's.
  PackedDeconvolution(const DeconvolutionShape& shape,
                      std::span<const std::int8_t> weights,
                      const Epilogue& epilogue,
                      Int8Isa isa);

  [[nodiscard]] const DeconvolutionShape& shape() const noexcept { return shape_; }

  [[nodiscard]] Int8Isa isa() const noexcept { return isa_; }

  [[nodiscard]] std::int64_t scratch_bytes() const noexcept;
  [[nodiscard]] std::int64_t size_bytes() const noexcept;

 private:
  friend void deconvolution(const PackedDeconvolution& packed,
                            const ConvolutionArgs& args) noexcept;

  /// The outputs y = first_row + i * h.stride, x = first_column + j * w.stride.
  struct Phase {
    std::int64_t first_row;
    std::int64_t first_column;
    PackedConvolution convolution;
  };

  DeconvolutionShape shape_;
  Int8Isa isa_;
  bool half_;
  std::vector<Phase> phases_;
};

/// One image; every instruction set through the convolution it was packed for.
void deconvolution(const PackedDeconvolution& packed, const ConvolutionArgs& args) noexcept;

/// For tests: scatters, in plain loops; weights and epilogue as the constructor takes them.
void deconvolution_ref(const DeconvolutionShape& shape,
                       std::span<const std::int8_t> weights,
                       const Epilogue& epilogue,
                       const ConvolutionArgs& args);

}  // namespace mtmi::kernels::int8
