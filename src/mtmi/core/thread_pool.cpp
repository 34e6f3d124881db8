#include "mtmi/core/thread_pool.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include <sched.h>

#include "mtmi/core/assert.h"

namespace mtmi {
namespace {

// Callers at a time; one more runs its work alone.
constexpr std::size_t kMaxJobs = 16;
// Looks at the jobs before a worker sleeps: about 20 us, the gap between two layers.
constexpr int kSpins = 400;

thread_local bool t_inside_task = false;

void pause_briefly() noexcept {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  std::this_thread::yield();
#endif
}

enum class JobState : int { Free, Taken, Open, Closed };

/// One parallel_for() under way. A worker may touch `task` and `count` only between raising
/// `visitors` and lowering it, and only if it saw Open in between: the caller closes the job and
/// then waits for the visitors to leave.
struct alignas(64) Job {
  std::atomic<JobState> state{JobState::Free};
  std::atomic<int> visitors{0};
  std::optional<FunctionRef<void(std::int64_t)>> task;
  std::atomic<std::int64_t> count{0};
  alignas(64) std::atomic<std::int64_t> next{0};

  void work() noexcept {
    const std::int64_t end = count.load(std::memory_order_relaxed);
    for (std::int64_t i = next.fetch_add(1); i < end; i = next.fetch_add(1)) {
      (*task)(i);
    }
  }

  /// A hint: visiting a job whose last task is still running would only disturb its caller.
  [[nodiscard]] bool has_work() const noexcept {
    return state.load(std::memory_order_relaxed) == JobState::Open &&
           next.load(std::memory_order_relaxed) < count.load(std::memory_order_relaxed);
  }
};

}  // namespace

struct ThreadPool::State {
  std::array<Job, kMaxJobs> jobs;
  std::atomic<std::uint32_t> epoch{0};  // raised for every new job
  std::atomic<bool> stop{false};
  std::vector<std::thread> workers;

  void visit(Job& job) noexcept {
    job.visitors.fetch_add(1);
    if (job.state.load() == JobState::Open) {
      job.work();
    }
    if (job.visitors.fetch_sub(1) == 1) {
      job.visitors.notify_all();
    }
  }

  bool visit_any() noexcept {
    bool worked = false;
    for (Job& job : jobs) {
      if (job.has_work()) {
        visit(job);
        worked = true;
      }
    }
    return worked;
  }

  void run_worker() noexcept {
    t_inside_task = true;
    int idle = 0;
    while (!stop.load(std::memory_order_relaxed)) {
      const std::uint32_t seen = epoch.load();
      if (visit_any()) {
        idle = 0;
      } else if (++idle < kSpins) {
        pause_briefly();
      } else {
        idle = 0;
        epoch.wait(seen);
      }
    }
  }

  Job* take_job() noexcept {
    for (Job& job : jobs) {
      JobState expected = JobState::Free;
      if (job.state.compare_exchange_strong(expected, JobState::Taken)) {
        return &job;
      }
    }
    return nullptr;
  }
};

ThreadPool::ThreadPool(int num_threads) : state_(std::make_unique<State>()) {
  MTMI_ASSERT(num_threads >= 1);
  for (int i = 1; i < num_threads; ++i) {
    state_->workers.emplace_back([state = state_.get()] { state->run_worker(); });
  }
}

ThreadPool::~ThreadPool() {
  state_->stop = true;
  ++state_->epoch;
  state_->epoch.notify_all();
  for (std::thread& worker : state_->workers) {
    worker.join();
  }
}

int ThreadPool::num_threads() const noexcept {
  return static_cast<int>(state_->workers.size()) + 1;
}

void ThreadPool::parallel_for(std::int64_t count, FunctionRef<void(std::int64_t)> task) noexcept {
  const bool alone = count <= 1 || t_inside_task || state_->workers.empty();
  Job* job = alone ? nullptr : state_->take_job();
  if (job == nullptr) {
    for (std::int64_t i = 0; i < count; ++i) {
      task(i);
    }
    return;
  }
  job->task = task;
  job->count = count;
  job->next.store(0);
  job->state.store(JobState::Open);
  ++state_->epoch;
  state_->epoch.notify_all();

  t_inside_task = true;
  job->work();
  t_inside_task = false;

  job->state.store(JobState::Closed);
  for (int spins = 0; job->visitors.load() != 0; ++spins) {
    if (spins < kSpins) {
      pause_briefly();
    } else {
      const int present = job->visitors.load();
      if (present != 0) {
        job->visitors.wait(present);
      }
    }
  }
  job->state.store(JobState::Free);
}

namespace {

std::atomic<int> g_num_threads{0};

}  // namespace

ThreadPool& thread_pool() {
  static ThreadPool pool(g_num_threads > 0 ? g_num_threads.load() : available_processors());
  return pool;
}

void set_num_threads(int num_threads) noexcept {
  g_num_threads = num_threads;
}

int available_processors() noexcept {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) == 0) {
    return std::max(1, CPU_COUNT(&set));
  }
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

}  // namespace mtmi
