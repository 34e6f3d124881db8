#include "mtmi/onnx/proto.h"

#include <array>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/error.h"

namespace mtmi::onnx {
namespace {

constexpr std::array kTypes{
    std::pair{pb::TensorProto::FLOAT, DType::Float32},
    std::pair{pb::TensorProto::FLOAT16, DType::Float16},
    std::pair{pb::TensorProto::BFLOAT16, DType::BFloat16},
    std::pair{pb::TensorProto::DOUBLE, DType::Float64},
    std::pair{pb::TensorProto::INT8, DType::Int8},
    std::pair{pb::TensorProto::UINT8, DType::UInt8},
    std::pair{pb::TensorProto::INT32, DType::Int32},
    std::pair{pb::TensorProto::INT64, DType::Int64},
    std::pair{pb::TensorProto::BOOL, DType::Bool},
};

/// Also of types that are younger than the messages that this was built with.
std::string data_type_name(std::int32_t data_type) {
  constexpr std::array kNames{
      "UNDEFINED",      "FLOAT",    "UINT8",        "INT8",           "UINT16",
      "INT16",          "INT32",    "INT64",        "STRING",         "BOOL",
      "FLOAT16",        "DOUBLE",   "UINT32",       "UINT64",         "COMPLEX64",
      "COMPLEX128",     "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2",
      "FLOAT8E5M2FNUZ", "UINT4",    "INT4",         "FLOAT4E2M1",     "FLOAT8E8M0"};
  const auto index = static_cast<std::size_t>(data_type);
  return data_type >= 0 && index < kNames.size() ? kNames[index]
                                                 : "number " + std::to_string(data_type);
}

}  // namespace

std::optional<DType> parse_data_type(std::int32_t data_type) noexcept {
  for (const auto& [theirs, ours] : kTypes) {
    if (theirs == data_type) {
      return ours;
    }
  }
  return std::nullopt;
}

DType require_data_type(std::int32_t data_type) {
  const auto dtype = parse_data_type(data_type);
  if (!dtype) {
    throw Error(ErrorCode::Unsupported,
                "onnx::require_data_type",
                "got element type " + data_type_name(data_type) +
                    ", expected one of FLOAT FLOAT16 BFLOAT16 DOUBLE INT8 UINT8 INT32 INT64 BOOL");
  }
  return *dtype;
}

pb::TensorProto::DataType to_data_type(DType dtype) noexcept {
  for (const auto& [theirs, ours] : kTypes) {
    if (ours == dtype) {
      return theirs;
    }
  }
  MTMI_ASSERT(false);
}

}  // namespace mtmi::onnx
