// What the layers of an INT8 head read, computed one layer after the other.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"
#include "mtmi/quant/layer_correction.h"

namespace mtmi::calibration {

/// Runs a head in INT8 while its layers are corrected one by one: of each, what it reads is
/// computed from what is kept of layers before it, so that nothing in front of those runs again.
/// What no later layer needs is given up. Thread-compatible.
class LayerRuns {
 public:
  /// Everything but `head` must outlive the runs. Pre: layers as find_correctable_layers() gives
  /// them for `scales`; samples hold the inputs of the head.
  LayerRuns(const Backend& cpu,
            const Graph& head,
            const std::vector<quant::CorrectableLayer>& layers,
            const std::map<std::string, float>& scales,
            std::span<const TensorMap> samples);

  /// What layer `k` reads: by sample, s8 of its input's shape, row-major. Valid until the next
  /// call. `head` as it is now: with other constants at most in layers before k. Throws
  /// Error(OutOfMemory), Error(Interrupted), and what Session throws. Pre: called for 0, 1, ...,
  /// layers.size() - 1 in turn.
  [[nodiscard]] const std::vector<Tensor>& inputs_of(const Graph& head, std::size_t k);

 private:
  [[nodiscard]] std::vector<Tensor> convert(const Graph& head, std::size_t k) const;
  [[nodiscard]] std::vector<Tensor> compute(const Graph& head, std::size_t k);

  const Backend& cpu_;
  const std::vector<quant::CorrectableLayer>& layers_;
  const std::map<std::string, float>& scales_;
  std::span<const TensorMap> samples_;
  std::vector<std::vector<ValueId>> sources_;    // by layer: what its input is computed from
  std::map<ValueId, std::size_t> last_use_;      // the last layer that needs what is kept
  std::map<ValueId, std::vector<Tensor>> kept_;  // by sample
};

}  // namespace mtmi::calibration
