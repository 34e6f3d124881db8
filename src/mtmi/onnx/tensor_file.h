// Files of one tensor: how the ONNX project keeps the inputs and outputs of its test cases.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "mtmi/tensor.h"

namespace mtmi::onnx {

/// The tensor in the bytes of one TensorProto.
/// Throws Error(InvalidModel | Unsupported | OutOfMemory).
[[nodiscard]] Tensor parse_tensor(std::span<const std::byte> bytes);

/// parse_tensor() of a file. Errors name the file. Throws Error(Io), too.
[[nodiscard]] Tensor read_tensor(const std::filesystem::path& path);

}  // namespace mtmi::onnx
