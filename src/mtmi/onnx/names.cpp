#include "mtmi/onnx/names.h"

#include <algorithm>

#include "mtmi/error.h"

namespace mtmi::onnx {

void require_printable(const std::string& name, const char* what) {
  const auto control = std::find_if(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control != name.end()) {
    throw Error(ErrorCode::InvalidModel,
                "onnx::require_printable",
                "the name of " + std::string(what) + " has the control character " +
                    std::to_string(static_cast<unsigned char>(*control)));
  }
}

}  // namespace mtmi::onnx
