// Plain loops: what every variant of a fast kernel is held to.
#include <algorithm>
#include <cmath>

#include "mtmi/core/half.h"
#include "mtmi/kernels/fast/activation_ref.h"
#include "mtmi/kernels/fast/depthwise.h"
#include "mtmi/kernels/fast/gemm.h"
#include "mtmi/kernels/fast/resize.h"
#include "mtmi/kernels/fast/rows.h"
#include "mtmi/kernels/quantization_ref.h"

namespace mtmi::kernels {

namespace {

template <class T>
float through_integer(const ActivationSpec& spec, float x) noexcept {
  const ScaleLayout one{.split = {.outer = 1, .extent = 1, .inner = 1}};
  const auto zero_point = static_cast<T>(spec.beta);
  T q = 0;
  quantize_ref(one, &x, &spec.alpha, &zero_point, &q);
  float y = 0.0F;
  dequantize_ref(one, &q, &spec.alpha, &zero_point, &y);
  return y;
}

}  // namespace

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
      case Activation::ThroughInt8:
        return static_cast<double>(through_integer<std::int8_t>(spec, x));
      case Activation::ThroughUInt8:
        return static_cast<double>(through_integer<std::uint8_t>(spec, x));
    }
    return v;
  };
  return static_cast<float>(f());
}

namespace {

double real(float x) {
  return static_cast<double>(x);
}

double real(BFloat16 x) {
  return static_cast<double>(to_float(x));
}

template <class T>
void gemm_loops(const GemmArgsOf<T>& args) {
  const Epilogue& e = args.epilogue;
  for (std::int64_t y = 0; y < args.rows; ++y) {
    for (std::int64_t x = 0; x < args.columns; ++x) {
      const T* src = args.src + y * args.src_row + x * args.src_column;
      for (std::int64_t n = 0; n < args.outputs; ++n) {
        double sum = e.bias == nullptr ? 0.0 : static_cast<double>(e.bias[n]);
        for (std::int64_t s = 0; s < args.num_segments; ++s) {
          for (std::int64_t i = 0; i < args.segment_length; ++i) {
            sum += real(src[args.segments[s] + i]) *
                   real(args.weights[(s * args.segment_length + i) * args.outputs + n]);
          }
        }
        const std::int64_t at = y * args.dst_row + x * args.dst_column + n;
        const float value = activation_ref(e.first, static_cast<float>(sum));
        const float residual = e.residual == nullptr ? 0.0F : e.residual[at];
        args.dst[at] = activation_ref(e.last, value + residual);
      }
    }
  }
}

}  // namespace

void gemm_ref(const GemmArgs& args) noexcept {
  gemm_loops(args);
}

void gemm_ref(const GemmBf16Args& args) noexcept {
  gemm_loops(args);
}

void activate_ref(const ActivationSpec& f, const float* src, float* dst, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; ++i) {
    dst[i] = activation_ref(f, src[i]);
  }
}

void binary_ref(BinaryOp op,
                BinaryForm form,
                const float* a,
                const float* b,
                float* dst,
                std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; ++i) {
    const float x = form == BinaryForm::FirstIsScalar ? *a : a[i];
    const float y = form == BinaryForm::SecondIsScalar ? *b : b[i];
    switch (op) {
      case BinaryOp::Add:
        dst[i] = x + y;
        break;
      case BinaryOp::Sub:
        dst[i] = x - y;
        break;
      case BinaryOp::Mul:
        dst[i] = x * y;
        break;
      case BinaryOp::Div:
        dst[i] = x / y;
        break;
      case BinaryOp::Min:
        dst[i] = std::min(x, y);
        break;
      case BinaryOp::Max:
        dst[i] = std::max(x, y);
        break;
    }
  }
}

void layer_norm_ref(const LayerNormArgs& args) noexcept {
  for (std::int64_t r = 0; r < args.rows; ++r) {
    const float* src = args.src + r * args.width;
    double sum = 0.0;
    for (std::int64_t i = 0; i < args.width; ++i) {
      sum += static_cast<double>(src[i]);
    }
    const double mean = sum / static_cast<double>(args.width);
    double squares = 0.0;
    for (std::int64_t i = 0; i < args.width; ++i) {
      squares += (static_cast<double>(src[i]) - mean) * (static_cast<double>(src[i]) - mean);
    }
    const double variance = squares / static_cast<double>(args.width);
    const double factor = 1.0 / std::sqrt(variance + static_cast<double>(args.epsilon));
    for (std::int64_t i = 0; i < args.width; ++i) {
      const double gamma = args.gamma == nullptr ? 1.0 : static_cast<double>(args.gamma[i]);
      const double beta = args.beta == nullptr ? 0.0 : static_cast<double>(args.beta[i]);
      const double normal = (static_cast<double>(src[i]) - mean) * factor;
      args.dst[r * args.width + i] = static_cast<float>(normal * gamma + beta);
    }
  }
}

void softmax_ref(const SoftmaxArgs& args) noexcept {
  for (std::int64_t r = 0; r < args.rows; ++r) {
    float* row = args.data + r * args.stride;
    const auto top = static_cast<double>(*std::max_element(row, row + args.width));
    double sum = 0.0;
    for (std::int64_t i = 0; i < args.width; ++i) {
      sum += std::exp(static_cast<double>(row[i]) - top);
    }
    const bool apart = args.reciprocal_sums != nullptr;
    for (std::int64_t i = 0; i < args.width; ++i) {
      row[i] =
          static_cast<float>(std::exp(static_cast<double>(row[i]) - top) / (apart ? 1.0 : sum));
    }
    if (apart) {
      args.reciprocal_sums[r] = static_cast<float>(1.0 / sum);
    }
  }
}

void depthwise_ref(const DepthwiseArgs& args) noexcept {
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    for (std::int64_t x = 0; x < args.w.out; ++x) {
      for (std::int64_t c = 0; c < args.channels; ++c) {
        double sum = args.bias == nullptr ? 0.0 : static_cast<double>(args.bias[c]);
        for (std::int64_t i = 0; i < args.h.kernel; ++i) {
          for (std::int64_t j = 0; j < args.w.kernel; ++j) {
            const std::int64_t sy = y * args.h.stride + i * args.h.dilation - args.h.pad;
            const std::int64_t sx = x * args.w.stride + j * args.w.dilation - args.w.pad;
            if (sy >= 0 && sy < args.h.in && sx >= 0 && sx < args.w.in) {
              sum += static_cast<double>(args.src[(sy * args.w.in + sx) * args.channels + c]) *
                     static_cast<double>(args.weights[(i * args.w.kernel + j) * args.channels + c]);
            }
          }
        }
        args.dst[(y * args.w.out + x) * args.channels + c] =
            activation_ref(args.activation, static_cast<float>(sum));
      }
    }
  }
}

void resize_ref(const ResizeArgs& args) noexcept {
  const auto at = [&args](std::int64_t y, std::int64_t x, std::int64_t c) {
    return static_cast<double>(args.src[(y * args.width + x) * args.channels + c]);
  };
  const auto mix = [](double a, double b, float weight) {
    return a + static_cast<double>(weight) * (b - a);
  };
  for (std::int64_t y = args.row_begin; y < args.row_end; ++y) {
    const ResizeTap& row = args.rows[y];
    for (std::int64_t x = 0; x < args.columns; ++x) {
      const ResizeTap& column = args.columns_taps[x];
      for (std::int64_t c = 0; c < args.channels; ++c) {
        const double low = mix(at(row.low, column.low, c), at(row.high, column.low, c), row.weight);
        const double high =
            mix(at(row.low, column.high, c), at(row.high, column.high, c), row.weight);
        double sum = mix(low, high, column.weight);
        if (args.addend != nullptr) {
          sum += static_cast<double>(args.addend[(y * args.columns + x) * args.channels + c]);
        }
        args.dst[(y * args.columns + x) * args.dst_column + c] = static_cast<float>(sum);
      }
    }
  }
}

void mix_rows_ref(
    const float* a, const float* b, float weight, float* dst, std::int64_t n) noexcept {
  for (std::int64_t i = 0; i < n; ++i) {
    const auto low = static_cast<double>(a[i]);
    dst[i] =
        static_cast<float>(low + static_cast<double>(weight) * (static_cast<double>(b[i]) - low));
  }
}

void best_channel_ref(const BestChannelArgs& args) noexcept {
  for (std::int64_t x = 0; x < args.columns; ++x) {
    for (std::int64_t c = 0; c < args.channels; ++c) {
      const float* plane = args.planes + c * args.plane_stride + x;
      float value = 0.0F;
      mix_rows_ref(plane, plane + 1, args.weight, &value, 1);
      if (c == 0 || value > args.best[x]) {
        args.best[x] = value;
        args.labels[x] = static_cast<std::int32_t>(c);
      }
    }
  }
}

}  // namespace mtmi::kernels
