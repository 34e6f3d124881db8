#include <gtest/gtest.h>

#include "mtmi/interp/evaluate_one.h"

namespace mtmi::interp {
namespace {

using Ints = std::vector<std::int32_t>;

Attributes block(std::int64_t size, std::string mode = "DCR") {
  return {{"blocksize", size}, {"mode", std::move(mode)}};
}

TEST(EvaluateDepthToSpace, ModesDifferInTheOrderOfChannels) {
  const Tensor x = counting(Shape{1, 8, 1, 1});
  EXPECT_EQ(values<std::int32_t>({"DepthToSpace", {x}, block(2)}), (Ints{0, 2, 4, 6, 1, 3, 5, 7}));
  EXPECT_EQ(values<std::int32_t>({"DepthToSpace", {x}, block(2, "CRD")}),
            (Ints{0, 1, 2, 3, 4, 5, 6, 7}));
}

TEST(EvaluateSpaceToDepth, UndoesDepthToSpace) {
  const Tensor x = counting(Shape{2, 3, 4, 6});
  const Tensor deep = evaluate_one({"SpaceToDepth", {x}, {{"blocksize", std::int64_t{2}}}});
  EXPECT_EQ(deep.shape(), (Shape{2, 12, 2, 3}));
  EXPECT_TRUE(bitwise_equal(evaluate_one({"DepthToSpace", {deep}, block(2)}), x));
}

}  // namespace
}  // namespace mtmi::interp
