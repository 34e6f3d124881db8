// Pooling and resizing.
#include <utility>

#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/backends/common_int8/lower/requantize.h"
#include "mtmi/dla/layer.h"
#include "mtmi/ops/pooling.h"
#include "mtmi/ops/resize.h"

namespace mtmi::int8 {
namespace {

Attributes window_attributes(const ops::PoolGeometry& geometry) {
  const Window& h = geometry.windows[0];
  const Window& w = geometry.windows[1];
  return {{"kernel", std::vector<std::int64_t>{h.kernel, w.kernel}},
          {"strides", std::vector<std::int64_t>{h.stride, w.stride}},
          {"dilations", std::vector<std::int64_t>{h.dilation, w.dilation}},
          {"pads", std::vector<std::int64_t>{h.pad_begin, w.pad_begin}},
          {"pads_end", std::vector<std::int64_t>{h.pad_end, w.pad_end}},
          {"counts_pad", std::int64_t{geometry.count_include_pad ? 1 : 0}}};
}

/// The scale that a pooling works in: its result's, which its source is brought to before it; its
/// source's where the result is FP16.
float pooling_scale(const Builder& builder, const LayerAt& at) {
  return builder.scale_of(at.output()).value_or(builder.plan().scale(at.layer.inputs.front()));
}

/// Averages that are rounded once, for rounding half to even.
void lower_mean(Builder& builder, const LayerAt& at, Attributes attributes) {
  const ValueId src = at.layer.inputs.front();
  const float scale = pooling_scale(builder, at);
  attributes.set("src_scale", builder.plan().scale(src));
  attributes.set("dst_scale", scale);
  attributes.set("even", std::int64_t{1});
  builder.define_from_map(at.output(),
                          builder.emit("int8.Mean",
                                       {builder.int8_map(src)},
                                       builder.source().value(at.output()).name + "/int8",
                                       {DType::Int8, builder.shape_of(at.output()).int8_map()},
                                       std::move(attributes)),
                          scale);
}

}  // namespace

void lower_pooling(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const ops::PoolGeometry geometry = ops::pool_geometry(at.node(), at.graph.type(src).shape);
  Attributes attributes = window_attributes(geometry);
  const bool averages = at.node().op == "AveragePool";
  if (averages && builder.rounding() == dla::Rounding::HalfEven) {
    lower_mean(builder, at, std::move(attributes));
    return;
  }
  const float scale = pooling_scale(builder, at);
  attributes.set("op", std::string(averages ? "average" : "max"));
  const ValueId map = builder.emit_rescaled(
      builder.int8_map(src), builder.shape_of(src), builder.plan().scale(src), scale);
  builder.define_from_map(at.output(),
                          builder.emit("int8.Pool",
                                       {map},
                                       builder.source().value(at.output()).name + "/int8",
                                       {DType::Int8, builder.shape_of(at.output()).int8_map()},
                                       std::move(attributes)),
                          scale);
}

void lower_resize(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const dla::CheckOptions options;
  const dla::Layer layer(at.graph, at.id(), options);
  const ops::ResizeGeometry geometry = ops::resize_geometry(layer.context());
  const auto rh = static_cast<std::int64_t>(geometry.axes[2].scale);
  const auto rw = static_cast<std::int64_t>(geometry.axes[3].scale);
  const float scale = builder.plan().scale(src);
  Attributes attributes{{"factors", std::vector<std::int64_t>{rh, rw}},
                        {"channels", builder.shape_of(src).c}};
  if (geometry.rule.mode == ops::ResizeMode::Linear) {
    const double step = scale;
    const Multipliers m = multipliers(
        {&step, 1}, static_cast<double>(4 * rh * rw), builder.scale_of(at.output()), {});
    attributes.set("mode", std::string("linear"));
    attributes.set("multiplier", m.positive.front());
    builder.emit_result(at.output(), "int8.Resize", {builder.int8_map(src)}, std::move(attributes));
    return;
  }
  attributes.set("mode", std::string("nearest"));
  const MapShape shape = builder.shape_of(at.output());
  const ValueId map = builder.emit("int8.Resize",
                                   {builder.int8_map(src)},
                                   builder.source().value(at.output()).name + "/int8",
                                   {DType::Int8, shape.int8_map()},
                                   std::move(attributes));
  builder.define_from_map(at.output(), map, scale);
}

}  // namespace mtmi::int8
