// What only chooses and joins elements.
#include <utility>

#include "mtmi/backends/common_int8/lower/layers.h"
#include "mtmi/dla/layer.h"
#include "mtmi/ops/checks.h"
#include "mtmi/ops/slice.h"
#include "mtmi/ops/transpose.h"

namespace mtmi::int8 {
namespace {

/// Where element (n, c, h, w) of a result stands in its source, both counted row-major.
struct Origin {
  std::int64_t start = 0;
  std::vector<std::int64_t> strides;
};

std::vector<std::int64_t> row_major_strides(const MapShape& shape) {
  return {shape.c * shape.h * shape.w, shape.h * shape.w, shape.w, 1};
}

Origin origin_of_slice(const LayerAt& at, const MapShape& src) {
  const dla::CheckOptions options;
  const dla::Layer layer(at.graph, at.id(), options);
  Origin origin{.start = 0, .strides = row_major_strides(src)};
  const std::vector<ops::SliceRange> ranges = ops::slice_ranges(layer.context());
  for (std::size_t axis = 0; axis < ranges.size(); ++axis) {
    origin.start += ranges[axis].start * origin.strides[axis];
    origin.strides[axis] *= ranges[axis].step;
  }
  return origin;
}

Origin origin_of_transpose(const LayerAt& at, const MapShape& src) {
  const std::vector<std::int64_t> strides = row_major_strides(src);
  Origin origin;
  for (const int axis : ops::transpose_permutation(at.node().attributes, 4)) {
    origin.strides.push_back(strides[static_cast<std::size_t>(axis)]);
  }
  return origin;
}

/// The elements of output `index`; those before it begin further in front along the axis.
Origin origin_of_split(const LayerAt& at, const MapShape& src, std::size_t index) {
  const auto axis =
      static_cast<std::size_t>(ops::normalized_axis(at.node().attributes.get_int("axis", 0), 4));
  Origin origin{.start = 0, .strides = row_major_strides(src)};
  for (std::size_t i = 0; i < index; ++i) {
    const Shape part = at.graph.type(at.node().outputs[i]).shape;
    origin.start += part[static_cast<int>(axis)] * origin.strides[axis];
  }
  return origin;
}

Origin origin_of(const LayerAt& at, const MapShape& src, const MapShape& dst, std::size_t index) {
  const std::string& op = at.node().op;
  if (op == "Slice") {
    return origin_of_slice(at, src);
  }
  if (op == "Transpose") {
    return origin_of_transpose(at, src);
  }
  if (op == "Split") {
    return origin_of_split(at, src, index);
  }
  return {.start = 0, .strides = row_major_strides(dst)};  // Reshape
}

/// The largest of `rows` rows and `columns` columns, each window beside the last.
ValueId emit_maximum(Builder& builder,
                     ValueId map,
                     const std::string& name,
                     const MapShape& shape,
                     std::int64_t rows,
                     std::int64_t columns) {
  return builder.emit("int8.Pool",
                      {map},
                      name,
                      {DType::Int8, shape.int8_map()},
                      {{"op", std::string("max")},
                       {"kernel", std::vector<std::int64_t>{rows, columns}},
                       {"strides", std::vector<std::int64_t>{1, 1}},
                       {"dilations", std::vector<std::int64_t>{1, 1}},
                       {"pads", std::vector<std::int64_t>{0, 0}},
                       {"pads_end", std::vector<std::int64_t>{0, 0}},
                       {"counts_pad", std::int64_t{0}}});
}

ValueId emit_move(Builder& builder,
                  ValueId map,
                  const std::string& name,
                  const MapShape& from,
                  const MapShape& to,
                  const Origin& origin) {
  return builder.emit("int8.Move",
                      {map},
                      name,
                      {DType::Int8, to.int8_map()},
                      {{"start", origin.start},
                       {"strides", origin.strides},
                       {"from", from.logical().extents()},
                       {"shape", to.logical().extents()}});
}

/// Channels as rows and back, for a maximum over channels.
ValueId swap_channels_and_rows(Builder& builder,
                               ValueId map,
                               const std::string& name,
                               const MapShape& from) {
  const std::vector<std::int64_t> strides = row_major_strides(from);
  const MapShape to{.n = from.n, .c = from.h, .h = from.c, .w = from.w};
  const Origin origin{.start = 0, .strides = {strides[0], strides[2], strides[1], strides[3]}};
  return emit_move(builder, map, name, from, to, origin);
}

}  // namespace

void lower_movement(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const MapShape from = builder.shape_of(src);
  for (std::size_t i = 0; i < at.node().outputs.size(); ++i) {
    const ValueId output = at.node().outputs[i];
    if (output == kNoValue) {
      continue;
    }
    const MapShape to = builder.shape_of(output);
    const ValueId map = emit_move(builder,
                                  builder.int8_map(src),
                                  builder.source().value(output).name + "/moved",
                                  from,
                                  to,
                                  origin_of(at, from, to, i));
    builder.define_from_map(output, map, builder.plan().scale(src));
  }
}

void lower_concat(Builder& builder, const LayerAt& at) {
  const ValueId output = at.output();
  const auto own = builder.scale_of(output);
  std::vector<ValueId> parts;
  std::vector<std::int64_t> channels;
  for (const ValueId input : at.node().inputs) {
    const MapShape shape = builder.shape_of(input);
    parts.push_back(own ? builder.emit_rescaled(
                              builder.int8_map(input), shape, builder.plan().scale(input), *own)
                        : builder.half_map(input));
    channels.push_back(shape.c);
  }
  builder.emit_result(output, "int8.Concat", std::move(parts), {{"channels", channels}});
}

void lower_maximum(Builder& builder, const LayerAt& at) {
  const ValueId src = at.layer.inputs.front();
  const MapShape from = builder.shape_of(src);
  const MapShape to = builder.shape_of(at.output());
  const std::string name = builder.source().value(at.output()).name + "/max";
  ValueId map = builder.int8_map(src);
  MapShape shape = from;
  if (to.c != from.c) {
    map = swap_channels_and_rows(builder, map, name, shape);
    shape = {.n = from.n, .c = from.h, .h = 1, .w = from.w};
    map = emit_maximum(builder, map, name, shape, from.c, 1);
    map = swap_channels_and_rows(builder, map, name, shape);
    shape = {.n = from.n, .c = 1, .h = from.h, .w = from.w};
  }
  map = emit_maximum(
      builder, map, name, to, to.h == shape.h ? 1 : shape.h, to.w == shape.w ? 1 : shape.w);
  builder.define_from_map(at.output(), map, builder.plan().scale(src));
}

}  // namespace mtmi::int8
