#include "mtmi/onnx/tensor_file.h"

#include <limits>

#include "mtmi/core/file.h"
#include "mtmi/error.h"
#include "mtmi/onnx/tensor_proto.h"

namespace mtmi::onnx {

Tensor parse_tensor(std::span<const std::byte> bytes) {
  pb::TensorProto proto;
  if (bytes.size() > std::numeric_limits<int>::max() ||
      !proto.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw Error(ErrorCode::InvalidModel, "onnx::read_tensor", "not a tensor of ONNX");
  }
  ExternalFiles files(std::nullopt);
  return take_tensor(proto, files);
}

Tensor read_tensor(const std::filesystem::path& path) {
  const MappedFile file(path);
  try {
    return parse_tensor(file.bytes());
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

}  // namespace mtmi::onnx
