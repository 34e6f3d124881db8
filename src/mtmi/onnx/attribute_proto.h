// AttributeProto to and from Attribute. Private to onnx/.
#pragma once

#include "mtmi/graph/attributes.h"
#include "mtmi/onnx/external_data.h"
#include "mtmi/onnx/proto.h"

namespace mtmi::onnx {

/// The attributes of a node. Throws Error(Unsupported) on subgraphs, sparse tensors and references
/// to attributes of a function, Error(InvalidModel) on an attribute that is given twice or is
/// empty.
[[nodiscard]] Attributes take_attributes(pb::NodeProto& node, ExternalFiles& files);

/// Adds `attributes` to `node`, sorted by name.
void write_attributes(const Attributes& attributes, pb::NodeProto& node);

}  // namespace mtmi::onnx
