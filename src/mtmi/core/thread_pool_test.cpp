#include "mtmi/core/thread_pool.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(ThreadPool, RunsEveryIndexOnce) {
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    for (const std::int64_t count : {0, 1, 2, 1000}) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
      pool.parallel_for(count, [&runs](std::int64_t i) { ++runs[static_cast<std::size_t>(i)]; });
      for (const auto& n : runs) {
        EXPECT_EQ(n, 1);
      }
    }
  }
}

TEST(ThreadPool, ServesSeveralCallersAtATime) {
  ThreadPool pool(3);
  std::atomic<std::int64_t> sum{0};
  std::vector<std::thread> callers;
  callers.reserve(20);
  for (int caller = 0; caller < 20; ++caller) {
    callers.emplace_back([&pool, &sum] {
      for (int round = 0; round < 200; ++round) {
        pool.parallel_for(10, [&sum](std::int64_t i) { sum += i; });
      }
    });
  }
  for (std::thread& caller : callers) {
    caller.join();
  }
  EXPECT_EQ(sum, 20 * 200 * 45);
}

TEST(ThreadPool, NestedCallRunsAlone) {
  ThreadPool pool(2);
  std::atomic<int> runs{0};
  pool.parallel_for(4,
                    [&](std::int64_t) { pool.parallel_for(5, [&runs](std::int64_t) { ++runs; }); });
  EXPECT_EQ(runs, 20);
}

}  // namespace
}  // namespace mtmi
