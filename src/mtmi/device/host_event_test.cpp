#include "mtmi/device/host_event.h"

#include <array>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

using namespace std::chrono_literals;

TEST(HostEvent, IsPendingUntilItIsSignalled) {
  HostEvent event;
  EXPECT_FALSE(event.is_signalled());
  EXPECT_FALSE(event.wait_for(0ns));
  EXPECT_FALSE(event.wait_for(2ms));
  event.signal({.start_ns = 3, .end_ns = 5});
  EXPECT_TRUE(event.wait_for(0ns));
  EXPECT_EQ(event.timing().end_ns, 5);
  EXPECT_FALSE(event.error().has_value());
}

TEST(HostEvent, CarriesAnErrorUntilItIsReset) {
  HostEvent event;
  event.signal({}, Error(ErrorCode::DeviceFailure, "test", "broken"));
  ASSERT_TRUE(event.error().has_value());
  EXPECT_STREQ(event.error()->what(), "broken");
  event.reset();
  EXPECT_FALSE(event.is_signalled());
  event.signal({});
  EXPECT_FALSE(event.error().has_value());
}

TEST(HostEvent, WakesEveryWaiterInEveryRound) {
  constexpr int kRounds = 200;
  std::vector<HostEvent> events(kRounds);
  std::array<std::thread, 3> waiters;
  std::array<std::int64_t, 3> sums{};
  for (std::size_t i = 0; i < waiters.size(); ++i) {
    waiters[i] = std::thread([&events, &sum = sums[i]] {
      for (const HostEvent& event : events) {
        ASSERT_TRUE(event.wait_for(1min));
        sum += event.timing().end_ns;
      }
    });
  }
  for (HostEvent& event : events) {
    event.signal({.start_ns = 0, .end_ns = 1});
  }
  for (std::thread& waiter : waiters) {
    waiter.join();
  }
  EXPECT_EQ(sums, (std::array<std::int64_t, 3>{kRounds, kRounds, kRounds}));
}

TEST(HostEvent, TheLongestTimeoutDoesNotOverflow) {
  HostEvent event;
  std::thread signaller([&event] { event.signal({}); });
  EXPECT_TRUE(event.wait_for(std::chrono::nanoseconds::max()));
  signaller.join();
}

}  // namespace
}  // namespace mtmi
