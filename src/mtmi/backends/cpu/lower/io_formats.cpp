// Inputs and outputs in the formats that other devices hand over.
#include <algorithm>

#include "mtmi/backends/cpu/lower/lower_nodes.h"
#include "mtmi/backends/cpu/lower/passes.h"
#include "mtmi/error.h"

namespace mtmi::cpu {
namespace {

bool is_convertible(DType dtype) {
  return dtype == DType::Float32 || dtype == DType::Float16 || dtype == DType::BFloat16 ||
         dtype == DType::Int8;
}

/// Refuses what cannot be converted; false where nothing is to be done.
bool needs_conversion(const TensorDesc& desc, const TensorType& type) {
  if (desc.dtype == type.dtype && desc.layout == Layout::Linear) {
    return false;
  }
  if (type.dtype != DType::Float32 || !is_convertible(desc.dtype)) {
    throw Error(ErrorCode::Unsupported,
                "cpu::lower",
                "'" + desc.name + "': got " + std::string(to_string(type.dtype)) + " to be " +
                    std::string(to_string(desc.dtype)) +
                    ", expected f32 to be f32, f16, bf16 or s8");
  }
  if (desc.dtype == DType::Int8 && !(desc.scale > 0.0F)) {
    throw Error(ErrorCode::InvalidArgument,
                "cpu::lower",
                "'" + desc.name + "': got s8 without a scale, expected a scale > 0");
  }
  return true;
}

/// The buffer as a flat tensor.
TensorType buffer_type(const TensorDesc& desc) {
  const auto es = static_cast<std::int64_t>(size_of(desc.dtype));
  return {desc.dtype, Shape{static_cast<std::int64_t>(size_bytes_of(desc)) / es}};
}

Attributes format_attributes(const TensorDesc& desc) {
  return {{"layout", static_cast<std::int64_t>(desc.layout)},
          {"scale", desc.scale},
          {"shape", desc.shape.extents()}};
}

Node node_of(std::string op, ValueId from, ValueId to, Attributes attributes) {
  return {.name = "",
          .op = std::move(op),
          .inputs = {from},
          .outputs = {to},
          .attributes = std::move(attributes)};
}

ValueId pack_output(Graph& graph, ValueId value, const TensorDesc& desc, Rounding rounding) {
  ValueId source = value;
  if (desc.layout != Layout::Linear) {
    source = graph.add_value(desc.name + "/hwc",
                             {DType::Float32, permuted(desc.shape, kToChannelsLast)});
    graph.add_node(node_of("Transpose", value, source, {{"perm", kToChannelsLast}}));
    if (desc.layout == Layout::Hwc && desc.dtype == DType::Float32) {
      return source;
    }
  }
  const ValueId packed = graph.add_value(desc.name + "/packed", buffer_type(desc));
  Attributes attributes = format_attributes(desc);
  attributes.set("rounding", static_cast<std::int64_t>(rounding));
  graph.add_node(node_of("cpu.Pack", source, packed, std::move(attributes)));
  return packed;
}

void prepend(Graph& graph, Node node) {
  if (graph.order().empty()) {
    graph.add_node(std::move(node));
  } else {
    graph.insert_node(graph.order().front(), std::move(node));
  }
}

/// Makes the old input, which is none any more, from `packed`.
void unpack_input(Graph& graph, ValueId packed, ValueId value, const TensorDesc& desc) {
  if (desc.layout == Layout::Linear) {
    prepend(graph, node_of("cpu.Unpack", packed, value, format_attributes(desc)));
    return;
  }
  const bool plain = desc.layout == Layout::Hwc && desc.dtype == DType::Float32;
  const ValueId rows =
      plain ? packed
            : graph.add_value(desc.name + "/hwc",
                              {DType::Float32, permuted(desc.shape, kToChannelsLast)});
  prepend(graph, node_of("Transpose", rows, value, {{"perm", kToChannelsFirst}}));
  if (!plain) {
    prepend(graph, node_of("cpu.Unpack", packed, rows, format_attributes(desc)));
  }
}

}  // namespace

void convert_inputs(Graph& graph, const std::vector<TensorDesc>& descs) {
  std::vector<ValueId> inputs(graph.inputs().begin(), graph.inputs().end());
  std::vector<std::size_t> converted;
  const std::vector<ValueId> old = inputs;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const TensorDesc& desc = descs[i];
    if (needs_conversion(desc, graph.type(old[i]))) {
      const bool plain = desc.layout == Layout::Hwc && desc.dtype == DType::Float32;
      const TensorType type =
          plain ? TensorType{DType::Float32, permuted(desc.shape, kToChannelsLast)}
                : buffer_type(desc);
      inputs[i] = graph.add_value(desc.name + "/packed", type);
      converted.push_back(i);
    }
  }
  graph.set_inputs(inputs);
  for (const std::size_t i : converted) {
    unpack_input(graph, inputs[i], old[i], descs[i]);
  }
}

void convert_outputs(Graph& graph,
                     const std::vector<TensorDesc>& descs,
                     const std::map<std::string, IoFormat>& io) {
  std::vector<ValueId> outputs(graph.outputs().begin(), graph.outputs().end());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (needs_conversion(descs[i], graph.type(outputs[i]))) {
      const auto format = io.find(descs[i].name);
      const Rounding rounding = format == io.end() ? Rounding::HalfEven : format->second.rounding;
      outputs[i] = pack_output(graph, outputs[i], descs[i], rounding);
    }
  }
  graph.set_outputs(outputs);
}

}  // namespace mtmi::cpu
