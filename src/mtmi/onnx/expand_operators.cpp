// Operators written out with older ones. The forms are those that exporters write, as other tools
// look for them to put the operators together again.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "mtmi/error.h"
#include "mtmi/onnx/downgrade_rules.h"

namespace mtmi::onnx {
namespace {

constexpr std::int64_t kMaxRank = 64;

/// The axes from `axis` to the last, counted from the back.
std::vector<std::int64_t> axes_from(NodeRewriter& node, std::int64_t axis) {
  const std::int64_t count =
      axis < 0 ? -std::max(axis, -kMaxRank) : node.input_shape(0).rank() - axis;
  if (count < 1 || count >= kMaxRank) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::downgrade",
                "got axis " + std::to_string(axis) + ", expected one of the input's");
  }
  std::vector<std::int64_t> axes(static_cast<std::size_t>(count));
  std::iota(axes.begin(), axes.end(), -count);
  return axes;
}

}  // namespace

void expand_layer_normalization(NodeRewriter& node) {
  if (node.node().outputs.size() > 1) {
    node.drop_outputs(1, "a statistic");
  }
  const ValueId x = node.input(0);
  const std::int64_t axis = node.attributes().get_int("axis", -1);
  const float epsilon = node.attributes().get_float("epsilon", 1e-5F);
  const DType dtype = node.input_type();
  const Attributes over{{"axes", axes_from(node, axis)}};
  const ValueId mean = node.insert("mean", "ReduceMean", {x}, over);
  const ValueId centered = node.insert("centered", "Sub", {x, mean});
  const ValueId squared =
      node.insert("squared", "Pow", {centered, node.add_constant("two", scalar(dtype, 2.0F))});
  const ValueId variance = node.insert("variance", "ReduceMean", {squared}, over);
  const ValueId shifted = node.insert(
      "variance_epsilon", "Add", {variance, node.add_constant("epsilon", scalar(dtype, epsilon))});
  const ValueId deviation = node.insert("deviation", "Sqrt", {shifted});
  const ValueId normalized = node.insert("normalized", "Div", {centered, deviation});
  const ValueId bias = node.input(2);
  if (bias == kNoValue) {
    node.become("Mul", {normalized, node.input(1)}, {});
    return;
  }
  const ValueId scaled = node.insert("scaled", "Mul", {normalized, node.input(1)});
  node.become("Add", {scaled, bias}, {});
}

// Each group becomes a channel of an InstanceNormalization without scale and bias.
void expand_group_normalization(NodeRewriter& node) {
  const Shape shape = node.input_shape(0);
  const std::int64_t groups = node.attributes().get_int("num_groups", 0);
  const float epsilon = node.attributes().get_float("epsilon", 1e-5F);
  const DType dtype = node.input_type();
  if (shape.rank() < 3 || groups < 1 || groups > shape[1]) {
    throw Error(ErrorCode::Unsupported,
                "onnx::downgrade",
                std::to_string(groups) + " groups of an input " + to_string(shape) +
                    " cannot be written before opset 21; write a newer opset");
  }
  const auto filled = [&](const char* role, float value) {
    const Tensor one = scalar(dtype, value);
    Tensor all(dtype, Shape{groups});
    for (std::int64_t i = 0; i < groups; ++i) {
      std::copy(one.bytes().begin(),
                one.bytes().end(),
                all.bytes().begin() + i * static_cast<std::int64_t>(size_of(dtype)));
    }
    return node.add_constant(role, std::move(all));
  };
  const ValueId grouped =
      node.insert("grouped", "Reshape", {node.input(0), node.add_ints("groups", {0, groups, -1})});
  const ValueId normalized = node.insert("grouped_normalized",
                                         "InstanceNormalization",
                                         {grouped, filled("ones", 1.0F), filled("zeros", 0.0F)},
                                         {{"epsilon", epsilon}});
  const ValueId ungrouped =
      node.insert("normalized", "Reshape", {normalized, node.add_ints("shape", shape.extents())});
  // [C] to [C,1,...], to stand beside the channels.
  std::vector<std::int64_t> column(static_cast<std::size_t>(shape.rank() - 1), 1);
  column.front() = -1;
  const ValueId column_shape = node.add_ints("column", column);
  const ValueId scale = node.insert("scale", "Reshape", {node.input(1), column_shape});
  const ValueId bias = node.insert("bias", "Reshape", {node.input(2), column_shape});
  const ValueId scaled = node.insert("scaled", "Mul", {ungrouped, scale});
  node.become("Add", {scaled, bias}, {});
}

void expand_gelu(NodeRewriter& node) {
  const ValueId x = node.input(0);
  const DType dtype = node.input_type();
  const auto number = [&node, dtype](const char* role, double value) {
    return node.add_constant(role, scalar(dtype, static_cast<float>(value)));
  };
  ValueId gate = kNoValue;
  if (node.attributes().get_string("approximate", "none") == "tanh") {
    const ValueId cube = node.insert("cube", "Pow", {x, number("three", 3.0)});
    const ValueId bend = node.insert("bend", "Mul", {cube, number("cubic", 0.044715)});
    const ValueId sum = node.insert("sum", "Add", {x, bend});
    const double slope = std::sqrt(2.0 / std::numbers::pi);
    const ValueId inner = node.insert("inner", "Mul", {sum, number("slope", slope)});
    gate = node.insert("tanh", "Tanh", {inner});
  } else {
    const ValueId inner = node.insert("inner", "Div", {x, number("sqrt_two", std::numbers::sqrt2)});
    gate = node.insert("erf", "Erf", {inner});
  }
  const ValueId lifted = node.insert("lifted", "Add", {gate, number("one", 1.0)});
  const ValueId product = node.insert("product", "Mul", {x, lifted});
  node.become("Mul", {product, number("half", 0.5)}, {});
}

void expand_mish(NodeRewriter& node) {
  const ValueId softplus = node.insert("softplus", "Softplus", {node.input(0)});
  const ValueId tanh = node.insert("tanh", "Tanh", {softplus});
  node.become("Mul", {node.input(0), tanh}, {});
}

void expand_hard_swish(NodeRewriter& node) {
  const ValueId gate =
      node.insert("gate", "HardSigmoid", {node.input(0)}, {{"alpha", 1.0F / 6.0F}, {"beta", 0.5F}});
  node.become("Mul", {node.input(0), gate}, {});
}

}  // namespace mtmi::onnx
