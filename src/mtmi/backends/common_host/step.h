// One step of an executable: a node of the lowered graph, ready to run.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "mtmi/core/thread_pool.h"
#include "mtmi/graph/graph.h"

namespace mtmi::host {

/// Working memory for the threads of one executable: as many slots as threads may work at a time.
/// Thread-safe, never blocks.
class ScratchSlots {
 public:
  /// Pre: num_slots <= 64. `memory` holds num_slots * slot_bytes and is aligned to 64 bytes.
  ScratchSlots(std::byte* memory, std::size_t slot_bytes, int num_slots) noexcept;

  /// A slot taken while the object lives.
  class Lease {
   public:
    explicit Lease(ScratchSlots& slots) noexcept : slots_(slots), index_(slots.take()) {}

    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ~Lease() { slots_.give_back(index_); }

    [[nodiscard]] std::byte* data() const noexcept {
      return slots_.memory_ + static_cast<std::size_t>(index_) * slots_.slot_bytes_;
    }

   private:
    ScratchSlots& slots_;
    int index_;
  };

 private:
  [[nodiscard]] int take() noexcept;
  void give_back(int index) noexcept;

  std::byte* memory_;
  std::size_t slot_bytes_;
  int num_slots_;
  std::atomic<std::uint64_t> taken_{0};
};

/// What a step works on: where each value lies for this run.
class Frame {
 public:
  Frame(std::span<std::byte* const> data,
        ThreadPool& pool,
        ScratchSlots& scratch,
        std::byte* shared)
      : data_(data), pool_(pool), scratch_(scratch), shared_(shared) {}

  [[nodiscard]] std::byte* bytes(ValueId id) const noexcept {
    return data_[static_cast<std::size_t>(id)];
  }

  template <class T>
  [[nodiscard]] T* data(ValueId id) const noexcept {
    return reinterpret_cast<T*>(bytes(id));
  }

  /// nullptr where the node leaves the value out.
  template <class T>
  [[nodiscard]] T* optional(ValueId id) const noexcept {
    return id == kNoValue ? nullptr : data<T>(id);
  }

  /// Step::shared_bytes() that all threads see; what is in it before is not known.
  template <class T>
  [[nodiscard]] T* shared() const noexcept {
    return reinterpret_cast<T*>(shared_);
  }

  /// task(i, scratch) for every i in [0, count); `scratch` is the thread's own
  /// Step::scratch_bytes(). How the work is cut must not depend on the number of threads.
  template <class Task>
  void parallel(std::int64_t count, const Task& task) const noexcept {
    pool_.parallel_for(count, [this, &task](std::int64_t i) {
      const ScratchSlots::Lease lease(scratch_);
      task(i, lease.data());
    });
  }

 private:
  std::span<std::byte* const> data_;
  ThreadPool& pool_;
  ScratchSlots& scratch_;
  std::byte* shared_;
};

/// Immutable after it is made.
class Step {
 public:
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  /// What each thread needs while it works on this step [bytes].
  [[nodiscard]] virtual std::size_t scratch_bytes() const noexcept { return 0; }

  /// What all threads share while they work on this step [bytes].
  [[nodiscard]] virtual std::size_t shared_bytes() const noexcept { return 0; }

  /// Reads and writes the node's values. Allocates nothing, unless it is a fallback.
  virtual void run(const Frame& frame) const = 0;
};

}  // namespace mtmi::host
