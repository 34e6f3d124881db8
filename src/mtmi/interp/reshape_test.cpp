#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

TEST(EvaluateReshape, SharesTheElements) {
  const Tensor x = counting(Shape{2, 3});
  for (const Tensor& y : {evaluate_one({"Reshape", {x, ops::ints({3, -1})}}),
                          evaluate_one({"Flatten", {x}}),
                          evaluate_one({"Unsqueeze", {x, ops::ints({0})}}),
                          evaluate_one({"Squeeze", {x}}),
                          evaluate_one({"Identity", {x}})}) {
    EXPECT_EQ(y.bytes().data(), x.bytes().data());
  }
  EXPECT_EQ(evaluate_one({"Reshape", {x, ops::ints({3, -1})}}).shape(), (Shape{3, 2}));
}

TEST(EvaluateDropout, PassesEverything) {
  const Tensor x = counting(Shape{3});
  const std::vector<Tensor> outputs = evaluate_all({"Dropout", {x}, {}, 2});
  EXPECT_TRUE(bitwise_equal(outputs[0], x));
  EXPECT_TRUE(bitwise_equal(outputs[1], tensor<bool>({true, true, true})));
}

}  // namespace
}  // namespace mtmi::interp
