#include "mtmi/onnx/downgrade.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/error.h"
#include "mtmi/onnx/downgrade_rules.h"
#include "mtmi/onnx/operator_history.h"

namespace mtmi::onnx {
namespace {

struct DowngradeStep {
  std::string_view op;
  std::int64_t below;  ///< opsets below this take the rewrite
  void (*rewrite)(NodeRewriter& node);
};

constexpr std::int64_t kAlways = UpgradeStep::kAlways;

// Sorted by name; several steps of one operator are taken in their order.
constexpr std::array kSteps{
    DowngradeStep{"Attention", kAlways, expand_attention},
    DowngradeStep{"AveragePool", 19, downgrade_average_pool},
    DowngradeStep{"BatchNormalization", 14, downgrade_batch_normalization},
    DowngradeStep{"Cast", 19, downgrade_saturate},
    DowngradeStep{"CastLike", 19, downgrade_saturate},
    DowngradeStep{"DequantizeLinear", 21, downgrade_quantize},
    DowngradeStep{"Gelu", 20, expand_gelu},
    DowngradeStep{"GridSample", 20, downgrade_grid_sample},
    DowngradeStep{"GroupNormalization", 21, expand_group_normalization},
    DowngradeStep{"HardSwish", 14, expand_hard_swish},
    DowngradeStep{"LayerNormalization", 17, expand_layer_normalization},
    DowngradeStep{"Mish", 18, expand_mish},
    DowngradeStep{"Pad", 19, downgrade_pad_wrap},
    DowngradeStep{"Pad", 18, downgrade_pad_axes},
    DowngradeStep{"QuantizeLinear", 21, downgrade_quantize},
    DowngradeStep{"QuantizeLinear", 19, downgrade_saturate},
    DowngradeStep{"ReduceL1", 18, downgrade_axes},
    DowngradeStep{"ReduceL2", 18, downgrade_axes},
    DowngradeStep{"ReduceLogSum", 18, downgrade_axes},
    DowngradeStep{"ReduceLogSumExp", 18, downgrade_axes},
    DowngradeStep{"ReduceMax", 18, downgrade_axes},
    DowngradeStep{"ReduceMean", 18, downgrade_axes},
    DowngradeStep{"ReduceMin", 18, downgrade_axes},
    DowngradeStep{"ReduceProd", 18, downgrade_axes},
    DowngradeStep{"ReduceSumSquare", 18, downgrade_axes},
    DowngradeStep{"Reshape", 14, downgrade_reshape},
    DowngradeStep{"Resize", 19, downgrade_resize_19},
    DowngradeStep{"Resize", 18, downgrade_resize_18},
    DowngradeStep{"ScatterElements", 18, downgrade_scatter_18},
    DowngradeStep{"ScatterElements", 16, downgrade_scatter_16},
    DowngradeStep{"ScatterND", 18, downgrade_scatter_18},
    DowngradeStep{"ScatterND", 16, downgrade_scatter_16},
    DowngradeStep{"Shape", 15, downgrade_shape},
    DowngradeStep{"Split", 18, downgrade_split},
};

void downgrade_node(NodeRewriter& node, std::int64_t opset) {
  const std::string op = node.node().op;
  for (const DowngradeStep& step : kSteps) {
    if (step.op == op && opset < step.below) {
      step.rewrite(node);
    }
  }
  const OperatorHistory* history = find_history(node.node().op);
  if (history == nullptr || opset < history->since) {
    throw Error(
        ErrorCode::Unsupported,
        "onnx::downgrade",
        "opset " + std::to_string(opset) + " has no such operator" +
            (history == nullptr ? "" : "; opset " + std::to_string(history->since) + " has"));
  }
}

}  // namespace

void downgrade(Graph& graph, std::int64_t opset) {
  rewrite_nodes(graph, [opset](NodeRewriter& node) { downgrade_node(node, opset); });
  graph.remove_dead_nodes();
}

}  // namespace mtmi::onnx
