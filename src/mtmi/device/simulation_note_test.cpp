#include "mtmi/device/simulation_note.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(SimulationNote, NamesEverySimulatedDeviceOnce) {
  EXPECT_EQ(simulation_note({"cpu", "dla_sim:1", "dla_sim:0", "cpu:0", "dla_sim:1"}),
            "dla_sim:0, dla_sim:1: simulated, a model built from public arithmetic and rules, not "
            "Orin silicon");
  EXPECT_EQ(simulation_note({"cpu"}), "");
  EXPECT_EQ(simulation_line({"dla_sim:1"}), simulation_note({"dla_sim:1"}) + "\n");
  EXPECT_EQ(simulation_line({"cpu"}), "");
}

}  // namespace
}  // namespace mtmi
