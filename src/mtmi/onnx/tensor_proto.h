// TensorProto to and from Tensor. Private to onnx/.
#pragma once

#include <string>

#include "mtmi/onnx/external_data.h"
#include "mtmi/onnx/proto.h"
#include "mtmi/tensor.h"

namespace mtmi::onnx {

/// The tensor of a message. Raw elements are taken out of `proto` and external ones mapped, neither
/// is copied (but for external ones at an unaligned offset).
/// Throws Error(InvalidModel | Unsupported | Io | OutOfMemory); the message does not name the
/// tensor.
[[nodiscard]] Tensor take_tensor(pb::TensorProto& proto, ExternalFiles& files);

/// Fills `proto` with name, type and shape of `tensor`, without its elements.
void write_type(const Tensor& tensor, const std::string& name, pb::TensorProto& proto);

/// As above, with the elements as raw data.
void write_tensor(const Tensor& tensor, const std::string& name, pb::TensorProto& proto);

}  // namespace mtmi::onnx
