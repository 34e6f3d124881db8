#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(EvaluateTopK, GivesValuesAndIndicesAlongTheAxis) {
  const std::vector<Tensor> outputs =
      evaluate_all({"TopK",
                    {tensor<std::int32_t>(Shape{3, 2}, {1, 6, 5, 4, 3, 2}), ops::ints({2})},
                    {{"axis", std::int64_t{0}}},
                    2});
  const auto top = outputs[0].data<std::int32_t>();
  const auto at = outputs[1].data<std::int64_t>();
  EXPECT_EQ(std::vector(top.begin(), top.end()), (std::vector<std::int32_t>{5, 6, 3, 4}));
  EXPECT_EQ(std::vector(at.begin(), at.end()), (std::vector<std::int64_t>{1, 0, 2, 1}));
}

}  // namespace
}  // namespace mtmi::interp
