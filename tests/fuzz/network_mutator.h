// Small changes to an ONNX model that leave it a model and may make no sense.
#pragma once

#include <string>

#include <onnx/onnx_pb.h>

#include "mtmi/core/random.h"

namespace mtmi::fuzz {

/// Changes one to four things in `model`: an edge, an extent, an element type, an attribute, an
/// operator, an initializer's length or values, the order or number of nodes, an output, the opset.
/// The same state of `random` gives the same changes. Returns what was changed, for people.
std::string mutate(::onnx::ModelProto& model, Random& random);

}  // namespace mtmi::fuzz
