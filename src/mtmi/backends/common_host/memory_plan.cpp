#include "mtmi/backends/common_host/memory_plan.h"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

namespace mtmi::host {
namespace {

std::uint64_t aligned(std::uint64_t size) {
  return (std::max<std::uint64_t>(size, 1) + kAlignment - 1) / kAlignment * kAlignment;
}

bool meet(const Lifetime& a, const Lifetime& b) {
  return a.first <= b.last && b.first <= a.last;
}

/// The lowest offset where `size` bytes fit between `taken` ranges.
std::uint64_t lowest_gap(std::vector<std::pair<std::uint64_t, std::uint64_t>>& taken,
                         std::uint64_t size) {
  std::sort(taken.begin(), taken.end());
  std::uint64_t offset = 0;
  for (const auto& [begin, end] : taken) {
    if (begin >= offset + size) {
      break;
    }
    offset = std::max(offset, end);
  }
  return offset;
}

}  // namespace

MemoryPlan plan_memory(std::span<const Lifetime> lifetimes) {
  std::vector<std::size_t> by_size(lifetimes.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  std::stable_sort(by_size.begin(), by_size.end(), [&](std::size_t a, std::size_t b) {
    return lifetimes[a].size > lifetimes[b].size;
  });

  MemoryPlan plan;
  plan.offsets.resize(lifetimes.size());
  std::vector<std::size_t> placed;
  for (const std::size_t i : by_size) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> taken;
    for (const std::size_t other : placed) {
      if (meet(lifetimes[i], lifetimes[other])) {
        taken.emplace_back(plan.offsets[other],
                           plan.offsets[other] + aligned(lifetimes[other].size));
      }
    }
    const std::uint64_t size = aligned(lifetimes[i].size);
    plan.offsets[i] = lowest_gap(taken, size);
    plan.arena_bytes = std::max(plan.arena_bytes, plan.offsets[i] + size);
    placed.push_back(i);
  }
  return plan;
}

std::uint64_t peak_bytes(std::span<const Lifetime> lifetimes) {
  std::uint64_t peak = 0;
  for (const Lifetime& at : lifetimes) {
    std::uint64_t alive = 0;
    for (const Lifetime& other : lifetimes) {
      if (other.first <= at.first && at.first <= other.last) {
        alive += aligned(other.size);
      }
    }
    peak = std::max(peak, alive);
  }
  return peak;
}

std::string print(std::span<const Lifetime> lifetimes, const MemoryPlan& plan) {
  std::vector<std::size_t> by_step(lifetimes.size());
  std::iota(by_step.begin(), by_step.end(), std::size_t{0});
  std::stable_sort(by_step.begin(), by_step.end(), [&](std::size_t a, std::size_t b) {
    return lifetimes[a].first < lifetimes[b].first;
  });
  std::string text;
  constexpr double kMebi = 1024.0 * 1024.0;
  for (const std::size_t i : by_step) {
    const Lifetime& l = lifetimes[i];
    text += fmt::format("[{:3}..{:3}]  @{:<10} {:8.3f} MiB  {}\n",
                        l.first,
                        l.last,
                        plan.offsets[i],
                        static_cast<double>(l.size) / kMebi,
                        l.name);
  }
  text += fmt::format("arena {:.3f} MiB, most alive at once {:.3f} MiB\n",
                      static_cast<double>(plan.arena_bytes) / kMebi,
                      static_cast<double>(peak_bytes(lifetimes)) / kMebi);
  return text;
}

}  // namespace mtmi::host
