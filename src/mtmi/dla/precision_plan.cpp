#include "mtmi/dla/precision_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "mtmi/dla/layer.h"
#include "mtmi/dla/layer_constants.h"
#include "mtmi/ops/matmul.h"
#include "mtmi/ops/pooling.h"
#include "mtmi/ops/resize.h"

namespace mtmi::dla {
namespace {

bool constant_from(const Layer& layer, std::size_t first) {
  for (std::size_t i = first; i < layer.num_inputs(); ++i) {
    if (layer.has_input(i) && layer.constant(i) == nullptr) {
      return false;
    }
  }
  return true;
}

bool is_finite(const Tensor& constant) {
  const std::vector<float> values = floats_of(constant);
  return std::all_of(values.begin(), values.end(), [](float x) { return std::isfinite(x); });
}

/// Everything behind the first input is a constant that a grid can hold.
bool has_finite_parameters(const Layer& layer) {
  for (std::size_t i = 1; i < layer.num_inputs(); ++i) {
    if (layer.has_input(i) && (layer.constant(i) == nullptr || !is_finite(*layer.constant(i)))) {
      return false;
    }
  }
  return true;
}

bool always(const Layer& /*layer*/) {
  return true;
}

bool is_ungrouped(const Layer& layer) {
  return has_finite_parameters(layer) && layer.attributes().get_int("group", 1) == 1;
}

/// A bias of one number a column is a convolution's; any other is not.
bool is_gemm(const Layer& layer) {
  if (!has_finite_parameters(layer) || layer.src(0).rank() != 2) {
    return false;
  }
  const auto geometry = ops::gemm_geometry(layer.attributes(), layer.src(0), layer.src(1));
  if (!layer.has_input(2)) {
    return !geometry.transpose_a;
  }
  const Shape& bias = layer.src(2);
  const bool one_row = bias.rank() < 2 || bias[0] == 1;
  return !geometry.transpose_a && one_row;
}

bool is_matmul(const Layer& layer) {
  return has_finite_parameters(layer) && layer.src(0).rank() == 2 && layer.src(1).rank() == 2;
}

bool is_operand(const Layer& layer, std::size_t index) {
  const Tensor* const constant = layer.constant(index);
  return constant == nullptr ||
         (is_finite(*constant) && broadcast_constant(*constant, layer.dst()).has_value());
}

/// Constants among the operands are finite and the same for every image; one at least is computed,
/// and has the shape of the result, or one value a channel or an image.
bool is_arithmetic(const Layer& layer) {
  bool computed = false;
  const Shape dst = layer.dst();
  for (std::size_t i = 0; i < layer.num_inputs(); ++i) {
    if (!is_operand(layer, i)) {
      return false;
    }
    if (layer.constant(i) == nullptr) {
      const Shape& src = layer.src(i);
      computed = computed || src == dst;
      if (src != dst && !(src.rank() == 4 && dst.rank() == 4 && src[0] == dst[0] &&
                          (src[1] == 1 || src[1] == dst[1]) && src[2] == 1 && src[3] == 1)) {
        return false;
      }
    }
  }
  return computed && dst.rank() >= 2;
}

bool is_parametric_relu(const Layer& layer) {
  return layer.constant(1) != nullptr && is_operand(layer, 1);
}

/// A product with the reciprocals of constants.
bool is_quotient(const Layer& layer) {
  if (layer.constant(0) != nullptr || layer.constant(1) == nullptr) {
    return false;
  }
  const std::vector<float> values = floats_of(*layer.constant(1));
  return is_arithmetic(layer) && std::all_of(values.begin(), values.end(), [](float x) {
           return std::isfinite(x) && std::isfinite(1.0F / x);
         });
}

bool is_average(const Layer& layer) {
  const auto geometry = ops::pool_geometry(layer.node(), layer.src());
  return layer.src().rank() == 4 &&
         std::all_of(geometry.windows.begin(), geometry.windows.end(), [](const Window& window) {
           return window.kernel <= 8 && window.dilation == 1;
         });
}

bool is_max_pool(const Layer& layer) {
  const auto& outputs = layer.node().outputs;
  return layer.src().rank() == 4 && (outputs.size() < 2 || outputs[1] == kNoValue);
}

/// Whole factors of rows and columns; for the coordinates that a DLA has.
bool is_enlargement(const Layer& layer) {
  const auto geometry = ops::resize_geometry(layer.context());
  const ops::ResizeRule& rule = geometry.rule;
  if (geometry.axes.size() != 4 || geometry.axes[0].scale != 1.0 || geometry.axes[1].scale != 1.0) {
    return false;
  }
  for (const ops::ResizeAxis& axis : geometry.axes) {
    if (axis.scale < 1.0 || axis.scale > 32.0 || axis.scale != std::round(axis.scale) ||
        axis.out != axis.in * static_cast<std::int64_t>(axis.scale)) {
      return false;
    }
  }
  const bool half_pixel = rule.coordinates == ops::CoordinateMode::HalfPixel;
  if (rule.mode == ops::ResizeMode::Linear) {
    return half_pixel;
  }
  return rule.mode == ops::ResizeMode::Nearest &&
         ((rule.coordinates == ops::CoordinateMode::Asymmetric &&
           rule.nearest == ops::NearestMode::Floor) ||
          (half_pixel && (rule.nearest == ops::NearestMode::RoundPreferFloor ||
                          rule.nearest == ops::NearestMode::RoundPreferCeil)));
}

bool is_channel_concat(const Layer& layer) {
  const std::int64_t axis = layer.attributes().get_int("axis", 0);
  return layer.dst().rank() == 4 && (axis == 1 || axis == -3) &&
         std::none_of(layer.node().inputs.begin(), layer.node().inputs.end(), [&](ValueId input) {
           return layer.graph().is_constant(input);
         });
}

bool moves_a_map(const Layer& layer) {
  return layer.src().rank() == 4 && layer.dst().rank() == 4 && constant_from(layer, 1);
}

/// Followed by Casts to a float alone: nothing else can hold its result.
bool is_cast_at_once(const Layer& layer) {
  const ValueId result = layer.node().outputs[0];
  const auto users = layer.graph().users(result);
  return is_arithmetic(layer) && !users.empty() && !layer.graph().is_output(result) &&
         std::all_of(users.begin(), users.end(), [&layer](NodeId user) {
           const Node& node = layer.graph().node(user);
           return node.op == "Cast" && is_floating_point(layer.graph().type(node.outputs[0]).dtype);
         });
}

struct Arithmetic {
  std::string_view op;
  bool (*holds)(const Layer& layer);
};

constexpr std::array kArithmetic{
    Arithmetic{"Abs", always},
    Arithmetic{"Add", is_arithmetic},
    Arithmetic{"AveragePool", is_average},
    Arithmetic{"BatchNormalization", has_finite_parameters},
    Arithmetic{"Clip", has_finite_parameters},
    Arithmetic{"Concat", is_channel_concat},
    Arithmetic{"Conv", has_finite_parameters},
    Arithmetic{"ConvTranspose", is_ungrouped},
    Arithmetic{"Div", is_quotient},
    Arithmetic{"Equal", is_cast_at_once},
    Arithmetic{"Gemm", is_gemm},
    Arithmetic{"GlobalMaxPool", is_max_pool},
    Arithmetic{"Greater", is_cast_at_once},
    Arithmetic{"Identity", always},
    Arithmetic{"LeakyRelu", always},
    Arithmetic{"Less", is_cast_at_once},
    Arithmetic{"MatMul", is_matmul},
    Arithmetic{"Max", is_arithmetic},
    Arithmetic{"MaxPool", is_max_pool},
    Arithmetic{"Min", is_arithmetic},
    Arithmetic{"Mul", is_arithmetic},
    Arithmetic{"PRelu", is_parametric_relu},
    Arithmetic{"ReduceMax", moves_a_map},
    Arithmetic{"Relu", always},
    Arithmetic{"Reshape", moves_a_map},
    Arithmetic{"Resize", is_enlargement},
    Arithmetic{"Slice", moves_a_map},
    Arithmetic{"Split", moves_a_map},
    Arithmetic{"Sub", is_arithmetic},
    Arithmetic{"Sum", is_arithmetic},
    Arithmetic{"Transpose", moves_a_map},
};

}  // namespace

bool has_int8_arithmetic(const Graph& graph, NodeId id) {
  const std::string& op = graph.node(id).op;
  const auto found = std::find_if(
      kArithmetic.begin(), kArithmetic.end(), [&op](const Arithmetic& a) { return a.op == op; });
  const CheckOptions options;
  if (found == kArithmetic.end()) {
    return false;
  }
  const Layer layer(graph, id, options);
  return layer.dst().num_elements() > 0 && found->holds(layer);
}

PrecisionPlan::PrecisionPlan(const Graph& graph, const Scales& scales, Precision precision) {
  const auto give_scale = [&](ValueId id) {
    const auto it = scales.find(graph.value(id).name);
    if (precision == Precision::Int8 && it != scales.end()) {
      scales_.insert_or_assign(id, it->second);
    }
  };
  for (const ValueId input : graph.inputs()) {
    give_scale(input);
  }
  for (FusedLayer& layer : fuse_layers(graph)) {
    if (!layer.leaves_as_half) {
      std::for_each(layer.outputs.begin(), layer.outputs.end(), give_scale);
    }
    const bool reads_int8 = std::all_of(
        layer.inputs.begin(), layer.inputs.end(), [this](ValueId id) { return is_int8(id); });
    const bool gives = std::all_of(layer.outputs.begin(), layer.outputs.end(), [&](ValueId id) {
      return is_int8(id) || layer.leaves_as_half ||
             (graph.is_output(id) && graph.users(id).empty());
    });
    const bool runs_in_int8 = precision == Precision::Int8 && reads_int8 && gives &&
                              has_int8_arithmetic(graph, layer.nodes.front());
    layers_.push_back(
        {.layer = std::move(layer), .precision = runs_in_int8 ? Precision::Int8 : Precision::Fp16});
  }
}

}  // namespace mtmi::dla
