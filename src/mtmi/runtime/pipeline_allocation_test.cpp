// Counts what the pipeline allocates between slot and result: nothing.
#include <atomic>
#include <cstdlib>

#include <gtest/gtest.h>

#include "mtmi/runtime/pipeline_rig_for_tests.h"

#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
#define MTMI_COUNTS_ALLOCATIONS 0  // they have an allocator of their own
#elif defined(__GLIBC__)
#define MTMI_COUNTS_ALLOCATIONS 1
#else
#define MTMI_COUNTS_ALLOCATIONS 0
#endif

namespace {

std::atomic<bool> g_is_counting{false};
std::atomic<int> g_allocations{0};

}  // namespace

#if MTMI_COUNTS_ALLOCATIONS
// In front of the C library's own, for this whole test program; operator new comes this way, too.
extern "C" {
void* __libc_malloc(std::size_t size);                           // NOLINT
void* __libc_calloc(std::size_t count, std::size_t size);        // NOLINT
void* __libc_realloc(void* old, std::size_t size);               // NOLINT
void* __libc_memalign(std::size_t alignment, std::size_t size);  // NOLINT

void* malloc(std::size_t size) {
  g_allocations += g_is_counting ? 1 : 0;
  return __libc_malloc(size);
}

void* calloc(std::size_t count, std::size_t size) {
  g_allocations += g_is_counting ? 1 : 0;
  return __libc_calloc(count, size);
}

void* realloc(void* old, std::size_t size) {
  g_allocations += g_is_counting ? 1 : 0;
  return __libc_realloc(old, size);
}

void* aligned_alloc(std::size_t alignment, std::size_t size) {
  g_allocations += g_is_counting ? 1 : 0;
  return __libc_memalign(alignment, size);
}
}
#endif

namespace mtmi::runtime {
namespace {

TEST(PipelineAllocation, NothingBetweenSlotAndResultInTheSteadyState) {
  if (!MTMI_COUNTS_ALLOCATIONS) {
    GTEST_SKIP() << "the allocator cannot be interposed in this build";
  }
  constexpr int kFrames = 200;
  constexpr int kFirstCounted = 50;
  constexpr int kLastCounted = 150;
  std::atomic<bool> all_queued = false;
  std::atomic<int> results = 0;
  PipelineOptions options;
  options.queue = kFrames;
  options.on_result = [&results](const ResultLease& result) {
    ASSERT_EQ(error_of(*result), "");
    ++results;
    g_is_counting = results >= kFirstCounted && results < kLastCounted;
  };
  DelayRig rig = DelayRig::two_heads();
  rig.check_frames = false;
  const auto pipeline = rig.start(std::move(options));
  Frame first = frame_of(0);
  first.fill = [&all_queued](std::span<const std::span<std::byte>>) { all_queued.wait(false); };
  (void)pipeline->submit(std::move(first));
  for (int id = 1; id < kFrames; ++id) {
    (void)pipeline->submit(frame_of(1));
  }
  all_queued = true;
  all_queued.notify_all();
  pipeline->drain();
  EXPECT_EQ(results, kFrames);
  EXPECT_EQ(g_allocations, 0);

  g_is_counting = true;
  ::operator delete(::operator new(1));  // the counter counts
  g_is_counting = false;
  EXPECT_EQ(g_allocations, 1);
}

}  // namespace
}  // namespace mtmi::runtime
