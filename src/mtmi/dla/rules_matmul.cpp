// Products of matrices.
#include <array>

#include <fmt/core.h>

#include "mtmi/dla/convolution_buffer.h"
#include "mtmi/dla/layer_rules.h"
#include "mtmi/ops/matmul.h"

namespace mtmi::dla {
namespace {

/// NVIDIA's operator table: MatMul and Gemm run where the second matrix is a constant, as the 1x1
/// convolution of a map of one position that they then are.
Support check_constant(const Layer& layer) {
  if (layer.constant(1) == nullptr) {
    return Support::no("dla.matmul.two_activations",
                       "input 1: got a computed tensor, expected a constant",
                       "run it on another device; a DLA multiplies by constants only");
  }
  if (layer.src(0).rank() != 2 || layer.src(1).rank() != 2) {
    return Support::no(
        "dla.rank",
        fmt::format("input 0: got {}, expected rank 2", to_string(layer.src(0))),
        "carry the tensor as [n, c, h, w] and multiply by a 1x1 Conv (mtmi simplify --for dla)");
  }
  return Support::yes();
}

Support check_convolution_buffer(const Layer& layer, std::int64_t channels) {
  const ConvolutionBanks banks =
      convolution_banks({.channels = channels}, layer.options().precision);
  const int limit = layer.options().chip->convolution_buffer_banks;
  return banks.total() <= limit
             ? Support::yes()
             : Support::no(
                   "dla.conv.convolution_buffer",
                   fmt::format("banks of the convolution buffer: got {}, expected at most {}",
                               banks.total(),
                               limit),
                   "split the input channels into a sum of products");
}

Support check_matmul(const Layer& layer) {
  const Support support = check_constant(layer);
  return support ? check_convolution_buffer(layer, layer.src(0)[1]) : support;
}

Support check_gemm(const Layer& layer) {
  if (Support support = check_constant(layer); !support) {
    return support;
  }
  const ops::GemmGeometry geometry =
      ops::gemm_geometry(layer.attributes(), layer.src(0), layer.src(1));
  if (geometry.transpose_a) {
    return Support::no(
        "dla.matmul.transpose", "transA: got 1, expected 0", "multiply from the other side");
  }
  if (layer.has_input(2) && layer.constant(2) == nullptr) {
    return Support::no("dla.matmul.constant_bias",
                       "input 2: got a computed tensor, expected a constant",
                       "add it by Add");
  }
  return check_convolution_buffer(layer, geometry.k);
}

constexpr std::array kRules{
    LayerRule{"Gemm", check_gemm, Ranks::Own},
    LayerRule{"MatMul", check_matmul, Ranks::Own},
};

}  // namespace

std::span<const LayerRule> matmul_rules() {
  return kRules;
}

}  // namespace mtmi::dla
