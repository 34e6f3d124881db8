#include "mtmi/eval/error_budget.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "mtmi/eval/eval_for_tests.h"
#include "mtmi/vision/image.h"

namespace mtmi::eval {
namespace {

class ErrorBudgetTest : public testing::Test {
 protected:
  ErrorBudgetTest() {
    const std::vector<std::filesystem::path> folders{small_.images()};
    heads_.calibrate(vision::list_images(folders), {4}, [](std::size_t) {});
  }

  [[nodiscard]] HeadBuild plan(std::size_t head) const {
    return heads_.plan(head, parse_variant("int8-minmax+depth8"));
  }

  [[nodiscard]] std::vector<ErrorBudget> measure(std::size_t head) {
    const HeadBuild build = plan(head);
    return LossMeter(heads_, head, build, prepared_, network_.card)
        .budget([&](std::size_t done, std::size_t all) { told_.emplace_back(done, all); });
  }

  SmallNetwork small_;
  Network network_ = small_.load();
  Heads heads_{registry_for_tests(), network_, "dla_sim"};
  std::vector<PreparedScene> prepared_ = small_.prepare(network_, 2);
  std::vector<std::pair<std::size_t, std::size_t>> told_;
};

TEST_F(ErrorBudgetTest, EveryRowIsATensorWithAScale) {
  for (std::size_t h = 0; h < heads_.heads().size(); ++h) {
    const std::vector<ErrorBudget> budgets = measure(h);
    ASSERT_EQ(budgets.size(), 1U);
    EXPECT_EQ(budgets.front().head, heads_.heads()[h].name);
    EXPECT_EQ(budgets.front().is_depth, heads_.heads()[h].is_depth);
    ASSERT_FALSE(budgets.front().rows.empty());
    for (const BudgetRow& row : budgets.front().rows) {
      EXPECT_TRUE(plan(h).scales.contains(row.tensor)) << row.tensor;
      EXPECT_GT(row.sqnr_db, 10.0) << row.tensor;
    }
  }
}

TEST_F(ErrorBudgetTest, TheMostGuiltyComeFirst) {
  const std::vector<BudgetRow> rows = measure(0).front().rows;
  EXPECT_TRUE(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return std::max(a.alone, a.gain) > std::max(b.alone, b.gain);
  }));
}

TEST_F(ErrorBudgetTest, TheLossInAllIsThatOfAllScales) {
  const ErrorBudget budget = measure(0).front();
  const HeadBuild build = plan(0);
  const LossMeter meter(heads_, 0, build, prepared_, network_.card);
  EXPECT_EQ(budget.all, meter.losses(build.scales).at(budget.output));
}

TEST_F(ErrorBudgetTest, WithoutScalesNothingIsLost) {
  const HeadBuild build = plan(0);
  const LossMeter meter(heads_, 0, build, prepared_, network_.card);
  for (const auto& [output, loss] : meter.losses({})) {
    EXPECT_NEAR(loss, 0.0, 1e-6) << output;
  }
}

TEST_F(ErrorBudgetTest, ProgressGoesFromTheFirstToTheLast) {
  static_cast<void>(measure(0));
  ASSERT_FALSE(told_.empty());
  for (std::size_t i = 0; i < told_.size(); ++i) {
    EXPECT_EQ(told_[i], std::pair(i + 1, told_.size()));
  }
}

}  // namespace
}  // namespace mtmi::eval
