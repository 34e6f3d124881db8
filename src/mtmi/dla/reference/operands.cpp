// Layers of several tensors and of single elements.
#include <algorithm>
#include <cstdlib>

#include "mtmi/dla/layer_constants.h"
#include "mtmi/dla/reference/layer_view.h"
#include "mtmi/interp/interpreter.h"

namespace mtmi::dla::reference {
namespace {

// A constant among integers: no more bits than float64 sums hold exactly by far.
constexpr double kMaxConstant = 1073741824.0;

/// Exact: integers below 2^53.
Tensor to_float64(const Shape& shape, const std::vector<std::int64_t>& n) {
  Tensor tensor(DType::Float64, shape);
  std::copy(n.begin(), n.end(), tensor.data<double>().begin());
  return tensor;
}

/// A constant in steps of `scale`. Beside what is compared or chosen from it is INT8 as that is.
Tensor constant_steps(const LayerView& view, const Tensor& constant, float scale) {
  const std::string& op = view.node().op;
  const bool adds = op == "Add" || op == "Sub" || op == "Sum";
  const double low = adds ? -kMaxConstant : -128.0;
  const double high = adds ? kMaxConstant : 127.0;
  Tensor steps(DType::Float64, constant.shape());
  const std::vector<float> values = floats_of(constant);
  const auto to = steps.data<double>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    to[i] = std::clamp(
        rounded(static_cast<double>(values[i]) / static_cast<double>(scale), view.rounding()),
        low,
        high);
  }
  return steps;
}

/// The operands of the first node: computed ones brought to `scale`, each by itself for 0.
std::vector<Tensor> operands_of(const LayerView& view, float scale) {
  std::vector<Tensor> operands;
  for (std::size_t i = 0; i < view.node().inputs.size(); ++i) {
    if (view.constant(i) != nullptr) {
      operands.push_back(constant_steps(view, *view.constant(i), scale));
    } else {
      Integers src = view.input(i);
      src = scale > 0.0F ? view.rescaled(std::move(src), scale) : std::move(src);
      operands.push_back(to_float64(src.shape, src.n));
    }
  }
  return operands;
}

/// The first node on integers held as float64.
std::vector<std::int64_t> evaluate_exactly(const LayerView& view,
                                           const std::vector<Tensor>& operands) {
  std::vector<const Tensor*> inputs;
  for (const Tensor& operand : operands) {
    inputs.push_back(&operand);
  }
  const Tensor result = evaluate(view.graph(), view.id(), inputs)[0];
  std::vector<std::int64_t> n;
  if (result.dtype() == DType::Bool) {
    const auto data = result.data<bool>();
    n.assign(data.begin(), data.end());
  } else {
    const auto data = result.data<double>();
    std::transform(data.begin(), data.end(), std::back_inserter(n), [](double x) {
      return static_cast<std::int64_t>(x);
    });
  }
  return n;
}

bool is_comparison(const std::string& op) {
  return op == "Equal" || op == "Greater" || op == "Less";
}

}  // namespace

std::vector<Sums> operand_sums(const LayerView& view) {
  const std::string& op = view.node().op;
  Sums sums{.shape = view.output_shape(0), .n = {}, .numerator = {}};
  if (op == "Mul") {
    sums.n = evaluate_exactly(view, operands_of(view, 0.0F));
    sums.numerator.values = {static_cast<double>(view.input(0).scale) *
                             static_cast<double>(view.input(1).scale)};
    return {sums};
  }
  const float scale = view.common_scale();
  sums.n = evaluate_exactly(view, operands_of(view, scale));
  if (is_comparison(op)) {
    return std::vector<Sums>(view.layer().outputs.size(), sums);  // 0 and 1
  }
  sums.numerator.values = {scale};
  if (const auto normalization = view.behind("BatchNormalization")) {
    return {normalized(view, sums, *normalization)};
  }
  return {sums};
}

std::vector<Sums> unary_sums(const LayerView& view) {
  const Integers src = view.input(0);
  Sums sums{.shape = src.shape, .n = src.n, .numerator = {{src.scale}}};
  if (view.node().op == "Abs") {
    for (std::int64_t& n : sums.n) {
      n = std::abs(n);
    }
  }
  return {sums};
}

}  // namespace mtmi::dla::reference
