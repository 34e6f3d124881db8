#include "mtmi/ops/data_movement.h"

#include <gtest/gtest.h>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {
namespace {

TEST(MovementOf, KnowsOperatorsThatComputeNothing) {
  EXPECT_EQ(movement_of("Reshape"), Movement::View);
  EXPECT_EQ(movement_of("Transpose"), Movement::Move);
  EXPECT_EQ(movement_of("ScatterND"), Movement::Pick);
  EXPECT_EQ(movement_of("Shape"), Movement::Generate);
}

TEST(MovementOf, IsNoneForWhatComputesAndForWhatIsUnknown) {
  EXPECT_EQ(movement_of("Conv"), Movement::None);
  EXPECT_EQ(movement_of("Cast"), Movement::None);
  EXPECT_EQ(movement_of(""), Movement::None);
  EXPECT_EQ(movement_of("Zzz"), Movement::None);
}

TEST(MovementOf, TheTableHasAllItsOperators) {
  int entries = 0;
  for (const Operator& op : operators()) {
    entries += movement_of(op.name) != Movement::None ? 1 : 0;
  }
  EXPECT_EQ(entries, 23);
}

}  // namespace
}  // namespace mtmi::ops
