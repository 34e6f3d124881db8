// From an ONNX file to a verified bundle, in one go.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/bundle/model_card.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/device/registry.h"
#include "mtmi/plan/target.h"

namespace mtmi {

struct DeployOptions {
  std::filesystem::path model;   ///< ONNX
  std::filesystem::path folder;  ///< of the bundle
  Graph graph;                   ///< of the model, every shape known
  bundle::ModelCard card;
  Target target;
  std::vector<std::string> cut;  ///< as split::SplitOptions
  /// What the parts are verified on, one map per run; empty: one of seeded random tensors.
  std::vector<TensorMap> samples;
};

/// Told what is being done, before it is.
using DeployProgress = FunctionRef<void(std::string_view step)>;

/// Simplifies, splits, rewrites every part for its device and builds it, runs the built parts
/// against the original network, and writes the bundle: files named by the hash of their content,
/// then the manifest. A network of one output becomes one part. Files of an older bundle in the
/// folder that are not used any more are removed at the end.
///
/// Throws Error(InvalidArgument) if the target names heads that the network has not;
/// Error(Unsupported) where a device refuses a part; Error(InvalidModel) if an output of the built
/// parts is further from the original than 1e-3 of its range (labels: less than 99.99 % equal);
/// Error(Interrupted); Error(Io).
[[nodiscard]] bundle::Manifest deploy(const DeployOptions& options,
                                      const Registry& registry,
                                      DeployProgress progress);

}  // namespace mtmi
