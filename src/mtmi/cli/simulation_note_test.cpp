#include "mtmi/cli/simulation_note.h"

#include <gtest/gtest.h>

namespace mtmi::cli {
namespace {

TEST(SimulationNote, NamesEverySimulatedDeviceOnce) {
  EXPECT_EQ(simulation_note({"cpu", "dla_sim:1", "dla_sim:0", "cpu:0", "dla_sim:1"}),
            "dla_sim:0, dla_sim:1: simulated, a model built from public arithmetic and rules, not "
            "Orin silicon\n");
  EXPECT_EQ(simulation_note({"cpu"}), "");
}

}  // namespace
}  // namespace mtmi::cli
