#include "mtmi/backends/common_host/step.h"

#include "mtmi/core/assert.h"

namespace mtmi::host {

ScratchSlots::ScratchSlots(std::byte* memory, std::size_t slot_bytes, int num_slots) noexcept
    : memory_(memory), slot_bytes_(slot_bytes), num_slots_(num_slots) {
  MTMI_ASSERT(num_slots >= 1 && num_slots <= 64);
}

int ScratchSlots::take() noexcept {
  std::uint64_t taken = taken_.load(std::memory_order_relaxed);
  for (;;) {
    const int index = std::countr_one(taken);
    MTMI_ASSERT(index < num_slots_);
    if (taken_.compare_exchange_weak(
            taken, taken | (std::uint64_t{1} << index), std::memory_order_acquire)) {
      return index;
    }
  }
}

void ScratchSlots::give_back(int index) noexcept {
  taken_.fetch_and(~(std::uint64_t{1} << index), std::memory_order_release);
}

}  // namespace mtmi::host
