// Places what is made and used up within one run into one arena.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace mtmi::host {

/// A piece of memory that must live through the steps [first, last].
struct Lifetime {
  std::string name;  ///< for print() only
  int first = 0;
  int last = 0;
  std::uint64_t size = 0;  ///< [bytes]
};

/// Offsets into one arena, so that pieces whose lifetimes meet do not overlap.
struct MemoryPlan {
  std::vector<std::uint64_t> offsets;  ///< one per lifetime, multiples of kAlignment [bytes]
  std::uint64_t arena_bytes = 0;
};

inline constexpr std::uint64_t kAlignment = 64;

/// The largest pieces first, each at the lowest free offset. Depends on its argument only.
[[nodiscard]] MemoryPlan plan_memory(std::span<const Lifetime> lifetimes);

/// The most bytes alive at one step: no plan can do with less.
[[nodiscard]] std::uint64_t peak_bytes(std::span<const Lifetime> lifetimes);

/// A map of the arena, one line per piece in the order of the steps:
/// "[  0..  2]  @0        1.0 MiB  conv1".
[[nodiscard]] std::string print(std::span<const Lifetime> lifetimes, const MemoryPlan& plan);

}  // namespace mtmi::host
