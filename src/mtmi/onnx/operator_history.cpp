#include "mtmi/onnx/operator_history.h"

#include <algorithm>

#include "mtmi/onnx/upgrade_rules.h"

namespace mtmi::onnx {
namespace {

// Sorted by name. `steps` say what changed since opset 9; where there are none, every version since
// then means the same. (Constant is not here: the reader makes it a constant value.)
// NOLINTNEXTLINE(readability-function-size): a table
const std::vector<OperatorHistory>& histories() {
  static const std::vector<OperatorHistory> all{
      {"Abs", 6, 0, "", {}},
      {"Add", 7, 0, "", {}},
      {"And", 7, 0, "", {}},
      {"ArgMax", 1, 0, "axis keepdims select_last_index", {}},
      {"ArgMin", 1, 0, "axis keepdims select_last_index", {}},
      {"AveragePool",
       7,
       0,
       "auto_pad ceil_mode count_include_pad dilations kernel_shape pads strides",
       {}},
      {"BatchNormalization",
       9,
       0,
       "epsilon momentum training_mode",
       {{14, upgrade_batch_normalization}}},
      {"Cast", 9, 0, "saturate to", {}},
      {"CastLike", 15, 0, "saturate", {}},
      {"Ceil", 6, 0, "", {}},
      {"Celu", 12, 0, "alpha", {}},
      {"Clip", 6, 0, "", {{11, upgrade_clip}}},
      {"Concat", 4, 0, "axis", {}},
      {"ConstantOfShape", 9, 0, "value", {}},
      {"Conv", 1, 0, "auto_pad dilations group kernel_shape pads strides", {}},
      {"ConvTranspose",
       1,
       0,
       "auto_pad dilations group kernel_shape output_padding output_shape pads strides",
       {}},
      {"Cos", 7, 0, "", {}},
      {"CumSum", 11, 0, "exclusive reverse", {}},
      {"DepthToSpace", 1, 0, "blocksize mode", {}},
      {"DequantizeLinear", 10, 0, "axis block_size", {}},
      {"Div", 7, 0, "", {}},
      {"Dropout", 7, 0, "seed", {{12, upgrade_dropout}}},
      {"Einsum", 12, 0, "equation", {}},
      {"Elu", 6, 0, "alpha", {}},
      {"Equal", 7, 0, "", {}},
      {"Erf", 9, 0, "", {}},
      {"Exp", 6, 0, "", {}},
      {"Expand", 8, 0, "", {}},
      {"Flatten", 9, 0, "axis", {}},
      {"Floor", 6, 0, "", {}},
      {"Gather", 1, 0, "axis", {}},
      {"GatherElements", 11, 0, "axis", {}},
      {"GatherND", 11, 0, "batch_dims", {}},
      {"Gelu", 20, 0, "approximate", {}},
      {"Gemm", 9, 0, "alpha beta transA transB", {}},
      {"GlobalAveragePool", 1, 0, "", {}},
      {"GlobalMaxPool", 1, 0, "", {}},
      {"Greater", 9, 0, "", {}},
      {"GreaterOrEqual", 12, 0, "", {}},
      {"GridSample", 16, 0, "align_corners mode padding_mode", {{20, upgrade_grid_sample}}},
      {"GroupNormalization",
       18,
       0,
       "epsilon num_groups stash_type",
       {{21, upgrade_group_normalization}}},
      {"HardSigmoid", 6, 0, "alpha beta", {}},
      {"HardSwish", 14, 0, "", {}},
      {"Identity", 1, 0, "", {}},
      {"InstanceNormalization", 6, 0, "epsilon", {}},
      {"LayerNormalization", 17, 0, "axis epsilon stash_type", {}},
      {"LeakyRelu", 6, 0, "alpha", {}},
      {"Less", 9, 0, "", {}},
      {"LessOrEqual", 12, 0, "", {}},
      {"Log", 6, 0, "", {}},
      {"LogSoftmax", 1, 0, "axis", {{13, upgrade_softmax}}},
      {"MatMul", 9, 0, "", {}},
      {"Max", 8, 0, "", {}},
      {"MaxPool", 8, 0, "auto_pad ceil_mode dilations kernel_shape pads storage_order strides", {}},
      {"Mean", 8, 0, "", {}},
      {"Min", 8, 0, "", {}},
      {"Mish", 18, 0, "", {}},
      {"Mod", 10, 0, "fmod", {}},
      {"Mul", 7, 0, "", {}},
      {"Neg", 6, 0, "", {}},
      {"Not", 1, 0, "", {}},
      {"Or", 7, 0, "", {}},
      {"PRelu", 9, 0, "", {}},
      {"Pad", 2, 0, "mode", {{11, upgrade_pad}}},
      {"Pow", 7, 0, "", {}},
      {"QuantizeLinear", 10, 0, "axis block_size output_dtype saturate", {}},
      {"Range", 11, 0, "stash_type", {}},
      {"Reciprocal", 6, 0, "", {}},
      {"ReduceL1", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceL2", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceLogSum", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceLogSumExp", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceMax", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceMean", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceMin", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceProd", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"ReduceSum", 1, 0, "keepdims noop_with_empty_axes", {{13, upgrade_axes}}},
      {"ReduceSumSquare", 1, 0, "keepdims noop_with_empty_axes", {{18, upgrade_axes}}},
      {"Relu", 6, 0, "", {}},
      {"Reshape", 5, 0, "allowzero", {}},
      {"Resize",
       10,
       0,
       "antialias axes coordinate_transformation_mode cubic_coeff_a exclude_outside "
       "extrapolation_value keep_aspect_ratio_policy mode nearest_mode",
       {{11, upgrade_resize_10},
        {13, upgrade_resize_nearest},
        {UpgradeStep::kAlways, drop_empty_resize_inputs}}},
      {"Round", 11, 0, "", {}},
      {"ScatterElements", 11, 0, "axis reduction", {}},
      {"ScatterND", 11, 0, "reduction", {}},
      {"Selu", 6, 0, "alpha gamma", {}},
      {"Shape", 1, 0, "end start", {}},
      {"Sigmoid", 6, 0, "", {}},
      {"Sign", 9, 0, "", {}},
      {"Sin", 7, 0, "", {}},
      {"Size", 1, 0, "", {}},
      {"Slice", 1, 0, "", {{10, upgrade_slice}}},
      {"Softmax", 1, 0, "axis", {{13, upgrade_softmax}}},
      {"Softplus", 1, 0, "", {}},
      {"Softsign", 1, 0, "", {}},
      {"SpaceToDepth", 1, 0, "blocksize", {}},
      {"Split", 2, 0, "axis num_outputs", {{13, upgrade_split}, {18, count_split_outputs}}},
      {"Sqrt", 6, 0, "", {}},
      {"Squeeze", 1, 0, "", {{13, upgrade_axes}}},
      {"Sub", 7, 0, "", {}},
      {"Sum", 8, 0, "", {}},
      {"Tanh", 6, 0, "", {}},
      {"ThresholdedRelu", 10, 0, "alpha", {}},
      {"Tile", 6, 0, "", {}},
      {"TopK", 1, 0, "axis largest sorted", {{10, upgrade_top_k}}},
      {"Transpose", 1, 0, "perm", {}},
      {"Unsqueeze", 1, 0, "", {{13, upgrade_axes}}},
      {"Upsample", 9, 10, "mode", {{10, upgrade_upsample}}},
      {"Where", 9, 0, "", {}},
      {"Xor", 7, 0, "", {}},
  };
  return all;
}

}  // namespace

std::span<const OperatorHistory> operator_histories() {
  return histories();
}

const OperatorHistory* find_history(std::string_view op) {
  const auto& all = histories();
  const auto it = std::lower_bound(
      all.begin(), all.end(), op, [](const OperatorHistory& history, std::string_view wanted) {
        return history.op < wanted;
      });
  return it != all.end() && it->op == op ? &*it : nullptr;
}

bool has_attribute(const OperatorHistory& history, std::string_view attribute) {
  std::string_view rest = history.attributes;
  while (!rest.empty()) {
    const std::string_view first = rest.substr(0, rest.find(' '));
    if (first == attribute) {
      return true;
    }
    rest.remove_prefix(std::min(first.size() + 1, rest.size()));
  }
  return false;
}

}  // namespace mtmi::onnx
