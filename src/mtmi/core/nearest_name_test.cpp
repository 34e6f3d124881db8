#include "mtmi/core/nearest_name.h"

#include <vector>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(NearestName, FindsWhatWasMeant) {
  const std::vector<std::string> names{"cpu", "dla", "dla_sim"};
  EXPECT_EQ(nearest_name("dlaa", names), "dla");
  EXPECT_EQ(nearest_name("dlasim", names), "dla_sim");
  EXPECT_EQ(nearest_name("CPU0", names), "");
  EXPECT_EQ(nearest_name("cpuu", names), "cpu");
}

TEST(NearestName, SaysNothingWhereNothingIsNear) {
  EXPECT_EQ(nearest_name("quantum", std::vector<std::string>{"cpu"}), "");
  EXPECT_EQ(nearest_name("x", std::vector<std::string>{}), "");
  EXPECT_EQ(nearest_name(std::string(100000, 'x'), std::vector<std::string>{"x"}), "");
}

}  // namespace
}  // namespace mtmi
