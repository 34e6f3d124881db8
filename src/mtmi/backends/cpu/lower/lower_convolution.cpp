// Conv: channels last, its weights still [oc, ic, kh, kw]; select_kernels() packs them.
#include <array>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/ops/conv.h"

namespace mtmi::cpu {
namespace {

Attributes window_attributes(const ops::ConvGeometry& g) {
  const auto both = [&g](std::int64_t Window::*member) {
    return std::vector<std::int64_t>{g.windows[0].*member, g.windows[1].*member};
  };
  return {{"kernel", both(&Window::kernel)},
          {"strides", both(&Window::stride)},
          {"dilations", both(&Window::dilation)},
          {"pads", both(&Window::pad_begin)},
          {"groups", g.groups}};
}

bool lower_conv(Rewriter& r) {
  const std::optional<Tensor> weights = r.constant(1);
  const bool has_bias = r.input(2) != kNoValue;
  if (!weights || weights->dtype() != DType::Float32 || weights->shape().rank() != 4 ||
      (has_bias && !r.constant(2))) {
    return false;
  }
  const ops::ConvGeometry geometry =
      ops::conv_geometry(r.node().attributes, r.shape(r.input(0)), weights->shape());
  const Shape dst = permuted(geometry.dst_shape(), kToChannelsLast);
  const ValueId src = r.transpose(r.input(0), kToChannelsLast);
  const ValueId y = r.emit("cpu.Conv",
                           {src, r.input(1), r.input(2)},
                           {DType::Float32, dst},
                           window_attributes(geometry));
  r.finish(r.transpose(y, kToChannelsFirst));
  return true;
}

}  // namespace

std::span<const NodeLowering> convolution_lowerings() {
  static constexpr std::array kTable{NodeLowering{"Conv", lower_conv}};
  return kTable;
}

}  // namespace mtmi::cpu
