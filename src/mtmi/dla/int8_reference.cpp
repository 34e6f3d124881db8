#include "mtmi/dla/int8_reference.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"
#include "mtmi/dla/layer_constants.h"
#include "mtmi/dla/reference/layer_view.h"
#include "mtmi/error.h"

namespace mtmi::dla {
namespace {

using reference::LayerView;

struct OfOperator {
  std::string_view op;
  reference::SumsOf sums;
};

/// Sums, products and quotients by constants are scalings.
std::vector<reference::Sums> arithmetic_sums(const LayerView& view) {
  const bool scales = view.node().inputs.size() == 2 &&
                      (view.constant(0) != nullptr || view.constant(1) != nullptr);
  return scales ? reference::scaled_sums(view) : reference::operand_sums(view);
}

constexpr std::array kSums{
    OfOperator{"Abs", reference::unary_sums},
    OfOperator{"Add", arithmetic_sums},
    OfOperator{"AveragePool", reference::average_sums},
    OfOperator{"BatchNormalization", reference::scaled_sums},
    OfOperator{"Clip", reference::unary_sums},
    OfOperator{"Concat", reference::concat_sums},
    OfOperator{"Conv", reference::product_sums},
    OfOperator{"ConvTranspose", reference::product_sums},
    OfOperator{"Div", arithmetic_sums},
    OfOperator{"Equal", reference::operand_sums},
    OfOperator{"Gemm", reference::product_sums},
    OfOperator{"Greater", reference::operand_sums},
    OfOperator{"Identity", reference::unary_sums},
    OfOperator{"LeakyRelu", reference::unary_sums},
    OfOperator{"Less", reference::operand_sums},
    OfOperator{"MatMul", reference::product_sums},
    OfOperator{"Max", reference::operand_sums},
    OfOperator{"MaxPool", reference::pooled_sums},
    OfOperator{"Min", reference::operand_sums},
    OfOperator{"Mul", arithmetic_sums},
    OfOperator{"PRelu", reference::unary_sums},
    OfOperator{"Relu", reference::unary_sums},
    OfOperator{"Resize", reference::resized_sums},
    OfOperator{"Sub", arithmetic_sums},
    OfOperator{"Sum", arithmetic_sums},
};

/// Those that are not listed choose elements and compute nothing.
reference::SumsOf sums_of(std::string_view op) {
  const auto found = std::find_if(
      kSums.begin(), kSums.end(), [op](const OfOperator& entry) { return entry.op == op; });
  return found == kSums.end() ? reference::moved : found->sums;
}

std::optional<float> clip_bound(const Graph& graph, const Node& node, std::size_t index) {
  if (index >= node.inputs.size() || node.inputs[index] == kNoValue) {
    return std::nullopt;
  }
  return floats_of(*graph.value(node.inputs[index]).constant).front();
}

/// What the last node of a layer does on the way out, if it is an activation.
reference::Exit exit_of(const LayerView& view) {
  const Graph& graph = view.graph();
  const Node& node = graph.node(view.layer().nodes.back());
  reference::Exit exit;
  if (node.op == "Relu") {
    exit.relu = true;
  } else if (node.op == "LeakyRelu") {
    exit.slope = reference::PerChannel{{node.attributes.get_float("alpha", 0.01F)}};
  } else if (node.op == "PRelu") {
    const std::vector<float> slopes =
        *broadcast_constant(*graph.value(node.inputs[1]).constant, view.output_shape(0));
    exit.slope = reference::PerChannel{{slopes.begin(), slopes.end()}};
  } else if (node.op == "Clip") {
    exit.lower = clip_bound(graph, node, 1);
    exit.upper = clip_bound(graph, node, 2);
  }
  return exit;
}

std::vector<Tensor> int8_layer(const LayerView& view) {
  const reference::Exit exit = exit_of(view);
  const std::vector<reference::Sums> sums = sums_of(view.node().op)(view);
  std::vector<Tensor> results;
  for (std::size_t i = 0; i < sums.size(); ++i) {
    results.push_back(reference::leave(sums[i], exit, view.output_scale(i), view.rounding()));
  }
  return results;
}

/// An input as a host hands it over.
Tensor given(const Tensor& tensor, std::optional<float> scale) {
  if (tensor.dtype() != DType::Float32) {
    return tensor;
  }
  const auto src = tensor.data<float>();
  Tensor result(scale ? DType::Int8 : DType::Float16, tensor.shape());
  for (std::size_t i = 0; i < src.size(); ++i) {
    if (scale) {
      result.data<std::int8_t>()[i] = to_int8(src[i] / *scale, Rounding::HalfEven);
    } else {
      result.data<Float16>()[i] = to_half(src[i]);
    }
  }
  return result;
}

void take_input(const Graph& graph,
                const PrecisionPlan& plan,
                ValueId id,
                const TensorMap& inputs,
                TensorMap& values) {
  const std::string& name = graph.value(id).name;
  const auto it = inputs.find(name);
  if (it == inputs.end() || it->second.shape() != graph.type(id).shape) {
    throw Error(
        ErrorCode::InvalidArgument,
        "dla::evaluate_int8",
        "no tensor of shape " + to_string(graph.type(id).shape) + " for input '" + name + "'");
  }
  const Tensor tensor =
      given(it->second, plan.is_int8(id) ? std::optional(plan.scale(id)) : std::nullopt);
  const DType expected = plan.is_int8(id) ? DType::Int8 : DType::Float16;
  if (tensor.dtype() != expected) {
    throw Error(ErrorCode::InvalidArgument,
                "dla::evaluate_int8",
                "input '" + name + "': got " + std::string(to_string(tensor.dtype())) +
                    ", expected f32 or " + std::string(to_string(expected)));
  }
  values.insert_or_assign(name, tensor);
}

}  // namespace

TensorMap evaluate_int8(const Graph& graph,
                        const TensorMap& inputs,
                        const Scales& scales,
                        Rounding rounding,
                        Precision precision) {
  const PrecisionPlan plan(graph, scales, precision);
  TensorMap values;
  for (const ValueId input : graph.inputs()) {
    take_input(graph, plan, input, inputs, values);
  }
  for (const PlannedLayer& planned : plan.layers()) {
    const LayerView view(graph, plan, planned.layer, values, rounding);
    const std::vector<Tensor> results =
        planned.precision == Precision::Int8 ? int8_layer(view) : reference::half_layer(view);
    for (std::size_t i = 0; i < results.size(); ++i) {
      values.insert_or_assign(graph.value(planned.layer.outputs[i]).name, results[i]);
    }
  }
  return values;
}

}  // namespace mtmi::dla
