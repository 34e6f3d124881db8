#include "mtmi/runtime/frame_queue.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::runtime {
namespace {

QueuedFrame queued(std::uint64_t id) {
  return {.frame = {.id = id, .capture_ns = {}, .fill = {}}, .ticket = id};
}

std::vector<std::uint64_t> ids_in(FrameQueue& queue) {
  std::vector<std::uint64_t> ids;
  queue.close([&ids](const QueuedFrame& frame) { ids.push_back(frame.frame.id); });
  return ids;
}

TEST(FrameQueue, BlockWaitsForRoom) {
  FrameQueue queue(QueuePolicy::Block, 1);
  const auto never = [](const QueuedFrame&) { FAIL(); };
  EXPECT_TRUE(queue.push(queued(1), never));
  std::thread producer([&queue, &never] { EXPECT_TRUE(queue.push(queued(2), never)); });
  EXPECT_EQ(queue.pop()->frame.id, 1U);
  EXPECT_EQ(queue.pop()->frame.id, 2U);
  producer.join();
}

TEST(FrameQueue, TryPopDoesNotWaitAndTakesNothingOfAClosedQueue) {
  FrameQueue queue(QueuePolicy::Block, 2);
  const auto never = [](const QueuedFrame&) { FAIL(); };
  EXPECT_FALSE(queue.try_pop().has_value());
  EXPECT_TRUE(queue.push(queued(1), never));
  EXPECT_EQ(queue.try_pop()->frame.id, 1U);
  queue.close(never);
  EXPECT_FALSE(queue.try_pop().has_value());
}

TEST(FrameQueue, DropOldestSaysWhichFrameItGaveUp) {
  FrameQueue queue(QueuePolicy::DropOldest, 2);
  std::vector<std::uint64_t> dropped;
  for (std::uint64_t id = 1; id <= 4; ++id) {
    queue.push(queued(id), [&dropped](const QueuedFrame& old) { dropped.push_back(old.frame.id); });
  }
  EXPECT_THAT(dropped, testing::ElementsAre(1, 2));
  EXPECT_THAT(ids_in(queue), testing::ElementsAre(3, 4));
}

TEST(FrameQueue, AClosedQueueTakesNothingAndWakesWhoWaits) {
  FrameQueue queue(QueuePolicy::Block, 1);
  std::thread consumer([&queue] { EXPECT_FALSE(queue.pop().has_value()); });
  EXPECT_THAT(ids_in(queue), testing::IsEmpty());
  consumer.join();
  EXPECT_FALSE(queue.push(queued(1), [](const QueuedFrame&) {}));
}

}  // namespace
}  // namespace mtmi::runtime
