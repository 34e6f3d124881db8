#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(EvaluateCumSum, ReadsItsAttributes) {
  EXPECT_EQ(values<float>({"CumSum",
                           {tensor<float>({1, 2, 3}), ops::ints({0})},
                           {{"exclusive", std::int64_t{1}}, {"reverse", std::int64_t{1}}}}),
            (std::vector<float>{5, 3, 0}));
}

}  // namespace
}  // namespace mtmi::interp
