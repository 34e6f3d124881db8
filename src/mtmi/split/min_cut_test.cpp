#include "mtmi/split/min_cut.h"

#include <gtest/gtest.h>

namespace mtmi::split {
namespace {

TEST(FlowNetwork, CutsTheCheapestEdges) {
  FlowNetwork network(4);
  network.add_edge(0, 1, 3);
  network.add_edge(0, 2, 10);
  network.add_edge(1, 3, 10);
  network.add_edge(2, 3, 4);
  EXPECT_EQ(network.source_side(0, 3), (std::vector<bool>{true, false, true, false}));
}

TEST(FlowNetwork, OfEqualCutsTakesTheOneAtTheSink) {
  FlowNetwork network(3);
  network.add_edge(0, 1, 5);
  network.add_edge(1, 2, 5);
  EXPECT_EQ(network.source_side(0, 2), (std::vector<bool>{true, true, false}));
}

}  // namespace
}  // namespace mtmi::split
