#include "mtmi/backends/common_int8/lower/builder.h"

#include <algorithm>
#include <limits>

#include "mtmi/core/assert.h"
#include "mtmi/dla/layer_constants.h"

namespace mtmi::int8 {
namespace {

constexpr float kMaxHalf = 65504.0F;
constexpr auto kDense = static_cast<std::int64_t>(Layout::Hwc);
constexpr auto kRowMajor = static_cast<std::int64_t>(Layout::Linear);

}  // namespace

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
  const MapShape shape = shape_of(source);
  const ValueId half = emit_convert(maps_.at(source),
                                    source_.value(source).name + "/half",
                                    shape,
                                    kMapLayout,
                                    kDense,
                                    {DType::Float16, shape.half_map()},
                                    plan_.scale(source),
                                    false);
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

ValueId Builder::emit_clamp(ValueId floats, const std::string& name) {
  const auto scalar = [&](const char* what, float value) {
    return add_constant(name + what, Tensor::from<float>(Shape{}, {value}));
  };
  return emit("Clip",
              {floats, scalar("/least", -kMaxHalf), scalar("/most", kMaxHalf)},
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

const Tensor* LayerAt::constant(std::size_t index) const {
  if (!has_input(index)) {
    return nullptr;
  }
  const auto& constant = graph.value(node().inputs[index]).constant;
  return constant ? &*constant : nullptr;
}

std::optional<NodeId> LayerAt::batch_normalization() const {
  const auto found = std::find_if(layer.nodes.begin() + 1, layer.nodes.end(), [this](NodeId id) {
    return graph.node(id).op == "BatchNormalization";
  });
  return found == layer.nodes.end() ? std::nullopt : std::optional(*found);
}

Exit LayerAt::exit() const {
  const Node& last = graph.node(layer.nodes.back());
  const auto bound = [&](std::size_t index) -> std::optional<float> {
    if (index >= last.inputs.size() || last.inputs[index] == kNoValue) {
      return std::nullopt;
    }
    return dla::floats_of(*graph.value(last.inputs[index]).constant).front();
  };
  if (last.op == "Relu") {
    return {.slopes = {}, .least = 0.0F, .most = {}};
  }
  if (last.op == "Clip") {
    return {.slopes = {}, .least = bound(1), .most = bound(2)};
  }
  if (last.op == "LeakyRelu") {
    return {.slopes = {last.attributes.get_float("alpha", 0.01F)}, .least = {}, .most = {}};
  }
  if (last.op == "PRelu") {
    return {.slopes = *dla::broadcast_constant(*graph.value(last.inputs[1]).constant,
                                               graph.type(output()).shape),
            .least = {},
            .most = {}};
  }
  return {};
}

Multipliers multipliers(std::span<const double> steps,
                        double denominator,
                        std::optional<float> scale,
                        std::span<const float> slopes) {
  const double divisor = denominator * (scale ? static_cast<double>(*scale) : 1.0);
  const std::size_t count = std::max(steps.size(), slopes.size());
  Multipliers result;
  for (std::size_t i = 0; i < count; ++i) {
    const double step = steps[steps.size() == 1 ? 0 : i];
    result.positive.push_back(static_cast<float>(step / divisor));
    if (!slopes.empty()) {
      const double slope = slopes[slopes.size() == 1 ? 0 : i];
      result.negative.push_back(static_cast<float>(step * slope / divisor));
    }
  }
  return result;
}

void add_bounds(Attributes& attributes, const Exit& exit, float scale, dla::Rounding rounding) {
  const auto steps = [&](const std::optional<float>& bound, std::int8_t otherwise) {
    return std::int64_t{bound ? dla::to_int8(*bound / scale, rounding) : otherwise};
  };
  const std::int64_t lo = steps(exit.least, std::numeric_limits<std::int8_t>::min());
  const std::int64_t hi = steps(exit.most, std::numeric_limits<std::int8_t>::max());
  attributes.set("lo", std::min(lo, hi));
  attributes.set("hi", hi);
}

void clamp_half_result(Builder& builder, ValueId source, const Exit& exit) {
  if (builder.plan().is_int8(source) || (!exit.least && !exit.most)) {
    return;
  }
  builder.define(source,
                 builder.emit("int8.ClampHalf",
                              {builder.half_map(source)},
                              builder.source().value(source).name + "/clamped",
                              {DType::Float16, builder.shape_of(source).half_map()},
                              {{"least", exit.least.value_or(-kMaxHalf)},
                               {"most", exit.most.value_or(kMaxHalf)}}));
}

ValueId rescaled(Builder& builder, ValueId map, const MapShape& shape, float from, float to) {
  if (from == to) {
    return map;
  }
  const auto m = static_cast<float>(static_cast<double>(from) / static_cast<double>(to));
  const std::string name = builder.graph().value(map).name + "/rescaled";
  return builder.emit(
      "int8.Elementwise",
      {map, kNoValue, kNoValue, builder.add_floats(name + "/multiplier", {&m, 1}), kNoValue},
      name,
      {DType::Int8, shape.int8_map()},
      {{"op", std::string("Copy")},
       {"channels", std::vector<std::int64_t>{shape.c}},
       {"shape", shape.logical().extents()},
       {"lo", std::int64_t{-128}},
       {"hi", std::int64_t{127}},
       {"even", std::int64_t{builder.rounding() == dla::Rounding::HalfEven ? 1 : 0}}});
}

}  // namespace mtmi::int8
