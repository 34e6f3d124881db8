// Arithmetic of two tensors, scaling by constants, comparisons.
#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "mtmi/dla/layer_rules.h"

namespace mtmi::dla {
namespace {

/// `shape` with ones in front up to rank 4, as broadcasting reads it.
std::array<std::int64_t, 4> as_map(const Shape& shape) {
  std::array<std::int64_t, 4> map{1, 1, 1, 1};
  const int rank = std::min(shape.rank(), 4);
  for (int i = 1; i <= rank; ++i) {
    map[static_cast<std::size_t>(4 - i)] = shape[-i];
  }
  return map;
}

/// TensorRT's operator reference, ElementWise, DLA: the smaller operand is NC11 or N111 beside
/// NCHW. It says so of comparisons; sums and products are held to the same here.
bool may_broadcast(const Shape& operand, const Shape& result) {
  const auto got = as_map(operand);
  const auto full = as_map(result);
  if (got == full) {
    return true;
  }
  return got[0] == full[0] && (got[1] == full[1] || got[1] == 1) && got[2] == 1 && got[3] == 1;
}

/// TensorRT developer guide, DLA restrictions, Scale: uniform, per channel, or per element.
bool may_scale(const Shape& constant, const Shape& result) {
  const auto got = as_map(constant);
  const auto full = as_map(result);
  if (constant.rank() > 4 || got[0] != 1) {
    return false;
  }
  const bool per_element = std::equal(got.begin() + 1, got.end(), full.begin() + 1);
  return per_element || ((got[1] == full[1] || got[1] == 1) && got[2] == 1 && got[3] == 1);
}

Support check_operands(const Layer& layer) {
  const Shape dst = layer.dst();
  for (std::size_t i = 0; i < layer.num_inputs(); ++i) {
    const bool constant = layer.constant(i) != nullptr;
    if (constant ? may_scale(layer.src(i), dst) : may_broadcast(layer.src(i), dst)) {
      continue;
    }
    return Support::no(
        "dla.elementwise.broadcast",
        fmt::format("input {}: got {} beside {}, expected {}",
                    i,
                    to_string(layer.src(i)),
                    to_string(dst),
                    constant ? "one value, one per channel, or one per element of [c, h, w]"
                             : "[n, c, h, w], [n, c, 1, 1] or [n, 1, 1, 1]"),
        constant
            ? "carry the channels on axis 1 (around linear layers: mtmi simplify --for dla), or "
              "store the constant in full"
            : "enlarge the operand to the whole shape, by Resize or Concat");
  }
  return Support::yes();
}

/// The operator reference again: a power has one constant, and only one.
Support check_power(const Layer& layer) {
  const bool base = layer.constant(0) != nullptr;
  const bool exponent = layer.constant(1) != nullptr;
  if (base == exponent) {
    return Support::no("dla.elementwise.power",
                       fmt::format("constants: got {}, expected 1", base ? 2 : 0),
                       "square by Mul of the tensor by itself");
  }
  return check_operands(layer);
}

/// TensorRT's DLA restrictions, Comparison: INT8 only, and the result is cast at once.
Support check_comparison(const Layer& layer) {
  if (layer.options().precision != Precision::Int8) {
    return Support::no("dla.comparison.precision",
                       "precision: got FP16, expected INT8",
                       "run it on another device");
  }
  const ValueId result = layer.node().outputs.front();
  const auto users = layer.graph().users(result);
  const bool cast = std::all_of(users.begin(), users.end(), [&](NodeId user) {
    return layer.graph().node(user).op == "Cast";
  });
  if (!cast || users.empty() || layer.graph().is_output(result)) {
    return Support::no("dla.comparison.cast",
                       "the result: got used as it is, expected a Cast to a float behind it",
                       "cast the result at once");
  }
  return check_operands(layer);
}

/// A Cast is part of the comparison in front of it, and nothing else.
Support check_cast(const Layer& layer) {
  const auto producer = layer.graph().producer(layer.node().inputs.front());
  const std::string op = producer ? layer.graph().node(*producer).op : "";
  if (op == "Equal" || op == "Greater" || op == "Less") {
    return Support::yes();
  }
  return Support::no("dla.cast.comparison",
                     "the tensor to cast: expected the result of Equal, Greater or Less",
                     "leave the cast to the host");
}

/// A Scale layer: what it multiplies and adds is known when building.
Support check_batch_normalization(const Layer& layer) {
  for (std::size_t i = 1; i < layer.num_inputs(); ++i) {
    if (layer.constant(i) == nullptr) {
      return Support::no("dla.scale.constant",
                         fmt::format("input {}: got a computed tensor, expected a constant", i),
                         "run it on another device");
    }
  }
  return Support::yes();
}

// Greater, Less, Div and Pow: NVIDIA's operator table, DLA software of TensorRT 8.6.12.
constexpr Version kMoreOperations{8, 6, 12};

constexpr Version kFirst{8, 5, 0};

constexpr std::array kRules{
    LayerRule{"Add", check_operands, Ranks::Maps, kFirst, kAllInputs},
    LayerRule{"BatchNormalization", check_batch_normalization},
    LayerRule{"Cast", check_cast},
    LayerRule{"Div", check_operands, Ranks::Maps, kMoreOperations, kAllInputs},
    LayerRule{"Equal", check_comparison, Ranks::Maps, kFirst, kAllInputs},
    LayerRule{"Greater", check_comparison, Ranks::Maps, kMoreOperations, kAllInputs},
    LayerRule{"Less", check_comparison, Ranks::Maps, kMoreOperations, kAllInputs},
    LayerRule{"Max", check_operands, Ranks::Maps, kFirst, kAllInputs},
    LayerRule{"Mul", check_operands, Ranks::Maps, kFirst, kAllInputs},
    LayerRule{"Pow", check_power, Ranks::Maps, kMoreOperations, kAllInputs},
    LayerRule{"Sub", check_operands, Ranks::Maps, kFirst, kAllInputs},
    LayerRule{"Sum", check_operands, Ranks::Maps, kFirst, kAllInputs},
};

}  // namespace

std::span<const LayerRule> elementwise_rules() {
  return kRules;
}

}  // namespace mtmi::dla
