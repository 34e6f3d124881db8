// A network that hands over what it computes.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/device/layout.h"
#include "mtmi/graph/graph.h"
#include "mtmi/quant/calibrator.h"
#include "mtmi/runtime/session.h"

namespace mtmi::calibration {

/// A graph in float32 on a device, whose tensors (quant::counted_tensors()) all exist: nothing is
/// fused over one of them. Its outputs are computed for the observer alone. Thread-compatible.
class ObservedModel {
 public:
  /// Compiles the graph. Throws what Session does.
  ObservedModel(const Backend& backend, const Graph& graph);

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept { return session_.inputs(); }

  /// What is handed over, inputs first.
  [[nodiscard]] const std::vector<std::string>& tensors() const noexcept { return tensors_; }

  /// Of all that decides what the tensors hold but the inputs: the graph, the instruction set, the
  /// version of mtmi.
  [[nodiscard]] const std::string& digest() const noexcept { return digest_; }

  /// Runs once and hands every tensor over, elements in any order. Throws what Session::run() and
  /// `observe` throw.
  void run(const TensorMap& inputs, const quant::TensorObserver& observe);

 private:
  std::vector<std::string> tensors_;
  std::string digest_;
  Session session_;
};

}  // namespace mtmi::calibration
