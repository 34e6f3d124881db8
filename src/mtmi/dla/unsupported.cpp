#include "mtmi/dla/unsupported.h"

#include <algorithm>
#include <array>

namespace mtmi::dla {
namespace {

struct Advice {
  std::string_view op;
  std::string_view text;
};

constexpr std::string_view kBatchNorm =
    "train with BatchNormalization, which goes into the convolution, or run it on another device";
constexpr std::string_view kOtherActivation =
    "train with Relu, LeakyRelu, Clip(0, 6), Sigmoid or Tanh";
constexpr std::string_view kTail = "leave it to the host as the head's tail (mtmi split)";
constexpr std::string_view kFourDimensions =
    "carry the tensor as [n, c, h, w] throughout (mtmi simplify --for dla)";
constexpr std::string_view kAverage =
    "AveragePool with windows of at most 8 in a chain, Conv for primes to 31 (mtmi simplify --for "
    "dla)";

// Exact rewrites where there are any, else what to train instead. Which operators TensorRT brings
// to a DLA: operator table of NVIDIA's Deep-Learning-Accelerator-SW repository.
constexpr std::array kAdvice{
    Advice{"And", "Mul of the operands as 0 and 1"},
    Advice{"ArgMax", kTail},
    Advice{"ArgMin", kTail},
    Advice{"Attention", "run it on another device; a DLA multiplies by constants only"},
    Advice{"CumSum", "along the channels: a 1x1 Conv with a triangle of ones"},
    Advice{"DepthToSpace",
           "ConvTranspose with kernel and stride of the block (mtmi simplify --for dla)"},
    Advice{"DequantizeLinear", "pass the scale in a calibration cache and leave the node out"},
    Advice{"Elu", kOtherActivation},
    Advice{"Celu", kOtherActivation},
    Advice{"Erf", kOtherActivation},
    Advice{"Flatten", kFourDimensions},
    Advice{"Gather", "constant neighbouring indices: Slice"},
    Advice{"Gelu", kOtherActivation},
    Advice{"GlobalAveragePool", kAverage},
    Advice{"GroupNormalization", kBatchNorm},
    Advice{"HardSigmoid",
           "Clip(x * alpha + beta, 0, 1) as Mul, Add and Clip (mtmi simplify --for dla)"},
    Advice{"HardSwish",
           "x * Clip(x / 6 + 1 / 2, 0, 1) as Mul, Add, Clip, Mul (mtmi simplify --for dla)"},
    Advice{"InstanceNormalization", kBatchNorm},
    Advice{"LayerNormalization", kBatchNorm},
    Advice{"LogSoftmax", "Softmax, with the logarithm on the host"},
    Advice{"Mean", "Sum, then Mul by 1 / n (mtmi simplify --for dla)"},
    Advice{"Min", "-Max(-a, -b) as Mul by -1 and Max (mtmi simplify --for dla)"},
    Advice{"Mish", kOtherActivation},
    Advice{"Neg", "Mul by -1 (mtmi simplify --for dla)"},
    Advice{"Not", "Sub from 1"},
    Advice{"Or", "Max of the operands as 0 and 1"},
    Advice{"Pad", "zeros: the pads of the convolution behind it"},
    Advice{"QuantizeLinear", "pass the scale in a calibration cache and leave the node out"},
    Advice{"Reciprocal", "Div, from TensorRT 8.6.12 on"},
    Advice{"ReduceMean", kAverage},
    Advice{"ReduceSum",
           "over the channels a 1x1 Conv of ones, over the map AveragePool and Mul (mtmi simplify "
           "--for dla)"},
    Advice{"Selu", kOtherActivation},
    Advice{"Softplus", kOtherActivation},
    Advice{"Softsign", kOtherActivation},
    Advice{"SpaceToDepth", "Conv with kernel and stride of the block (mtmi simplify --for dla)"},
    Advice{"Squeeze", kFourDimensions},
    Advice{"ThresholdedRelu", kOtherActivation},
    Advice{"TopK", kTail},
    Advice{"Unsqueeze", kFourDimensions},
    Advice{"Where", "Mul by masks of 0 and 1, and Add"},
};

}  // namespace

std::string advice_for(std::string_view op) {
  const auto* const it = std::find_if(
      kAdvice.begin(), kAdvice.end(), [&](const Advice& advice) { return advice.op == op; });
  return std::string(it == kAdvice.end() ? "run it on another device" : it->text);
}

}  // namespace mtmi::dla
