// What a network is worth in every variant, and whether the gate lets it pass: eval in one call.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "mtmi/core/progress.h"
#include "mtmi/device/registry.h"
#include "mtmi/eval/comparison.h"
#include "mtmi/eval/variant_spec.h"
#include "mtmi/eval/verdict.h"
#include "mtmi/passes/specialize.h"

namespace mtmi::eval {

/// What is judged, and on what.
struct JudgeOptions {
  std::filesystem::path path;    ///< ONNX file or bundle
  std::filesystem::path scenes;  ///< folder
  std::size_t count = 0;         ///< the first of them; 0: all
  passes::InputShapes shapes;    ///< of dynamic inputs (default: as the scenes)
  /// Beside float32, and beside a bundle as it was built.
  std::vector<VariantSpec> variants;
  /// In place of `variants` all_variants(), as far as this build has devices for them and these
  /// accept the heads; a warning says which are left out.
  bool all = false;
  std::vector<std::filesystem::path> images;  ///< that INT8 is calibrated on: files or folders
  /// On which error budgets are measured; 0: only where the gate says no.
  std::size_t budget_scenes = 0;
  GateLimits limits;
  std::filesystem::path pictures;  ///< folder for the worst scenes; empty: none
};

/// Builds all variants, so that what cannot be built is said before anything is measured; measures
/// them on the scenes, compares them with float32, looks for the guilty, and draws pictures.
///
/// The gate is for the bundle; without one for the variants that were asked for, or of all for the
/// one that deploy builds.
///
/// Throws Error(InvalidArgument) where images to calibrate on are missing; and what reading the
/// network and the scenes, compiling and running throw; Error(Interrupted).
[[nodiscard]] Verdict judge(const JudgeOptions& options,
                            const Registry& registry,
                            const ProgressFunction& progress);

}  // namespace mtmi::eval
