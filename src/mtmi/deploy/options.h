// What deploy is asked for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/passes/specialize.h"
#include "mtmi/plan/target.h"

namespace mtmi::deploy {

struct DeployOptions {
  std::filesystem::path model;   ///< ONNX; its card, MODEL.toml, stands beside it or is guessed
  std::filesystem::path folder;  ///< of the bundle
  /// What the parts are calibrated and verified on; empty: verified on seeded random tensors.
  std::vector<std::filesystem::path> images;
  passes::InputShapes input_shapes;  ///< of dynamic inputs
  Target target;
  std::vector<std::string> cut;  ///< as split::SplitOptions
  /// Reads all inputs again, however unchanged they look.
  bool rehash = false;
};

}  // namespace mtmi::deploy
