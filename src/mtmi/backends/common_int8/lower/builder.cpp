#include "mtmi/backends/common_int8/lower/builder.h"

#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/half.h"

namespace mtmi::int8 {

Builder::Builder(const Graph& source, const dla::PrecisionPlan& plan, dla::Rounding rounding)
    : source_(source), plan_(plan), rounding_(rounding) {
  graph_.name = source.name;
}

ValueId Builder::int8_map(ValueId source) const {
  MTMI_ASSERT(plan_.is_int8(source));
  return maps_.at(source);
}

ValueId Builder::half_map(ValueId source) {
  if (!plan_.is_int8(source)) {
    return maps_.at(source);
  }
  const auto known = halves_.find(source);
  if (known != halves_.end()) {
    return known->second;
  }
  const ValueId half = emit_halves(source, maps_.at(source), plan_.scale(source));
  halves_.emplace(source, half);
  return half;
}

ValueId Builder::floats(ValueId source) {
  const auto known = floats_.find(source);
  if (known != floats_.end()) {
    return known->second;
  }
  const ValueId result = emit_convert(half_map(source),
                                      source_.value(source).name + "/float",
                                      shape_of(source),
                                      kDense,
                                      kRowMajor,
                                      {DType::Float32, *source_.value(source).shape},
                                      1.0F,
                                      false);
  floats_.emplace(source, result);
  return result;
}

void Builder::define_from_floats(ValueId source, ValueId floats) {
  const MapShape shape = shape_of(source);
  const std::string& name = source_.value(source).name;
  const ValueId half = emit_convert(emit_clamp(floats, name + "/clamped"),
                                    name + "/half",
                                    shape,
                                    kRowMajor,
                                    kDense,
                                    {DType::Float16, shape.half_map()},
                                    1.0F,
                                    true);
  define_from_halves(source, half);
}

void Builder::define_from_map(ValueId source, ValueId map, float scale) {
  define(source,
         plan_.is_int8(source) ? emit_rescaled(map, shape_of(source), scale, plan_.scale(source))
                               : emit_halves(source, map, scale));
}

void Builder::define_from_halves(ValueId source, ValueId halves) {
  if (!plan_.is_int8(source)) {
    define(source, halves);
    return;
  }
  const MapShape shape = shape_of(source);
  define(source,
         emit_convert(halves,
                      source_.value(source).name + "/int8",
                      shape,
                      kDense,
                      kMapLayout,
                      {DType::Int8, shape.int8_map()},
                      plan_.scale(source),
                      rounding_ == dla::Rounding::HalfEven));
}

ValueId Builder::emit(std::string op,
                      std::vector<ValueId> inputs,
                      const std::string& name,
                      TensorType type,
                      Attributes attributes) {
  const ValueId output = graph_.add_value(graph_.unique_name(name), std::move(type));
  graph_.add_node({.name = name,
                   .op = std::move(op),
                   .inputs = std::move(inputs),
                   .outputs = {output},
                   .attributes = std::move(attributes)});
  return output;
}

void Builder::emit_result(ValueId source,
                          std::string op,
                          std::vector<ValueId> inputs,
                          Attributes attributes) {
  const MapShape shape = shape_of(source);
  attributes.set("even", std::int64_t{rounding_ == dla::Rounding::HalfEven ? 1 : 0});
  const TensorType type = plan_.is_int8(source) ? TensorType{DType::Int8, shape.int8_map()}
                                                : TensorType{DType::Float16, shape.half_map()};
  define(source,
         emit(std::move(op),
              std::move(inputs),
              source_.value(source).name + (plan_.is_int8(source) ? "/int8" : "/half"),
              type,
              std::move(attributes)));
}

ValueId Builder::emit_convert(ValueId x,
                              const std::string& name,
                              const MapShape& shape,
                              std::int64_t from,
                              std::int64_t to,
                              TensorType type,
                              float scale,
                              bool even) {
  return emit("int8.Convert",
              {x},
              name,
              std::move(type),
              {{"shape", shape.logical().extents()},
               {"from", from},
               {"to", to},
               {"scale", scale},
               {"even", std::int64_t{even ? 1 : 0}}});
}

ValueId Builder::emit_halves(ValueId source, ValueId map, float scale) {
  const MapShape shape = shape_of(source);
  return emit_convert(map,
                      source_.value(source).name + "/half",
                      shape,
                      kMapLayout,
                      kDense,
                      {DType::Float16, shape.half_map()},
                      scale,
                      false);
}

ValueId Builder::emit_rescaled(ValueId map, const MapShape& shape, float from, float to) {
  if (from == to) {
    return map;
  }
  const auto m = static_cast<float>(static_cast<double>(from) / static_cast<double>(to));
  const std::string name = graph_.value(map).name + "/rescaled";
  return emit("int8.Elementwise",
              {map, kNoValue, kNoValue, add_floats(name + "/multiplier", {&m, 1}), kNoValue},
              name,
              {DType::Int8, shape.int8_map()},
              {{"op", std::string("Copy")},
               {"channels", std::vector<std::int64_t>{shape.c}},
               {"shape", shape.logical().extents()},
               {"lo", std::int64_t{-128}},
               {"hi", std::int64_t{127}},
               {"even", std::int64_t{rounding_ == dla::Rounding::HalfEven ? 1 : 0}}});
}

ValueId Builder::emit_clamp(ValueId floats, const std::string& name) {
  const auto scalar = [&](const char* what, float value) {
    return add_constant(name + what, Tensor::from<float>(Shape{}, {value}));
  };
  return emit("Clip",
              {floats, scalar("/least", -kLargestFloat16), scalar("/most", kLargestFloat16)},
              name,
              graph_.type(floats),
              {});
}

ValueId Builder::add_constant(const std::string& name, Tensor tensor) {
  return graph_.add_constant(name, std::move(tensor));
}

ValueId Builder::add_floats(const std::string& name, std::span<const float> values) {
  return values.empty()
             ? kNoValue
             : add_constant(
                   name,
                   Tensor::from<float>(Shape{static_cast<std::int64_t>(values.size())}, values));
}

}  // namespace mtmi::int8
