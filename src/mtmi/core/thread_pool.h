// The one pool that owns all compute threads.
#pragma once

#include <cstdint>
#include <memory>
#include <type_traits>

namespace mtmi {

template <class T, class U>
concept OtherThan = !std::is_same_v<std::remove_cvref_t<T>, U>;

/// A view of a callable; the callable must outlive the call it is passed to. Never allocates.
template <class Signature>
class FunctionRef;

template <class R, class... Args>
class FunctionRef<R(Args...)> {
 public:
  /// Implicit, as this is a parameter type.
  template <OtherThan<FunctionRef> F>
  // NOLINTNEXTLINE(google-explicit-constructor,bugprone-forwarding-reference-overload)
  FunctionRef(F&& f) noexcept
      : object_(const_cast<void*>(static_cast<const void*>(&f))),
        call_([](void* object, Args... args) -> R {
          return (*static_cast<std::remove_reference_t<F>*>(object))(args...);
        }) {}

  R operator()(Args... args) const { return call_(object_, args...); }

 private:
  void* object_;
  R (*call_)(void*, Args...);
};

/// A fixed set of threads that help whoever calls parallel_for().
///
/// Thread-safe: several callers at a time share the threads. Steady state: no allocation, no lock.
class ThreadPool {
 public:
  /// `num_threads` in all, the caller of parallel_for() counted. Pre: >= 1.
  explicit ThreadPool(int num_threads);
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;
  ~ThreadPool();

  [[nodiscard]] int num_threads() const noexcept;

  /// Calls task(i) once for every i in [0, count), on any thread, in any order; returns when all
  /// are done. So that results do not depend on the number of threads, `count` must not, and tasks
  /// must not combine their results in an order that depends on who ran first. `task` must not
  /// throw. A call from inside a task runs on the calling thread alone.
  void parallel_for(std::int64_t count, FunctionRef<void(std::int64_t)> task) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The pool of the process. Made at the first call with set_num_threads() threads, by default one
/// per processor that this process may run on.
[[nodiscard]] ThreadPool& thread_pool();

/// Takes effect if called before the first thread_pool(). Pre: num_threads >= 1.
void set_num_threads(int num_threads) noexcept;

/// Processors that this process may run on.
[[nodiscard]] int available_processors() noexcept;

}  // namespace mtmi
