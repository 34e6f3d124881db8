#include "mtmi/device/engine_file.h"

#include <cstring>
#include <unordered_map>
#include <unordered_set>

#include <engine_generated.h>

#include "mtmi/core/assert.h"
#include "mtmi/core/hash.h"
#include "mtmi/device/engine_container.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

namespace format = engine_format;
using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

constexpr std::size_t kWeightAlignment = 64;
constexpr auto kNumDTypes = static_cast<std::uint8_t>(DType::Bool) + 1;
constexpr auto kNumLayouts = static_cast<std::uint8_t>(Layout::DlaHwc4) + 1;
constexpr auto kNumPrecisions = static_cast<std::uint8_t>(Precision::Int8) + 1;

// --- writing -------------------------------------------------------------------------------------

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

  template <class Table>
  std::span<const std::byte> finish(Offset<Table> root) {
    builder_.Finish(root);
    return std::as_bytes(std::span(builder_.GetBufferPointer(), builder_.GetSize()));
  }

  [[nodiscard]] std::span<const std::byte> weights() const { return weights_; }

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

// --- reading -------------------------------------------------------------------------------------

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::InvalidModel,
              "device::read_engine",
              "the engine contradicts itself: " + what + "; build it again");
}

std::string string_of(const flatbuffers::String* text) {
  return text == nullptr ? std::string() : text->str();
}

/// The elements of a vector that may be missing.
template <class T>
std::vector<T> vector_of(const flatbuffers::Vector<T>* values) {
  return values == nullptr ? std::vector<T>() : std::vector<T>(values->begin(), values->end());
}

template <class T>
flatbuffers::uoffset_t size_of_vector(const flatbuffers::Vector<T>* values) {
  return values == nullptr ? 0 : values->size();
}

DType dtype_from(std::uint8_t code) {
  if (code >= kNumDTypes) {
    refuse("an element type is unknown");
  }
  return static_cast<DType>(code);
}

class Reader {
 public:
  Reader(std::span<const std::byte> weights, std::shared_ptr<const void> owner)
      : weights_(weights), owner_(std::move(owner)) {}

  Graph graph(const format::GraphData* data) {
    if (data == nullptr) {
      refuse("it has no graph");
    }
    Graph graph;
    graph.name = string_of(data->name());
    for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data->values()); ++i) {
      add_value(graph, *data->values()->Get(i));
    }
    std::vector<ValueId> graph_inputs;
    for (const ValueId id : ids(data->inputs())) {
      if (id == kNoValue || graph.is_constant(id)) {
        refuse("an input is left out or constant");
      }
      graph_inputs.push_back(id);
    }
    graph.set_inputs(graph_inputs);
    for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data->nodes()); ++i) {
      add_node(graph, *data->nodes()->Get(i));
    }
    for (const ValueId id : ids(data->outputs())) {
      if (id == kNoValue) {
        refuse("an output is left out");
      }
      graph.add_output(id);
    }
    if (const auto defect = find_defect(graph)) {
      refuse(*defect);
    }
    return graph;
  }

  [[nodiscard]] ValueId id(std::int32_t index) const {
    if (index == -1) {
      return kNoValue;
    }
    if (index < 0 || static_cast<std::size_t>(index) >= ids_.size()) {
      refuse("a value is not in its graph");
    }
    return ids_[static_cast<std::size_t>(index)];
  }

  static std::vector<TensorDesc> descs(const flatbuffers::Vector<Offset<format::DescData>>* data) {
    std::vector<TensorDesc> all;
    for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data); ++i) {
      const format::DescData& d = *data->Get(i);
      if (d.layout() >= kNumLayouts) {
        refuse("a layout is unknown");
      }
      all.push_back({.name = string_of(d.name()),
                     .dtype = dtype_from(d.dtype()),
                     .shape = Shape(vector_of(d.shape())),
                     .layout = static_cast<Layout>(d.layout()),
                     .scale = d.scale()});
    }
    return all;
  }

 private:
  Tensor tensor(const format::TensorData& data) {
    const DType dtype = dtype_from(data.dtype());
    Shape shape(vector_of(data.shape()));
    const std::uint64_t size = static_cast<std::uint64_t>(shape.num_elements()) * size_of(dtype);
    if (data.offset() > weights_.size() || size > weights_.size() - data.offset() ||
        data.offset() % kWeightAlignment != 0) {
      refuse("a constant lies outside of its weights");
    }
    // The mapping is read-only; so is every constant.
    auto* elements = const_cast<std::byte*>(weights_.data() + data.offset());
    return Tensor::wrap(dtype, std::move(shape), elements, owner_);
  }

  void add_value(Graph& graph, const format::ValueData& data) {
    const std::string name = string_of(data.name());
    if (name.empty() || graph.find_value(name)) {
      refuse("a value has no name of its own");
    }
    if (const format::TensorData* constant = data.constant()) {
      ids_.push_back(graph.add_constant(name, tensor(*constant)));
    } else {
      ids_.push_back(
          graph.add_value(name, {dtype_from(data.dtype()), Shape(vector_of(data.shape()))}));
    }
  }

  [[nodiscard]] std::vector<ValueId> ids(const flatbuffers::Vector<std::int32_t>* indices) const {
    std::vector<ValueId> all;
    for (const std::int32_t index : vector_of(indices)) {
      all.push_back(id(index));
    }
    return all;
  }

  void add_node(Graph& graph, const format::NodeData& data) {
    Node node{.name = string_of(data.name()),
              .op = string_of(data.op()),
              .inputs = ids(data.inputs()),
              .outputs = ids(data.outputs()),
              .attributes = {}};
    for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data.attributes()); ++i) {
      const format::AttributeData& attribute = *data.attributes()->Get(i);
      node.attributes.set(string_of(attribute.name()), attribute_of(attribute));
    }
    std::unordered_set<ValueId> made;
    for (const ValueId output : node.outputs) {
      if (output != kNoValue && (graph.producer(output) || graph.is_input(output) ||
                                 graph.is_constant(output) || !made.insert(output).second)) {
        refuse("a value is made twice");
      }
    }
    graph.add_node(std::move(node));
  }

  Attribute attribute_of(const format::AttributeData& data) {
    switch (data.kind()) {
      case 0:
        return data.integer();
      case 1:
        return data.real();
      case 2:
        return string_of(data.text());
      case 3:
        return vector_of(data.integers());
      case 4:
        return vector_of(data.reals());
      case 5: {
        std::vector<std::string> texts;
        for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data.texts()); ++i) {
          texts.push_back(data.texts()->Get(i)->str());
        }
        return texts;
      }
      case 6:
        if (data.tensor() != nullptr) {
          return tensor(*data.tensor());
        }
        break;
      default:
        break;
    }
    refuse("an attribute is of an unknown kind");
  }

  std::span<const std::byte> weights_;
  std::shared_ptr<const void> owner_;
  std::vector<ValueId> ids_;
};

std::vector<Placement> placements_of(const format::EngineData& data,
                                     const Graph& graph,
                                     const Reader& reader) {
  std::vector<Placement> all;
  for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data.placements()); ++i) {
    const format::PlacementData& p = *data.placements()->Get(i);
    const ValueId id = reader.id(p.value());
    if (id == kNoValue || p.size() > data.arena_bytes() ||
        p.offset() > data.arena_bytes() - p.size()) {
      refuse("a value lies outside of the arena");
    }
    const TensorType type = graph.type(id);
    if (static_cast<std::uint64_t>(type.shape.num_elements()) * size_of(type.dtype) > p.size()) {
      refuse("the place of '" + graph.value(id).name + "' is too small");
    }
    all.push_back({.value = id, .offset = p.offset(), .size = p.size()});
  }
  return all;
}

Engine engine_of(const format::EngineData& data, Reader reader, std::string content_hash) {
  if (data.precision() >= kNumPrecisions) {
    refuse("its precision is unknown");
  }
  Engine engine;
  engine.backend = string_of(data.backend());
  engine.capability = string_of(data.capability());
  engine.content_hash = std::move(content_hash);
  engine.precision = static_cast<Precision>(data.precision());
  engine.inputs = Reader::descs(data.inputs());
  engine.outputs = Reader::descs(data.outputs());
  for (flatbuffers::uoffset_t i = 0; i < size_of_vector(data.observed()); ++i) {
    engine.observed.push_back(data.observed()->Get(i)->str());
  }
  engine.graph = reader.graph(data.graph());
  engine.placements = placements_of(data, engine.graph, reader);
  engine.arena_bytes = data.arena_bytes();
  return engine;
}

}  // namespace

bool is_engine(std::span<const std::byte> bytes) noexcept {
  return engine_container::has_magic(bytes);
}

std::vector<std::byte> write_engine(const Engine& engine) {
  Writer writer;
  const std::span<const std::byte> meta = writer.finish(writer.engine(engine));
  return engine_container::pack(
      {.content_hash = engine.content_hash, .sections = {meta, writer.weights(), engine.blob}});
}

Engine read_engine(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  const engine_container::Contents contents = engine_container::unpack(bytes);
  const auto [meta, weights, blob] = contents.sections;
  // The default limit of a million tables is reached by a large network's attributes.
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(meta.data()),
                                 meta.size(),
                                 /*max_depth=*/16,
                                 /*max_tables=*/1U << 24U);
  if (!format::VerifyEngineDataBuffer(verifier)) {
    refuse("its description is malformed");
  }
  try {
    Engine engine = engine_of(*format::GetEngineData(meta.data()),
                              Reader(weights, std::move(owner)),
                              contents.content_hash);
    engine.blob.assign(blob.begin(), blob.end());
    return engine;
  } catch (const Error& e) {
    if (e.code() == ErrorCode::InvalidModel) {
      throw;
    }
    refuse(e.what());  // a shape that overflows
  }
}

std::string content_hash(std::string_view backend,
                         const Graph& graph,
                         const Capability& capability,
                         const CompileOptions& options) {
  Hasher hasher;
  const auto update = [&hasher](const auto& plain) {
    hasher.update(std::as_bytes(std::span(&plain, 1)));
  };
  hasher.update(backend);
  update(engine_container::kFormatVersion);
  hasher.update(capability.name);
  update(options.precision);
  update(options.optimize);
  for (const auto& [name, io] : options.io) {
    hasher.update(name);
    update(io.dtype);
    update(io.layout);
    update(io.scale);
    update(io.rounding);
  }
  hasher.update(std::string_view("scales"));
  for (const auto& [name, scale] : options.scales) {
    hasher.update(name);
    update(scale);
  }
  hasher.update(std::string_view("observe"));
  for (const std::string& name : options.observe) {
    hasher.update(name);
  }
  if (!options.observe.empty()) {
    update(options.observe_any_order);
  }
  Writer writer;
  hasher.update(writer.finish(writer.graph(graph)));
  hasher.update(writer.weights());
  return hasher.hex_digest();
}

}  // namespace mtmi
