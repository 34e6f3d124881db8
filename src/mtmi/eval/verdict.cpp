#include "mtmi/eval/verdict.h"

#include <algorithm>
#include <utility>

namespace mtmi::eval {

Verdict conclude(Evaluation evaluation, bundle::ModelCard card, const GateLimits& limits) {
  Verdict verdict{.evaluation = std::move(evaluation),
                  .card = std::move(card),
                  .answers = {},
                  .judged = {},
                  .budgets = {}};
  for (std::size_t v = 0; v < verdict.evaluation.variants.size(); ++v) {
    auto& answers = verdict.answers.emplace_back(verdict.evaluation.variants[v].heads.size());
    if (v == 0) {
      continue;
    }
    for (GateAnswer& answer : ask_gate(verdict.evaluation, v, limits)) {
      const std::vector<HeadRecord>& heads = verdict.evaluation.variants[v].heads;
      const auto at = std::find_if(
          heads.begin(), heads.end(), [&](const auto& h) { return h.output == answer.output; });
      answers[static_cast<std::size_t>(at - heads.begin())] = std::move(answer);
    }
  }
  return verdict;
}

std::vector<GateAnswer> failures_of(const Verdict& verdict) {
  std::vector<GateAnswer> failures;
  for (const auto& answers : verdict.answers) {
    for (const std::optional<GateAnswer>& answer : answers) {
      if (answer && !answer->passed() &&
          std::find(verdict.judged.begin(), verdict.judged.end(), answer->variant) !=
              verdict.judged.end()) {
        failures.push_back(*answer);
      }
    }
  }
  return failures;
}

}  // namespace mtmi::eval
