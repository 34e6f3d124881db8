#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Floats = std::vector<float>;
using Ints = std::vector<std::int64_t>;

TEST(EvaluateMaxPool, GivesValuesAndIndices) {
  const std::vector<Tensor> outputs =
      evaluate_all({"MaxPool",
                    {tensor<float>(Shape{1, 2, 3}, {1, 3, 2, 9, 8, 7})},
                    {{"kernel_shape", Ints{2}}},
                    2});
  const auto y = outputs[0].data<float>();
  const auto indices = outputs[1].data<std::int64_t>();
  EXPECT_EQ(Floats(y.begin(), y.end()), (Floats{3, 3, 9, 8}));
  EXPECT_EQ(Ints(indices.begin(), indices.end()), (Ints{1, 1, 3, 4}));
}

TEST(EvaluateMaxPool, OfBytes) {
  EXPECT_EQ(values<std::uint8_t>({"MaxPool",
                                  {tensor<std::uint8_t>(Shape{1, 1, 2}, {200, 100})},
                                  {{"kernel_shape", Ints{2}}}}),
            std::vector<std::uint8_t>{200});
}

TEST(EvaluateAveragePool, OverTheWholePlane) {
  EXPECT_EQ(values<float>({"GlobalAveragePool", {tensor<float>(Shape{1, 2, 1, 2}, {1, 2, 5, 9})}}),
            (Floats{1.5F, 7.0F}));
}

}  // namespace
}  // namespace mtmi::interp
