// Plain loops: what every variant of a fast kernel is held to.
#include <algorithm>
#include <cmath>

#include "mtmi/kernels/fast/activation_ref.h"
#include "mtmi/kernels/fast/gemm.h"

namespace mtmi::kernels {

float activation_ref(const ActivationSpec& spec, float x) noexcept {
  const auto v = static_cast<double>(x);
  const auto alpha = static_cast<double>(spec.alpha);
  const auto beta = static_cast<double>(spec.beta);
  const auto f = [&]() -> double {
    switch (spec.kind) {
      case Activation::None:
        return v;
      case Activation::Relu:
        return std::max(v, 0.0);
      case Activation::Clip:
        return std::min(std::max(v, alpha), beta);
      case Activation::LeakyRelu:
        return v < 0.0 ? alpha * v : v;
      case Activation::Elu:
        return v < 0.0 ? alpha * (std::exp(v) - 1.0) : v;
      case Activation::Sigmoid:
        return 1.0 / (1.0 + std::exp(-v));
      case Activation::HardSigmoid:
        return std::clamp(alpha * v + beta, 0.0, 1.0);
      case Activation::HardSwish:
        return v * std::clamp(v / 6.0 + 0.5, 0.0, 1.0);
      case Activation::Silu:
        return v / (1.0 + std::exp(-v));
      case Activation::Tanh:
        return std::tanh(v);
      case Activation::Gelu:
        return 0.5 * v * (1.0 + std::erf(v / std::sqrt(2.0)));
      case Activation::GeluTanh:
        return 0.5 * v * (1.0 + std::tanh(0.7978845608028654 * (v + 0.044715 * v * v * v)));
      case Activation::Erf:
        return std::erf(v);
      case Activation::Exp:
        return std::exp(v);
      case Activation::Sqrt:
        return std::sqrt(v);
      case Activation::Abs:
        return std::abs(v);
      case Activation::Neg:
        return -v;
    }
    return v;
  };
  return static_cast<float>(f());
}

void gemm_ref(const GemmArgs& args) noexcept {
  const Epilogue& e = args.epilogue;
  for (std::int64_t y = 0; y < args.rows; ++y) {
    for (std::int64_t x = 0; x < args.columns; ++x) {
      const float* src = args.src + y * args.src_row + x * args.src_column;
      for (std::int64_t n = 0; n < args.outputs; ++n) {
        double sum = e.bias == nullptr ? 0.0 : static_cast<double>(e.bias[n]);
        for (std::int64_t s = 0; s < args.num_segments; ++s) {
          for (std::int64_t i = 0; i < args.segment_length; ++i) {
            sum +=
                static_cast<double>(src[args.segments[s] + i]) *
                static_cast<double>(args.weights[(s * args.segment_length + i) * args.outputs + n]);
          }
        }
        const std::int64_t at = y * args.dst_row + x * args.dst_column + n;
        float value = activation_ref(e.first, static_cast<float>(sum));
        if (e.residual != nullptr) {
          value = activation_ref(e.last, value + e.residual[at]);
        }
        args.dst[at] = value;
      }
    }
  }
}

}  // namespace mtmi::kernels
