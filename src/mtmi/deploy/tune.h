// What is done to the weights of INT8 heads: before ranges are taken, and when they are known.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mtmi/calibration/correct.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/deploy/observe.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/device/registry.h"
#include "mtmi/graph/graph.h"

namespace mtmi::deploy {

/// A few of the images, through the encoder when they are first asked for. Its arguments outlive
/// it. Thread-compatible.
class Tuning {
 public:
  Tuning(StepStore& store,
         const Registry& registry,
         const ObserveInputs& inputs,
         const Part& encoder)
      : store_(store), registry_(registry), inputs_(inputs), encoder_(encoder) {}

  /// The head with its channels equalised, as an ONNX file. Throws what
  /// calibration::take_tuning_samples() and calibration::equalized() throw.
  [[nodiscard]] bundle::HashedFile equalize(const Part& head);

  /// calibration::corrected(). Throws what that and calibration::take_tuning_samples() throw.
  [[nodiscard]] Graph correct(Graph head,
                              const std::map<std::string, float>& scales,
                              const calibration::Corrections& corrections);

 private:
  [[nodiscard]] std::span<const TensorMap> samples();

  StepStore& store_;
  const Registry& registry_;
  const ObserveInputs& inputs_;
  const Part& encoder_;
  std::vector<TensorMap> samples_;
};

/// The graph as parts/NAME-HASH.onnx, a file of kind "model".
void add_model(StepWriter& writer, const std::string& name, const Graph& graph);

}  // namespace mtmi::deploy
