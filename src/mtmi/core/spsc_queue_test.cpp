#include "mtmi/core/spsc_queue.h"

#include <memory>
#include <thread>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

using namespace std::chrono_literals;

TEST(SpscQueue, EveryEntryArrivesOnceAndInOrder) {
  constexpr int kCount = 20000;
  SpscQueue<int> queue(7);
  std::thread producer([&queue] {
    for (int i = 0; i < kCount; ++i) {
      queue.push(i);
    }
  });
  for (int i = 0; i < kCount; ++i) {
    ASSERT_EQ(queue.pop(), i);
  }
  producer.join();
}

TEST(SpscQueue, PopGivesUpAtItsLimit) {
  SpscQueue<int> queue(1);
  EXPECT_FALSE(queue.pop(0ns).has_value());
  EXPECT_FALSE(queue.pop(2ms).has_value());
  queue.push(5);
  EXPECT_EQ(queue.pop(0ns), 5);
}

TEST(SpscQueue, WaitLeavesTheEntry) {
  SpscQueue<int> queue(1);
  queue.wait(2ms);
  EXPECT_TRUE(queue.empty());
  std::thread producer([&queue] { queue.push(5); });
  queue.wait(kNoLimit);
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.pop(0ns), 5);
  producer.join();
}

TEST(SpscQueue, TakesWhatCanOnlyBeMoved) {
  SpscQueue<std::unique_ptr<int>> queue(2);
  queue.push(std::make_unique<int>(3));
  EXPECT_EQ(**queue.pop(), 3);
}

}  // namespace
}  // namespace mtmi
