#include "mtmi/onnx/upgrade.h"

#include <string>
#include <vector>

#include "mtmi/error.h"
#include "mtmi/onnx/node_rewriter.h"
#include "mtmi/onnx/operator_history.h"

namespace mtmi::onnx {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::Unsupported, "onnx::upgrade", message);
}

const OperatorHistory& require_history(const std::string& op, std::int64_t opset) {
  const OperatorHistory* history = find_history(op);
  const std::string in_opset = "the operator of opset " + std::to_string(opset);
  if (history == nullptr) {
    refuse(in_opset + " is not supported; docs/operators.md lists those that are");
  }
  if (opset < history->since) {
    refuse(in_opset + " is not supported, that of opset " + std::to_string(history->since) +
           " and later is");
  }
  if (history->removed != 0 && opset >= history->removed) {
    refuse(in_opset + " does not exist: it went with opset " + std::to_string(history->removed));
  }
  return *history;
}

void require_known_attributes(const Node& node) {
  const OperatorHistory* history = find_history(node.op);
  for (const auto& [name, value] : node.attributes.entries()) {
    if (!has_attribute(*history, name)) {
      throw Error(ErrorCode::InvalidModel,
                  "onnx::upgrade",
                  "got attribute '" + name + "', which the operator has not");
    }
  }
}

}  // namespace

void upgrade(Graph& graph, std::int64_t opset) {
  if (opset < kOldestOpset || opset > kNewestOpset) {
    refuse("got opset " + std::to_string(opset) + ", expected " + std::to_string(kOldestOpset) +
           " to " + std::to_string(kNewestOpset));
  }
  rewrite_nodes(graph, [opset](NodeRewriter& node) {
    for (const UpgradeStep& step : require_history(node.node().op, opset).steps) {
      if (opset < step.until) {
        step.rewrite(node);
      }
    }
    require_known_attributes(node.node());
  });
}

}  // namespace mtmi::onnx
