#include "mtmi/backends/common_int8/lower/io.h"

#include <unordered_set>

#include "mtmi/device/exchanged_tensor.h"
#include "mtmi/error.h"

namespace mtmi::int8 {
namespace {

std::int64_t code_of(Layout layout) {
  return static_cast<std::int64_t>(layout);
}

TensorDesc desc_of(const Builder& builder, ValueId id, const CompileOptions& options) {
  TensorDesc desc = exchanged_tensor(builder.source(), id, options);
  desc.scale = desc.dtype == DType::Int8 ? desc.scale : 0.0F;
  if (desc.dtype != DType::Float32 && desc.dtype != DType::Float16 && desc.dtype != DType::Int8) {
    throw Error(ErrorCode::Unsupported,
                "int8::lower",
                "'" + desc.name + "': got " + std::string(to_string(desc.dtype)) +
                    ", expected f32, f16 or s8");
  }
  if (desc.layout != Layout::Linear) {
    (void)size_bytes_of(desc);  // refuses what the layout does not allow
  }
  return desc;
}

/// Whether the buffer is what lies between layers: an INT8 map, or a map of halves.
bool is_in_place(const Builder& builder, ValueId id, const TensorDesc& desc) {
  const MapShape shape = builder.shape_of(id);
  const bool one_position = shape.h * shape.w == 1;
  if (const auto scale = builder.scale_of(id)) {
    const bool same_pixels =
        (desc.layout == Layout::Chw32 && shape.c <= 32) ||
        (shape.c % 32 == 0 &&
         (desc.layout == Layout::Hwc || (desc.layout == Layout::Linear && one_position)));
    return desc.dtype == DType::Int8 && desc.scale == *scale && same_pixels;
  }
  return desc.dtype == DType::Float16 &&
         (desc.layout == Layout::Hwc ||
          (desc.layout == Layout::Linear && (shape.c == 1 || one_position)));
}

TensorType map_type(const Builder& builder, ValueId id) {
  const MapShape shape = builder.shape_of(id);
  return builder.plan().is_int8(id) ? TensorType{DType::Int8, shape.int8_map()}
                                    : TensorType{DType::Float16, shape.half_map()};
}

/// The buffer as a flat tensor.
TensorType buffer_type(const TensorDesc& desc) {
  return {desc.dtype, Shape{static_cast<std::int64_t>(size_bytes_of(desc) / size_of(desc.dtype))}};
}

std::int64_t own_layout(const Builder& builder, ValueId id) {
  return builder.plan().is_int8(id) ? kMapLayout : kDense;
}

/// The scale of a conversion: of whichever side is INT8.
float scale_between(const Builder& builder, ValueId id, const TensorDesc& desc) {
  return desc.dtype == DType::Int8 ? desc.scale : builder.scale_of(id).value_or(1.0F);
}

ValueId unpack(Builder& builder, ValueId id, ValueId buffer, const TensorDesc& desc) {
  const MapShape shape = builder.shape_of(id);
  if (desc.dtype == DType::Int8 || builder.plan().is_int8(id)) {
    return builder.emit_convert(buffer,
                                desc.name + "/unpacked",
                                shape,
                                code_of(desc.layout),
                                own_layout(builder, id),
                                map_type(builder, id),
                                scale_between(builder, id, desc),
                                true);
  }
  return builder.emit_convert(
      desc.dtype == DType::Float32 ? builder.emit_clamp(buffer, desc.name + "/clamped") : buffer,
      desc.name + "/unpacked",
      shape,
      code_of(desc.layout),
      kDense,
      map_type(builder, id),
      1.0F,
      true);
}

ValueId pack(Builder& builder, ValueId id, const TensorDesc& desc, const std::string& name) {
  const bool int8 = builder.plan().is_int8(id);
  const ValueId map = int8 ? builder.int8_map(id) : builder.half_map(id);
  return builder.emit_convert(map,
                              name,
                              builder.shape_of(id),
                              own_layout(builder, id),
                              code_of(desc.layout),
                              buffer_type(desc),
                              scale_between(builder, id, desc),
                              builder.rounding() == dla::Rounding::HalfEven);
}

}  // namespace

std::vector<TensorDesc> lower_inputs(Builder& builder, const CompileOptions& options) {
  std::vector<TensorDesc> descs;
  std::vector<ValueId> inputs;
  for (const ValueId id : builder.source().inputs()) {
    const TensorDesc desc = desc_of(builder, id, options);
    const bool in_place = is_in_place(builder, id, desc);
    inputs.push_back(builder.graph().add_input(
        desc.name + "/buffer", in_place ? map_type(builder, id) : buffer_type(desc)));
    builder.define(id, in_place ? inputs.back() : unpack(builder, id, inputs.back(), desc));
    descs.push_back(desc);
  }
  return descs;
}

std::vector<TensorDesc> lower_outputs(Builder& builder, const CompileOptions& options) {
  std::vector<TensorDesc> descs;
  std::unordered_set<ValueId> taken;
  for (const ValueId id : builder.source().outputs()) {
    const TensorDesc desc = desc_of(builder, id, options);
    // A buffer of its own: not an input's, nor that of another output.
    const bool in_place =
        is_in_place(builder, id, desc) && !builder.source().is_input(id) && taken.insert(id).second;
    const ValueId map = builder.plan().is_int8(id) ? builder.int8_map(id) : builder.half_map(id);
    const bool owned = in_place && !builder.graph().is_input(map);
    builder.graph().add_output(owned ? map : pack(builder, id, desc, desc.name + "/buffer"));
    descs.push_back(desc);
  }
  return descs;
}

void lower_observed(Builder& builder, const CompileOptions& options) {
  const Graph& source = builder.source();
  std::unordered_set<ValueId> exchanged(source.inputs().begin(), source.inputs().end());
  for (const dla::PlannedLayer& planned : builder.plan().layers()) {
    exchanged.insert(planned.layer.outputs.begin(), planned.layer.outputs.end());
  }
  std::unordered_set<std::string> seen;
  for (const std::string& name : options.observe) {
    const auto id = source.find_value(name);
    if (!id || !exchanged.contains(*id)) {
      throw Error(ErrorCode::InvalidArgument,
                  "int8::lower",
                  "'" + name + "' is to be observed, but passes between no layers");
    }
    if (seen.insert(name).second) {
      builder.emit_convert(
          builder.plan().is_int8(*id) ? builder.int8_map(*id) : builder.half_map(*id),
          name,
          builder.shape_of(*id),
          own_layout(builder, *id),
          kRowMajor,
          {DType::Float32, source.type(*id).shape},
          builder.scale_of(*id).value_or(1.0F),
          false);
    }
  }
}

}  // namespace mtmi::int8
