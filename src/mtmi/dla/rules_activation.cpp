// Activations and functions of one tensor.
#include <array>
#include <optional>

#include <fmt/core.h>

#include "mtmi/dla/layer_rules.h"

namespace mtmi::dla {
namespace {

// TensorRT developer guide, DLA restrictions, Activation: a clipped ReLU ends at 1 to 127.
constexpr float kMinClip = 1.0F;
constexpr float kMaxClip = 127.0F;

/// Relu, Sigmoid, Tanh, LeakyRelu (the same section); Abs (Unary); Sin, Cos (NVIDIA's operator
/// table for DLA software 3.14.2): no limits of their own. Identity leaves no layer behind.
Support accept(const Layer& /*layer*/) {
  return Support::yes();
}

/// The one element of a constant input; nothing where it is left out or computed.
std::optional<float> scalar(const Layer& layer, std::size_t index) {
  const Tensor* const tensor = layer.constant(index);
  if (tensor == nullptr || tensor->dtype() != DType::Float32 ||
      tensor->shape().num_elements() != 1) {
    return std::nullopt;
  }
  return tensor->data<float>()[0];
}

Support check_clip(const Layer& layer) {
  const std::optional<float> low = scalar(layer, 1);
  const std::optional<float> high = scalar(layer, 2);
  if (low && high && *low == 0.0F && kMinClip <= *high && *high <= kMaxClip) {
    return Support::yes();
  }
  const auto text = [](const std::optional<float>& bound) {
    return bound ? fmt::format("{:g}", *bound) : std::string("none");
  };
  return Support::no(
      "dla.activation.clip",
      fmt::format(
          "bounds: got {} and {}, expected the constants 0 and 1 to 127", text(low), text(high)),
      low && high ? "move and scale the tensor into that range (mtmi simplify --for dla)"
                  : "write Relu, moved (mtmi simplify --for dla)");
}

/// NvInfer.h on the parametric ReLU: slopes known when building.
Support check_prelu(const Layer& layer) {
  if (layer.constant(1) == nullptr) {
    return Support::no("dla.activation.prelu_slope",
                       "input 1 (slope): got a computed tensor, expected a constant",
                       "train with constant slopes");
  }
  return Support::yes();
}

constexpr Version kMoreFunctions{8, 6, 12};

constexpr std::array kRules{
    LayerRule{"Abs", accept},
    LayerRule{"Clip", check_clip},
    LayerRule{"Cos", accept, Ranks::Maps, kMoreFunctions},
    LayerRule{"Identity", accept},
    LayerRule{"LeakyRelu", accept},
    LayerRule{"PRelu", check_prelu},
    LayerRule{"Relu", accept},
    LayerRule{"Sigmoid", accept},
    LayerRule{"Sin", accept, Ranks::Maps, kMoreFunctions},
    LayerRule{"Tanh", accept},
};

}  // namespace

std::span<const LayerRule> activation_rules() {
  return kRules;
}

}  // namespace mtmi::dla
