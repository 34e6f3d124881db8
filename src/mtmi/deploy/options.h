// What deploy is asked for.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/calibration/correct.h"
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
  std::vector<std::string> cut;          ///< as split::SplitOptions
  bool equalize = false;                 ///< channels of INT8 heads, before ranges are taken
  calibration::Corrections corrections;  ///< of the weights and biases of INT8 heads
  /// Reads all inputs again, however unchanged they look.
  bool rehash = false;
};

}  // namespace mtmi::deploy
