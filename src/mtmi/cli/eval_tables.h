// What `mtmi eval` prints: tables for people, a document for machines.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "mtmi/bundle/model_card.h"
#include "mtmi/cli/error_budget.h"
#include "mtmi/eval/comparison.h"

namespace mtmi::cli {

/// An evaluation and what is concluded from it.
struct EvalResult {
  eval::Evaluation evaluation;
  bundle::ModelCard card;
  /// By variant, then by head as in the record; nothing for the first variant, which the others
  /// are compared with.
  std::vector<std::vector<std::optional<eval::GateAnswer>>> answers;
  std::vector<std::string> judged;   ///< variants that the gate is for
  std::vector<ErrorBudget> budgets;  ///< as far as they were measured
};

/// Compares every variant with the first.
[[nodiscard]] EvalResult conclude(eval::Evaluation evaluation,
                                  bundle::ModelCard card,
                                  const eval::GateLimits& limits);

/// The answers for judged variants that are "no".
[[nodiscard]] std::vector<eval::GateAnswer> failures_of(const EvalResult& result);

/// The same as sentences, with the three most guilty tensors where there is a budget.
[[nodiscard]] std::vector<std::string> gate_sentences(const EvalResult& result);

/// One row per variant: the figure of each head, what it lost, and whether that is noise.
[[nodiscard]] std::string variant_table(const EvalResult& result);

/// All measures of depth, one row per variant and head; empty without depth heads.
[[nodiscard]] std::string depth_table(const EvalResult& result);

/// IoU by class, one column per variant; empty without segmentation heads.
[[nodiscard]] std::string class_table(const EvalResult& result);

/// All tables, and what the gate says; IoU by class where it is wanted.
[[nodiscard]] std::string to_text(const EvalResult& result, bool classes);

/// Everything.
[[nodiscard]] nlohmann::json to_json(const EvalResult& result);

}  // namespace mtmi::cli
