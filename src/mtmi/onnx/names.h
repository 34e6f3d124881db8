// What names in a file may look like. Private to onnx/.
#pragma once

#include <string>

namespace mtmi::onnx {

/// Names stand in messages and in file names: control characters would let a file write to the
/// user's terminal. `what` is called in the message: "an initializer".
/// Throws Error(InvalidModel) if `name` has one.
void require_printable(const std::string& name, const char* what);

}  // namespace mtmi::onnx
