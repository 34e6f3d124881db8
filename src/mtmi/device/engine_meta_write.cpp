#include <unordered_map>
#include <utility>

#include <engine_generated.h>

#include "mtmi/core/memory_limit.h"
#include "mtmi/device/engine_meta.h"

namespace mtmi::engine_meta {
namespace {

namespace format = engine_format;
using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

/// Upper bound of what the constants of a graph take [bytes].
std::size_t weight_bytes(const Graph& graph) {
  std::size_t bytes = 0;
  for (const ValueId id : graph.values()) {
    if (graph.is_constant(id)) {
      bytes += graph.value(id).constant->size_bytes() + kWeightAlignment;
    }
  }
  return bytes;
}

class Writer {
 public:
  Offset<format::EngineData> engine(const Engine& engine) {
    const auto graph_data = graph(engine.graph);
    std::vector<Offset<format::PlacementData>> placements;
    for (const Placement& p : engine.placements) {
      placements.push_back(
          format::CreatePlacementData(builder_, index_of_.at(p.value), p.offset, p.size));
    }
    return format::CreateEngineData(builder_,
                                    builder_.CreateString(engine.backend),
                                    builder_.CreateString(engine.capability),
                                    static_cast<std::uint8_t>(engine.precision),
                                    descs(engine.inputs),
                                    descs(engine.outputs),
                                    builder_.CreateVectorOfStrings(engine.observed),
                                    graph_data,
                                    builder_.CreateVector(placements),
                                    engine.arena_bytes);
  }

  Offset<format::GraphData> graph(const Graph& graph) {
    require_memory(weight_bytes(graph), "the weights of the engine to write");
    weights_.reserve(weight_bytes(graph));
    std::vector<Offset<format::ValueData>> values;
    for (const ValueId id : graph.values()) {
      index_of_.emplace(id, static_cast<std::int32_t>(values.size()));
      values.push_back(value(graph, id));
    }
    std::vector<Offset<format::NodeData>> nodes;
    for (const NodeId id : graph.order()) {
      nodes.push_back(node(graph.node(id)));
    }
    return format::CreateGraphData(builder_,
                                   builder_.CreateString(graph.name),
                                   builder_.CreateVector(values),
                                   builder_.CreateVector(nodes),
                                   indices(graph.inputs()),
                                   indices(graph.outputs()));
  }

  /// Ends the writing.
  template <class Table>
  Sections finish(Offset<Table> root) {
    builder_.Finish(root);
    const auto meta = std::as_bytes(std::span(builder_.GetBufferPointer(), builder_.GetSize()));
    return {.meta = {meta.begin(), meta.end()}, .weights = std::move(weights_)};
  }

 private:
  Offset<format::TensorData> tensor(const Tensor& tensor) {
    weights_.resize((weights_.size() + kWeightAlignment - 1) / kWeightAlignment * kWeightAlignment);
    const std::uint64_t offset = weights_.size();
    const auto bytes = tensor.bytes();
    weights_.insert(weights_.end(), bytes.begin(), bytes.end());
    return format::CreateTensorData(builder_,
                                    static_cast<std::uint8_t>(tensor.dtype()),
                                    builder_.CreateVector(tensor.shape().extents()),
                                    offset);
  }

  Offset<format::ValueData> value(const Graph& graph, ValueId id) {
    const Value& v = graph.value(id);
    const TensorType type = graph.type(id);
    const auto constant = v.constant ? tensor(*v.constant) : Offset<format::TensorData>();
    return format::CreateValueData(builder_,
                                   builder_.CreateString(v.name),
                                   static_cast<std::uint8_t>(type.dtype),
                                   builder_.CreateVector(type.shape.extents()),
                                   constant);
  }

  Offset<format::NodeData> node(const Node& node) {
    std::vector<Offset<format::AttributeData>> attributes;
    for (const auto& [name, value] : node.attributes.entries()) {
      attributes.push_back(attribute(name, value));
    }
    return format::CreateNodeData(builder_,
                                  builder_.CreateString(node.name),
                                  builder_.CreateString(node.op),
                                  indices(node.inputs),
                                  indices(node.outputs),
                                  builder_.CreateVector(attributes));
  }

  Offset<format::AttributeData> attribute(const std::string& name, const Attribute& value) {
    // Nested objects come first: FlatBuffers builds no two tables at a time.
    Offset<flatbuffers::String> text;
    Offset<flatbuffers::Vector<std::int64_t>> integers;
    Offset<flatbuffers::Vector<float>> reals;
    Offset<flatbuffers::Vector<Offset<flatbuffers::String>>> texts;
    Offset<format::TensorData> tensor_data;
    if (const auto* s = std::get_if<std::string>(&value)) {
      text = builder_.CreateString(*s);
    } else if (const auto* is = std::get_if<std::vector<std::int64_t>>(&value)) {
      integers = builder_.CreateVector(*is);
    } else if (const auto* fs = std::get_if<std::vector<float>>(&value)) {
      reals = builder_.CreateVector(*fs);
    } else if (const auto* ss = std::get_if<std::vector<std::string>>(&value)) {
      texts = builder_.CreateVectorOfStrings(*ss);
    } else if (const auto* t = std::get_if<Tensor>(&value)) {
      tensor_data = tensor(*t);
    }
    const auto* i = std::get_if<std::int64_t>(&value);
    const auto* f = std::get_if<float>(&value);
    return format::CreateAttributeData(builder_,
                                       builder_.CreateString(name),
                                       static_cast<std::uint8_t>(value.index()),
                                       i != nullptr ? *i : 0,
                                       f != nullptr ? *f : 0.0F,
                                       text,
                                       integers,
                                       reals,
                                       texts,
                                       tensor_data);
  }

  Offset<flatbuffers::Vector<Offset<format::DescData>>> descs(
      const std::vector<TensorDesc>& descs) {
    std::vector<Offset<format::DescData>> all;
    for (const TensorDesc& d : descs) {
      all.push_back(format::CreateDescData(builder_,
                                           builder_.CreateString(d.name),
                                           static_cast<std::uint8_t>(d.dtype),
                                           builder_.CreateVector(d.shape.extents()),
                                           static_cast<std::uint8_t>(d.layout),
                                           d.scale));
    }
    return builder_.CreateVector(all);
  }

  Offset<flatbuffers::Vector<std::int32_t>> indices(std::span<const ValueId> ids) {
    std::vector<std::int32_t> all;
    for (const ValueId id : ids) {
      all.push_back(id == kNoValue ? -1 : index_of_.at(id));
    }
    return builder_.CreateVector(all);
  }

  FlatBufferBuilder builder_;
  std::vector<std::byte> weights_;
  std::unordered_map<ValueId, std::int32_t> index_of_;
};

}  // namespace

Sections write(const Engine& engine) {
  Writer writer;
  return writer.finish(writer.engine(engine));
}

Sections write(const Graph& graph) {
  Writer writer;
  return writer.finish(writer.graph(graph));
}

}  // namespace mtmi::engine_meta
