// Functions of single elements.
#include <array>
#include <optional>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/backends/cpu/lower/operators.h"
#include "mtmi/kernels/fast/rows.h"

namespace mtmi::cpu {
namespace {

using kernels::Activation;
using kernels::ActivationSpec;
using kernels::BinaryOp;

bool emit_activation(Rewriter& r, const ActivationSpec& spec) {
  const ValueId x = r.input(0);
  if (r.dtype(x) != DType::Float32) {
    return false;
  }
  Attributes attributes;
  write_activation(attributes, "first", spec);
  r.finish(r.emit("cpu.Activation", {x}, {DType::Float32, r.shape(x)}, std::move(attributes)));
  return true;
}

template <Activation kKind>
bool lower_plain(Rewriter& r) {
  return emit_activation(r, {.kind = kKind});
}

/// An optional scalar input that must be a constant.
std::optional<float> scalar_input(const Rewriter& r, std::size_t index, float fallback) {
  if (r.input(index) == kNoValue) {
    return fallback;
  }
  const std::optional<Tensor> tensor = r.constant(index);
  if (!tensor || tensor->dtype() != DType::Float32 || tensor->num_elements() != 1) {
    return std::nullopt;
  }
  return tensor->data<float>()[0];
}

bool lower_clip(Rewriter& r) {
  const auto low = scalar_input(r, 1, -3.402823466e38F);
  const auto high = scalar_input(r, 2, 3.402823466e38F);
  return low && high &&
         emit_activation(r, {.kind = Activation::Clip, .alpha = *low, .beta = *high});
}

bool lower_leaky_relu(Rewriter& r) {
  return emit_activation(
      r, {.kind = Activation::LeakyRelu, .alpha = r.node().attributes.get_float("alpha", 0.01F)});
}

bool lower_elu(Rewriter& r) {
  return emit_activation(
      r, {.kind = Activation::Elu, .alpha = r.node().attributes.get_float("alpha", 1.0F)});
}

bool lower_hard_sigmoid(Rewriter& r) {
  const Attributes& attributes = r.node().attributes;
  return emit_activation(r,
                         {.kind = Activation::HardSigmoid,
                          .alpha = attributes.get_float("alpha", 0.2F),
                          .beta = attributes.get_float("beta", 0.5F)});
}

bool lower_gelu(Rewriter& r) {
  const bool is_tanh = r.node().attributes.get_string("approximate", "none") == "tanh";
  return emit_activation(r, {.kind = is_tanh ? Activation::GeluTanh : Activation::Gelu});
}

template <BinaryOp kOp>
bool lower_binary(Rewriter& r) {
  // Min and Max take any number of operands.
  if (r.node().inputs.size() != 2 || r.dtype(r.input(0)) != DType::Float32) {
    return false;
  }
  const Shape dst = r.shape(r.node().outputs[0]);
  r.finish(r.emit("cpu.Binary",
                  {r.input(0), r.input(1)},
                  {DType::Float32, dst},
                  {{"op", static_cast<std::int64_t>(kOp)}}));
  return true;
}

}  // namespace

std::span<const NodeLowering> elementwise_lowerings() {
  static constexpr std::array kTable{
      NodeLowering{"Relu", lower_plain<Activation::Relu>},
      NodeLowering{"Sigmoid", lower_plain<Activation::Sigmoid>},
      NodeLowering{"Tanh", lower_plain<Activation::Tanh>},
      NodeLowering{"Erf", lower_plain<Activation::Erf>},
      NodeLowering{"Exp", lower_plain<Activation::Exp>},
      NodeLowering{"Sqrt", lower_plain<Activation::Sqrt>},
      NodeLowering{"Abs", lower_plain<Activation::Abs>},
      NodeLowering{"Neg", lower_plain<Activation::Neg>},
      NodeLowering{"HardSwish", lower_plain<Activation::HardSwish>},
      NodeLowering{"Gelu", lower_gelu},
      NodeLowering{"Clip", lower_clip},
      NodeLowering{"LeakyRelu", lower_leaky_relu},
      NodeLowering{"Elu", lower_elu},
      NodeLowering{"HardSigmoid", lower_hard_sigmoid},
      NodeLowering{"Add", lower_binary<BinaryOp::Add>},
      NodeLowering{"Sub", lower_binary<BinaryOp::Sub>},
      NodeLowering{"Mul", lower_binary<BinaryOp::Mul>},
      NodeLowering{"Div", lower_binary<BinaryOp::Div>},
      NodeLowering{"Min", lower_binary<BinaryOp::Min>},
      NodeLowering{"Max", lower_binary<BinaryOp::Max>},
  };
  return kTable;
}

}  // namespace mtmi::cpu
