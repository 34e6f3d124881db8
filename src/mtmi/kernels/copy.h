// Moving elements of any type: they are told apart by their size alone.
//
// Kernels take views and write to views. They do not allocate, throw, log, lock, or keep state.
#pragma once

#include <cstddef>

#include "mtmi/kernels/strided_loop.h"

namespace mtmi::kernels {

/// Copies along `loop` from `src` (tensor 1) to `dst` (tensor 0), both at their first element.
///
/// Pre: `loop` is collapsed(); element_size is 1, 2, 4 or 8 [bytes]; tensors do not overlap.
void copy(const StridedLoop<2>& loop,
          std::size_t element_size,
          std::byte* dst,
          const std::byte* src) noexcept;

}  // namespace mtmi::kernels
