#include "mtmi/backends/common_int8/lower/lower.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "mtmi/backends/common_int8/lower/io.h"
#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/core/assert.h"
#include "mtmi/error.h"

namespace mtmi::int8 {
namespace {

struct LayerLowering {
  std::string_view op;
  void (*lower)(Builder& builder, const LayerAt& at);
};

/// Sums, products and quotients of two operands, one of them a constant, are scalings.
void lower_arithmetic(Builder& builder, const LayerAt& at) {
  const bool scales =
      at.node().inputs.size() == 2 && (at.constant(0) != nullptr || at.constant(1) != nullptr);
  (scales ? lower_scaling : lower_operands)(builder, at);
}

constexpr std::array kLowerings{
    LayerLowering{"Abs", lower_unary},           LayerLowering{"Add", lower_arithmetic},
    LayerLowering{"AveragePool", lower_pooling}, LayerLowering{"BatchNormalization", lower_scaling},
    LayerLowering{"Clip", lower_unary},          LayerLowering{"Concat", lower_concat},
    LayerLowering{"Conv", lower_product},        LayerLowering{"ConvTranspose", lower_product},
    LayerLowering{"Div", lower_arithmetic},      LayerLowering{"Equal", lower_operands},
    LayerLowering{"Gemm", lower_product},        LayerLowering{"GlobalMaxPool", lower_maximum},
    LayerLowering{"Greater", lower_operands},    LayerLowering{"Identity", lower_unary},
    LayerLowering{"LeakyRelu", lower_unary},     LayerLowering{"Less", lower_operands},
    LayerLowering{"MatMul", lower_product},      LayerLowering{"Max", lower_operands},
    LayerLowering{"MaxPool", lower_pooling},     LayerLowering{"Min", lower_operands},
    LayerLowering{"Mul", lower_arithmetic},      LayerLowering{"PRelu", lower_unary},
    LayerLowering{"ReduceMax", lower_maximum},   LayerLowering{"Relu", lower_unary},
    LayerLowering{"Reshape", lower_movement},    LayerLowering{"Resize", lower_resize},
    LayerLowering{"Slice", lower_movement},      LayerLowering{"Split", lower_movement},
    LayerLowering{"Sub", lower_arithmetic},      LayerLowering{"Sum", lower_arithmetic},
    LayerLowering{"Transpose", lower_movement},
};

void lower_layer(Builder& builder, const dla::PlannedLayer& planned) {
  const LayerAt at{.layer = planned.layer, .graph = builder.source()};
  if (planned.precision != dla::Precision::Int8) {
    lower_half_layer(builder, at);
    return;
  }
  const auto found =
      std::find_if(kLowerings.begin(), kLowerings.end(), [&at](const LayerLowering& lowering) {
        return lowering.op == at.node().op;
      });
  MTMI_ASSERT(found != kLowerings.end());  // what has INT8 arithmetic is listed
  found->lower(builder, at);
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "int8::lower", message);
}

/// options.scales with those of INT8 inputs and outputs.
dla::Scales all_scales(const Graph& graph, const CompileOptions& options) {
  dla::Scales scales = options.scales;
  for (const auto& [name, io] : options.io) {
    const auto id = graph.find_value(name);
    if (!id || !(graph.is_input(*id) || graph.is_output(*id))) {
      refuse("a format is asked for '" + name + "', which is no input or output");
    }
    if (io.dtype != DType::Int8) {
      continue;
    }
    const auto [known, added] = scales.emplace(name, io.scale);
    if (!added && known->second != io.scale) {
      refuse("'" + name + "': got the scale " + std::to_string(io.scale) +
             " of its format beside " + std::to_string(known->second) + ", expected one");
    }
  }
  for (const auto& [name, scale] : scales) {
    if (!(scale > 0.0F) || !std::isfinite(scale)) {
      refuse("'" + name + "': got the scale " + std::to_string(scale) +
             ", expected a finite number above 0");
    }
  }
  return scales;
}

}  // namespace

dla::PrecisionPlan plan_precision(const Graph& graph, const CompileOptions& options) {
  return {graph,
          all_scales(graph, options),
          options.precision == Precision::Int8 ? dla::Precision::Int8 : dla::Precision::Fp16};
}

Lowered lower(const Graph& graph, const CompileOptions& options, dla::Rounding rounding) {
  const dla::PrecisionPlan plan = plan_precision(graph, options);
  Builder builder(graph, plan, rounding);
  Lowered lowered;
  lowered.inputs = lower_inputs(builder, options);
  for (const dla::PlannedLayer& planned : plan.layers()) {
    lower_layer(builder, planned);
  }
  lower_observed(builder, options);
  lowered.outputs = lower_outputs(builder, options);
  lowered.graph = std::move(builder.graph());
  MTMI_ASSERT(!find_defect(lowered.graph));
  return lowered;
}

}  // namespace mtmi::int8
