// The operators that are taken from ONNX files, and how older versions of them are rewritten.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mtmi::onnx {

class NodeRewriter;

/// One step of an operator's history: nodes of an opset below `until` are rewritten.
struct UpgradeStep {
  std::int64_t until;
  void (*rewrite)(NodeRewriter& node);

  /// For rewrites that bring several spellings of one opset to one form.
  static constexpr std::int64_t kAlways = 1000;
};

struct OperatorHistory {
  std::string_view op;
  std::int64_t since;              ///< the opset that introduced it
  std::int64_t removed;            ///< the opset that took it away again; 0: still there
  std::string_view attributes;     ///< those of opset 21, separated by blanks
  std::vector<UpgradeStep> steps;  ///< in the order in which they are taken
};

/// All operators, sorted by name.
[[nodiscard]] std::span<const OperatorHistory> operator_histories();

/// The history of `op`, or nullptr.
[[nodiscard]] const OperatorHistory* find_history(std::string_view op);

/// Whether `attribute` is one of the operator's.
[[nodiscard]] bool has_attribute(const OperatorHistory& history, std::string_view attribute);

}  // namespace mtmi::onnx
