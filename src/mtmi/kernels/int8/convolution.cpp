#include "mtmi/kernels/int8/convolution.h"

#include "mtmi/core/assert.h"

namespace mtmi::kernels::int8 {

PackedConvolution::PackedConvolution(const ConvolutionShape& shape,
                                     std::span<const std::int8_t> weights,
                                     const Epilogue& epilogue,
                                     Int8Isa isa)
    : shape_(shape),
      isa_(isa),
      weights_(weights.begin(), weights.end()),
      bias_(epilogue.bias.begin(), epilogue.bias.end()),
      multipliers_(epilogue.multipliers.begin(), epilogue.multipliers.end()),
      negative_multipliers_(epilogue.negative_multipliers.begin(),
                            epilogue.negative_multipliers.end()),
      rounding_(epilogue.rounding),
      bounds_(epilogue.bounds),
      half_(epilogue.half) {
  MTMI_ASSERT(shape.ic % shape.groups == 0 && shape.oc % shape.groups == 0);
  MTMI_ASSERT(weights.size() == static_cast<std::size_t>(shape.oc * shape.depth()));
  const auto oc = static_cast<std::size_t>(shape.oc);
  MTMI_ASSERT(multipliers_.size() == oc);
  bias_.resize(oc);
  if (negative_multipliers_.empty()) {
    negative_multipliers_ = multipliers_;
  }
  MTMI_ASSERT(negative_multipliers_.size() == oc);
}

std::int64_t PackedConvolution::scratch_bytes() const noexcept {
  return 0;
}

std::int64_t PackedConvolution::size_bytes() const noexcept {
  return static_cast<std::int64_t>(weights_.size() + 12 * bias_.size());
}

Epilogue PackedConvolution::epilogue() const noexcept {
  return {.bias = bias_,
          .multipliers = multipliers_,
          .negative_multipliers = negative_multipliers_,
          .rounding = rounding_,
          .bounds = bounds_,
          .half = half_};
}

}  // namespace mtmi::kernels::int8
