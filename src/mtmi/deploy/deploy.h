// From an ONNX file to a verified bundle, in one go.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/core/progress.h"
#include "mtmi/deploy/options.h"
#include "mtmi/device/registry.h"

namespace mtmi::deploy {

/// What a deploy did.
struct Deployment {
  bundle::Manifest manifest;
  /// What keeps the parts from being a bundle, one sentence per output beyond its tolerance.
  /// Empty: the bundle is written.
  std::vector<std::string> refusals;
  /// What else the user should know: heads that run elsewhere, ranges that lose much, what sharing
  /// a range costs.
  std::vector<std::string> notes;
  /// Files that were not what they should be, and those that are not ours.
  std::vector<std::string> findings;
  std::map<std::string, double> measured_ms;  ///< by part, when it was verified, here [ms]
  int steps_made = 0;
  int steps_found = 0;  ///< that were done already
};

/// Simplifies, splits, rewrites every part for its device, calibrates INT8 heads on the images,
/// builds the parts, and compares them with the network as it came: parts in float32 must equal it
/// (kTolerance), of INT8 heads is told how far they agree. A network of one head, or whose
/// outputs share no trunk, becomes one part. Every step is kept in the folder as it is done
/// (StepStore), so that a deploy that was interrupted goes on where it was, and one with other
/// options repeats only what they change. manifest.json is written last; what only an older bundle
/// in the folder used is removed then.
///
/// The same inputs and options give the same bytes, however often it was interrupted; what the
/// folder `state` holds is not part of the bundle.
///
/// Throws Error(InvalidArgument) if the target names heads that the network has not;
/// Error(Unsupported) where a device refuses a part and the target names no fallback;
/// Error(Interrupted); Error(Io), also where another process deploys into the folder; and what
/// reading the model throws.
[[nodiscard]] Deployment deploy(const DeployOptions& options,
                                const Registry& registry,
                                const ProgressFunction& progress);

}  // namespace mtmi::deploy
