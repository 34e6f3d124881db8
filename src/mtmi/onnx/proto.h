// The ONNX messages and their element types. Private to onnx/: nothing else sees protobuf.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <onnx/onnx_pb.h>

#include "mtmi/dtype.h"

namespace mtmi::onnx {

namespace pb = ::onnx;

/// The DType of a TensorProto.DataType; nothing if mtmi has not that type.
[[nodiscard]] std::optional<DType> parse_data_type(std::int32_t data_type) noexcept;

/// As above. Throws Error(Unsupported) "element type STRING is not supported".
[[nodiscard]] DType require_data_type(std::int32_t data_type);

[[nodiscard]] pb::TensorProto::DataType to_data_type(DType dtype) noexcept;

}  // namespace mtmi::onnx
