// The lowered graph while it is made. Private to lower/.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "mtmi/backends/common_int8/operators.h"
#include "mtmi/device/layout.h"
#include "mtmi/dla/int8_arithmetic.h"
#include "mtmi/dla/layer_constants.h"
#include "mtmi/dla/precision_plan.h"
#include "mtmi/graph/graph.h"

namespace mtmi::int8 {

/// Holds the lowered graph, and which of its values stands for which of the source's.
class Builder {
 public:
  /// `source` and `plan` must outlive it.
  Builder(const Graph& source, const dla::PrecisionPlan& plan, dla::Rounding rounding);

  [[nodiscard]] const Graph& source() const { return source_; }

  [[nodiscard]] const dla::PrecisionPlan& plan() const { return plan_; }

  [[nodiscard]] dla::Rounding rounding() const { return rounding_; }

  /// The graph so far.
  [[nodiscard]] Graph& graph() { return graph_; }

  [[nodiscard]] MapShape shape_of(ValueId source) const {
    return map_shape(*source_.value(source).shape);
  }

  /// Nothing for what is FP16.
  [[nodiscard]] std::optional<float> scale_of(ValueId source) const {
    return plan_.is_int8(source) ? std::optional(plan_.scale(source)) : std::nullopt;
  }

  // --- what stands for a value of the source ----------------------------------------------------

  /// `lowered` is a map: INT8 or halves, as the plan says of `source`.
  void define(ValueId source, ValueId lowered) { maps_.insert_or_assign(source, lowered); }

  /// Pre: defined, and INT8.
  [[nodiscard]] ValueId int8_map(ValueId source) const;
  /// The value as halves, converted where it is INT8.
  [[nodiscard]] ValueId half_map(ValueId source);
  /// The same as float32 in the shape that the source has.
  [[nodiscard]] ValueId floats(ValueId source);
  /// Defines `source` by float32 numbers: rounded to halves, and quantised where it is INT8.
  void define_from_floats(ValueId source, ValueId floats);
  /// Defines `source` by a map of halves, quantised where it is INT8.
  void define_from_halves(ValueId source, ValueId halves);

  // --- nodes ------------------------------------------------------------------------------------

  /// The one output of a new node.
  ValueId emit(std::string op,
               std::vector<ValueId> inputs,
               const std::string& name,
               TensorType type,
               Attributes attributes);
  /// emit() of what stands for `source`: INT8 or halves as the plan says; defines it. Adds `even`.
  void emit_result(ValueId source,
                   std::string op,
                   std::vector<ValueId> inputs,
                   Attributes attributes);
  ValueId emit_convert(ValueId x,
                       const std::string& name,
                       const MapShape& shape,
                       std::int64_t from,
                       std::int64_t to,
                       TensorType type,
                       float scale,
                       bool even);
  /// float32 within what halves hold.
  ValueId emit_clamp(ValueId floats, const std::string& name);

  ValueId add_constant(const std::string& name, Tensor tensor);
  ValueId add_floats(const std::string& name, std::span<const float> values);

 private:
  const Graph& source_;
  const dla::PrecisionPlan& plan_;
  dla::Rounding rounding_;
  Graph graph_;
  std::unordered_map<ValueId, ValueId> maps_;
  std::unordered_map<ValueId, ValueId> halves_;  // of INT8 maps that were converted
  std::unordered_map<ValueId, ValueId> floats_;
};

/// How a layer's integers leave it, read from its last node.
struct Exit {
  std::vector<float> slopes;  ///< of negative numbers: none, one, or as broadcast_constant() gives
  std::optional<float> least;
  std::optional<float> most;
};

/// The layer being lowered.
struct LayerAt {
  const dla::FusedLayer& layer;
  const Graph& graph;

  [[nodiscard]] NodeId id() const { return layer.nodes.front(); }

  [[nodiscard]] const Node& node() const { return graph.node(id()); }

  [[nodiscard]] ValueId output() const { return layer.outputs.front(); }

  [[nodiscard]] bool has_input(std::size_t index) const {
    return index < node().inputs.size() && node().inputs[index] != kNoValue;
  }

  [[nodiscard]] const Tensor* constant(std::size_t index) const;
  [[nodiscard]] std::optional<NodeId> batch_normalization() const;
  [[nodiscard]] Exit exit() const;
};

/// A sum, product or quotient with a constant, or a BatchNormalization, as y = factor x + shift:
/// one entry, one per channel, or one per element of [c, h, w].
[[nodiscard]] dla::Affine scaling_of(const LayerAt& at);

/// Multipliers from the real values `steps` of one integer (numerators, over `denominator`) to
/// the layer's result, one per entry; and those of negative numbers where `exit` has slopes.
struct Multipliers {
  std::vector<float> positive;
  std::vector<float> negative;  ///< empty: the same
};

/// step / (denominator * scale) in float64, rounded once; a slope is multiplied to the step.
/// `scale` is nothing for a result in FP16. Slopes and steps: one, or equally many.
[[nodiscard]] Multipliers multipliers(std::span<const double> steps,
                                      double denominator,
                                      std::optional<float> scale,
                                      std::span<const float> slopes);

/// Attributes `lo` and `hi`: where `exit` ends an INT8 result.
void add_bounds(Attributes& attributes, const Exit& exit, float scale, dla::Rounding rounding);

/// Adds int8.ClampHalf behind a result in FP16 where `exit` has bounds. Pre: defined.
void clamp_half_result(Builder& builder, ValueId source, const Exit& exit);

// --- the layers, by their first operator; one function each family -------------------------------

void lower_product(Builder& builder, const LayerAt& at);
void lower_scaling(Builder& builder, const LayerAt& at);
void lower_operands(Builder& builder, const LayerAt& at);
void lower_unary(Builder& builder, const LayerAt& at);
void lower_pooling(Builder& builder, const LayerAt& at);
void lower_resize(Builder& builder, const LayerAt& at);
void lower_concat(Builder& builder, const LayerAt& at);
void lower_movement(Builder& builder, const LayerAt& at);
/// GlobalMaxPool, ReduceMax.
void lower_maximum(Builder& builder, const LayerAt& at);
/// A layer in FP16 that has kernels of its own: convolutions of one group, whole linear resizes,
/// joins and element-wise layers of maps of one shape. false, and nothing done, for others.
[[nodiscard]] bool lower_by_half_kernels(Builder& builder, const LayerAt& at);
/// Any layer in FP16.
void lower_half_layer(Builder& builder, const LayerAt& at);

/// Rescales an INT8 map: rq(q, from / to); the map itself where they are the same.
[[nodiscard]] ValueId rescaled(
    Builder& builder, ValueId map, const MapShape& shape, float from, float to);

}  // namespace mtmi::int8
