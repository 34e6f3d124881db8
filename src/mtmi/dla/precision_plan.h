// Which layers run in INT8 and which in FP16, and what passes between them.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "mtmi/dla/convolution_buffer.h"
#include "mtmi/dla/fused_layers.h"
#include "mtmi/graph/graph.h"

namespace mtmi::dla {

/// Real value of one step of INT8, by value name [1].
using Scales = std::map<std::string, float>;

struct PlannedLayer {
  FusedLayer layer;
  Precision precision = Precision::Fp16;  ///< that it computes in: Int8 or Fp16
};

/// What TensorRT does with the scales it is given.
///
/// A layer that INT8 has arithmetic for runs in INT8 where all that it reads is INT8 and all that
/// it hands on has a scale, leaves as half (FusedLayer), or is an output of the graph that nobody
/// else reads: that one leaves as half too. Every other layer runs in FP16. What passes between
/// layers is INT8 where it has a scale and does not leave as half, else FP16.
class PrecisionPlan {
 public:
  /// `precision` Fp16: everything in FP16. Pre: graph.is_static(); scales are finite and > 0.
  PrecisionPlan(const Graph& graph, const Scales& scales, Precision precision = Precision::Int8);

  /// In an order in which they can be computed.
  [[nodiscard]] const std::vector<PlannedLayer>& layers() const noexcept { return layers_; }

  /// Whether a value that passes between layers is INT8; FP16 otherwise.
  [[nodiscard]] bool is_int8(ValueId id) const { return scales_.contains(id); }

  /// Pre: is_int8(id).
  [[nodiscard]] float scale(ValueId id) const { return scales_.at(id); }

 private:
  std::vector<PlannedLayer> layers_;
  std::unordered_map<ValueId, float> scales_;  // of what is INT8
};

/// Whether there is INT8 arithmetic for the layer that starts with `id`: its operator, with
/// constants and attributes such as the rules of a DLA allow. Sigmoid, Tanh, Softmax, Sin, Cos,
/// Pow and quotients of tensors are functions that a DLA computes in FP16.
[[nodiscard]] bool has_int8_arithmetic(const Graph& graph, NodeId id);

}  // namespace mtmi::dla
