// Layers in FP16: functions of halves, and the interpreter's float32 between halves.
#include <algorithm>
#include <unordered_map>

#include "mtmi/core/axis_split.h"
#include "mtmi/core/half.h"
#include "mtmi/dla/layer_constants.h"
#include "mtmi/dla/reference/layer_view.h"
#include "mtmi/interp/interpreter.h"
#include "mtmi/ops/checks.h"

namespace mtmi::dla::reference {
namespace {

/// What a layer in FP16 reads: INT8 is brought to halves.
Tensor halves_of(const Tensor& tensor, std::optional<float> scale) {
  if (tensor.dtype() == DType::Float16) {
    return tensor;
  }
  Tensor halves(DType::Float16, tensor.shape());
  const auto src = tensor.data<std::int8_t>();
  std::transform(src.begin(), src.end(), halves.data<Float16>().begin(), [scale](std::int8_t q) {
    return leave_as_half(q, *scale);
  });
  return halves;
}

Tensor floats_of_halves(const Tensor& halves) {
  Tensor floats(DType::Float32, halves.shape());
  const auto src = halves.data<Float16>();
  std::transform(
      src.begin(), src.end(), floats.data<float>().begin(), [](Float16 h) { return to_float(h); });
  return floats;
}

Tensor round_to_halves(const Tensor& values) {
  Tensor halves(DType::Float16, values.shape());
  const auto dst = halves.data<Float16>();
  if (values.dtype() == DType::Float16) {
    const auto src = values.data<Float16>();
    std::transform(
        src.begin(), src.end(), dst.begin(), [](Float16 h) { return to_half(to_float(h)); });
  } else {
    const auto src = values.data<float>();
    std::transform(src.begin(), src.end(), dst.begin(), to_half);
  }
  return halves;
}

Tensor map(const Tensor& from, Float16 (*function)(Float16)) {
  Tensor result(DType::Float16, from.shape());
  const auto src = from.data<Float16>();
  std::transform(src.begin(), src.end(), result.data<Float16>().begin(), function);
  return result;
}

Tensor softmax(const LayerView& view, const Tensor& src) {
  const int axis =
      ops::normalized_axis(view.node().attributes.get_int("axis", -1), src.shape().rank());
  Tensor result(DType::Float16, src.shape());
  const AxisSplit split = split_at_axis(src.shape(), axis);
  for (std::int64_t outer = 0; outer < split.outer; ++outer) {
    for (std::int64_t inner = 0; inner < split.inner; ++inner) {
      const std::int64_t at = outer * split.extent * split.inner + inner;
      softmax_of_halves(src.data<Float16>().data() + at,
                        result.data<Float16>().data() + at,
                        split.extent,
                        split.inner);
    }
  }
  return result;
}

/// The nodes of a layer one by one in float32; what leaves it, rounded once.
std::vector<Tensor> evaluate_in_floats(const LayerView& view,
                                       std::unordered_map<ValueId, Tensor> floats) {
  for (const NodeId id : view.layer().nodes) {
    const Node& node = view.graph().node(id);
    std::vector<Tensor> kept;
    kept.reserve(node.inputs.size());
    std::vector<const Tensor*> inputs;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if (node.inputs[i] == kNoValue) {
        inputs.push_back(nullptr);
        continue;
      }
      const auto& constant = view.graph().value(node.inputs[i]).constant;
      kept.push_back(constant ? half_operand(node, i, *constant) : floats.at(node.inputs[i]));
      inputs.push_back(&kept.back());
    }
    const std::vector<Tensor> outputs = evaluate(view.graph(), id, inputs);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (node.outputs[i] != kNoValue) {
        floats.insert_or_assign(node.outputs[i], outputs[i]);
      }
    }
  }
  std::vector<Tensor> results;
  for (const ValueId output : view.layer().outputs) {
    results.push_back(round_to_halves(floats.at(output)));
  }
  return results;
}

std::vector<Tensor> halves(const LayerView& view) {
  const auto half_input = [&view](ValueId id) { return halves_of(view.value(id), view.scale(id)); };
  const std::string& op = view.node().op;
  if (op == "Sigmoid") {
    return {map(half_input(view.node().inputs[0]), sigmoid_of_half)};
  }
  if (op == "Tanh") {
    return {map(half_input(view.node().inputs[0]), tanh_of_half)};
  }
  if (op == "Softmax") {
    return {softmax(view, half_input(view.node().inputs[0]))};
  }
  std::unordered_map<ValueId, Tensor> floats;
  for (const ValueId input : view.layer().inputs) {
    floats.emplace(input, floats_of_halves(half_input(input)));
  }
  return evaluate_in_floats(view, std::move(floats));
}

Tensor quantized(const Tensor& halves, float scale, Rounding rounding) {
  Tensor result(DType::Int8, halves.shape());
  const auto src = halves.data<Float16>();
  std::transform(src.begin(), src.end(), result.data<std::int8_t>().begin(), [&](Float16 h) {
    return quantize_half(h, scale, rounding);
  });
  return result;
}

}  // namespace

std::vector<Tensor> half_layer(const LayerView& view) {
  std::vector<Tensor> results = halves(view);
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (const auto scale = view.output_scale(i)) {
      results[i] = quantized(results[i], *scale, view.rounding());
    }
  }
  return results;
}

}  // namespace mtmi::dla::reference
