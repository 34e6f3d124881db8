// NumPy's `.npy` files: one dense tensor each.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "mtmi/tensor.h"

namespace mtmi {

/// The tensor in the bytes of an `.npy` file of format version 1, 2 or 3. An array in Fortran order
/// is brought to row-major order. Throws Error(InvalidModel) on a damaged file, Error(Unsupported)
/// on big-endian elements and on element types that mtmi has not, Error(OutOfMemory).
[[nodiscard]] Tensor parse_npy(std::span<const std::byte> bytes);

/// parse_npy() of a file. Errors name the file. Throws Error(Io), too.
[[nodiscard]] Tensor read_npy(const std::filesystem::path& path);

/// read_npy() without a copy where the elements lie in the file as a tensor holds them: the tensor
/// views the file. It must not be written to, and the file not be changed while it lives.
[[nodiscard]] Tensor map_npy(const std::filesystem::path& path);

/// What the header of an `.npy` file says of its tensor.
struct NpyInfo {
  DType dtype = DType::Float32;
  Shape shape;
  bool operator==(const NpyInfo&) const = default;
};

/// Reads no element, and does not check that they are there. Throws as read_npy().
[[nodiscard]] NpyInfo read_npy_info(const std::filesystem::path& path);

/// What stands in front of the elements of `tensor` in an `.npy` file (version 1, row-major, a
/// multiple of 64 bytes long). Throws Error(Unsupported) for BFloat16, which NumPy has not.
[[nodiscard]] std::string npy_header(const Tensor& tensor);

/// Writes header and elements, whole or not at all. Throws as above, and Error(Io).
void write_npy(const std::filesystem::path& path, const Tensor& tensor);

}  // namespace mtmi
