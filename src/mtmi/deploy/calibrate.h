// The second half of calibration: from what was counted to the scales of a head.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/calibration/tuner.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/samples.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/registry.h"
#include "mtmi/quant/scale_table.h"

namespace mtmi::deploy {

/// What calibrate_head() needs besides the head.
struct CalibrateInputs {
  const Registry* registry = nullptr;
  bundle::HashedFile observations;  ///< of observe_heads()
  const Part* encoder = nullptr;
  Samples* samples = nullptr;  ///< what alignments are tried on
  std::vector<std::string> sample_hashes;
  std::vector<std::string> half_values;  ///< of the head: stay in FP16
  calibration::Corrections corrections;  ///< made when scales are known
  calibration::Tuner* tuner = nullptr;   ///< makes them
};

struct CalibratedHead {
  std::map<std::string, float> scales;              ///< what is built with, by value name
  std::map<std::string, bundle::HashedFile> files;  ///< "cache", "json", "qdq"
  /// The head that was corrected, to which the scales belong; nothing: the head as it was.
  std::optional<bundle::HashedFile> model;
  std::vector<std::string> notes;  ///< warnings, what alignment changed and what that costs
};

/// Chooses the head's ranges by its target's method, gives one scale to tensors that a DLA wants to
/// share one, and writes them in every form in which they are exchanged. Sharing that a DLA would
/// only like (a Resize keeps its scale) is tried on the samples, on the head's own device: what is
/// nearer to float32 is kept, unless the device's cost model says that it is slower.
/// Throws what find_scales() and compiling throw.
[[nodiscard]] CalibratedHead calibrate_head(StepStore& store,
                                            const Part& head,
                                            const CalibrateInputs& inputs);

}  // namespace mtmi::deploy
