// Tensors by name: what goes into a model and what comes out of it.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "mtmi/tensor.h"

namespace mtmi {

/// Tensors by the name of the value that they belong to.
using TensorMap = std::map<std::string, Tensor, std::less<>>;

}  // namespace mtmi
