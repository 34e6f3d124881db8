// What is concluded from an evaluation.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mtmi/bundle/model_card.h"
#include "mtmi/eval/comparison.h"
#include "mtmi/eval/error_budget.h"
#include "mtmi/eval/evaluation.h"

namespace mtmi::eval {

/// An evaluation and what is concluded from it.
struct Verdict {
  Evaluation evaluation;
  bundle::ModelCard card;
  /// By variant, then by head as in the record; nothing for the first variant, which the others
  /// are compared with.
  std::vector<std::vector<std::optional<GateAnswer>>> answers;
  std::vector<std::string> judged;   ///< variants that the gate is for
  std::vector<ErrorBudget> budgets;  ///< as far as they were measured
};

/// Compares every variant with the first.
[[nodiscard]] Verdict conclude(Evaluation evaluation,
                               bundle::ModelCard card,
                               const GateLimits& limits);

/// The answers for judged variants that are "no".
[[nodiscard]] std::vector<GateAnswer> failures_of(const Verdict& verdict);

}  // namespace mtmi::eval
