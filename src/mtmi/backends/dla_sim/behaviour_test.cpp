#include "mtmi/backends/dla_sim/behaviour.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::dla_sim {
namespace {

std::string refusal(const DeviceOptions& options) {
  try {
    (void)read_behaviour(options);
  } catch (const Error& error) {
    return std::string(error.what());
  }
  return "";
}

TEST(Behaviour, SettingsAreReadByName) {
  const Behaviour behaviour = read_behaviour({{"time", "model"},
                                              {"slow_down", "1.5"},
                                              {"fail_at", "3"},
                                              {"hang_at", "0"},
                                              {"wrong_at", "7"}});
  EXPECT_EQ(behaviour,
            (Behaviour{
                .time = Time::Model, .slow_down = 1.5, .fail_at = 3, .wrong_at = 7, .hang_at = 0}));
  EXPECT_EQ(read_behaviour({}), Behaviour{});
}

TEST(Behaviour, MistakesAreNamed) {
  EXPECT_EQ(refusal({{"time", "fast"}}), "time: got 'fast', expected real or model");
  EXPECT_EQ(refusal({{"fail_at", "-1"}}),
            "fail_at: got '-1', expected the number of a run, 0 or more");
  EXPECT_EQ(refusal({{"slow_down", "0.5"}}),
            "slow_down: got '0.5', expected a factor from 1 to 1000000");
  EXPECT_EQ(refusal({{"speed", "2"}}),
            "got the setting 'speed', expected time, slow_down, fail_at, hang_at or wrong_at");
}

}  // namespace
}  // namespace mtmi::dla_sim
