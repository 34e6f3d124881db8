// Small random graphs of one layer each, with what is hard about it: extremes, ties, odd shapes.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"

namespace mtmi::int8 {

struct RandomLayer {
  Graph graph;
  TensorMap inputs;
  CompileOptions options;  ///< scales of everything, but where a layer is to leave as half
};

/// What random_layer() knows: operators and combinations of them.
inline constexpr std::array<const char*, 38> kRandomLayers{
    "Conv",       "ConvRelu",      "ConvLeaky", "ConvClip",      "ConvNormalized", "ConvSigmoid",
    "ConvHalf",   "Depthwise",     "Grouped",   "ConvTranspose", "DeconvRelu",     "Gemm",
    "MatMul",     "Normalization", "Add",       "AddNormalized", "AddBroadcast",   "Sub",
    "Mul",        "MaxMin",        "Constants", "Relu",          "LeakyRelu",      "PRelu",
    "Clip",       "Abs",           "MaxPool",   "AveragePool",   "Linear",         "Nearest",
    "Concat",     "SliceSplit",    "Shuffle",   "Softmax",       "Functions",      "Maximum",
    "Comparison", "Network"};

/// Pre: `kind` is one of kRandomLayers.
[[nodiscard]] RandomLayer random_layer(std::string_view kind, std::uint64_t seed);

}  // namespace mtmi::int8
