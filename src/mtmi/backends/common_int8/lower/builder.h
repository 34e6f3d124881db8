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
  /// Defines `source` by an INT8 map in steps of `scale`: brought to its own, or to halves.
  void define_from_map(ValueId source, ValueId map, float scale);
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
  /// An INT8 map in steps of `from` in steps of `to`: rq(q, from / to); the map itself where they
  /// are the same.
  ValueId emit_rescaled(ValueId map, const MapShape& shape, float from, float to);
  /// float32 within what halves hold.
  ValueId emit_clamp(ValueId floats, const std::string& name);

  ValueId add_constant(const std::string& name, Tensor tensor);
  ValueId add_floats(const std::string& name, std::span<const float> values);

 private:
  [[nodiscard]] ValueId emit_halves(ValueId source, ValueId map, float scale);

  const Graph& source_;
  const dla::PrecisionPlan& plan_;
  dla::Rounding rounding_;
  Graph graph_;
  std::unordered_map<ValueId, ValueId> maps_;
  std::unordered_map<ValueId, ValueId> halves_;  // of INT8 maps that were converted
  std::unordered_map<ValueId, ValueId> floats_;
};

}  // namespace mtmi::int8
