// From heads in float32 to heads whose weights and scales are ready for INT8.
#pragma once

#include <string>
#include <vector>

#include "mtmi/core/progress.h"
#include "mtmi/deploy/observe.h"
#include "mtmi/deploy/options.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/samples.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/registry.h"

namespace mtmi::deploy {

/// What prepare_int8_heads() works with; all outlive the call.
struct Int8Inputs {
  StepStore& store;
  const Registry& registry;
  const DeployOptions& options;
  ObserveInputs images;
  const Outline& outline;
  Samples& samples;  ///< what alignments are tried on
  const ProgressFunction& progress;
};

/// Each INT8 head among `parts` is equalised if options say so, calibrated over the images, and
/// corrected if options say so (calibration/tuner.h): gets its scales, and another model where its
/// weights changed. Returns what there is to note of it.
/// Throws what observe_heads(), calibrate_head() and calibration::Tuner throw.
/// Pre: the encoder stands first; the parts are rewritten.
[[nodiscard]] std::vector<std::string> prepare_int8_heads(const Int8Inputs& inputs,
                                                          std::vector<Part>& parts);

}  // namespace mtmi::deploy
