// Host tensors to and from the formats that executables read and write.
#pragma once

#include <cstddef>
#include <span>

#include "mtmi/device/layout.h"
#include "mtmi/tensor.h"

namespace mtmi {

/// Writes `tensor` (row-major) into `dst` as `desc` says; padding becomes zero.
///
/// The tensor has desc.dtype, or is Float32 and is converted: to Float16 or BFloat16 half to even,
/// to Int8 as clamp(round_half_to_even(x / scale), -128, 127). Pre: dst.size() >=
/// size_bytes_of(desc). Throws Error(InvalidArgument) "input 'x': got ..., expected
/// ..." for another shape or a type that is not converted.
void write_format(const Tensor& tensor, const TensorDesc& desc, std::span<std::byte> dst);

/// The tensor that `src` holds as `desc` says, row-major, in desc.dtype.
/// Pre: src.size() >= size_bytes_of(desc).
[[nodiscard]] Tensor read_format(std::span<const std::byte> src, const TensorDesc& desc);
/// The same into a tensor that is there; allocates nothing. Pre: `dst` has the type and shape of
/// `desc`.
void read_format(std::span<const std::byte> src, const TensorDesc& desc, Tensor& dst);

/// scale * q as Float32 of a quantised tensor; halves as Float32; anything else as it is.
[[nodiscard]] Tensor to_real(const Tensor& tensor, float scale);

}  // namespace mtmi
