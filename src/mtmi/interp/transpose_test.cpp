#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;

TEST(EvaluateTranspose, EveryElementMovesToItsPlace) {
  const Tensor x = counting(Shape{2, 3, 4});
  const Tensor y = evaluate_one({"Transpose", {x}, {{"perm", std::vector<std::int64_t>{2, 0, 1}}}});
  ASSERT_EQ(y.shape(), (Shape{4, 2, 3}));
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      for (std::size_t k = 0; k < 3; ++k) {
        EXPECT_EQ(y.data<std::int32_t>()[(i * 2 + j) * 3 + k],
                  x.data<std::int32_t>()[(j * 3 + k) * 4 + i]);
      }
    }
  }
}

TEST(EvaluateTranspose, ReversesByDefault) {
  EXPECT_EQ(values<std::int32_t>({"Transpose", {counting(Shape{2, 3})}}), (Ints{0, 3, 1, 4, 2, 5}));
}

}  // namespace
}  // namespace mtmi::interp
