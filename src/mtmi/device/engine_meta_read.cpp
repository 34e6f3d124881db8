#include <unordered_set>
#include <utility>

#include <engine_generated.h>

#include "mtmi/device/engine_meta.h"
#include "mtmi/error.h"

namespace mtmi::engine_meta {
namespace {

namespace format = engine_format;
using flatbuffers::Offset;

constexpr auto kNumDTypes = static_cast<std::uint8_t>(DType::Bool) + 1;
constexpr auto kNumLayouts = static_cast<std::uint8_t>(Layout::DlaHwc4) + 1;
constexpr auto kNumPrecisions = static_cast<std::uint8_t>(Precision::Int8) + 1;

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

Engine engine_of(const format::EngineData& data, Reader reader) {
  if (data.precision() >= kNumPrecisions) {
    refuse("its precision is unknown");
  }
  Engine engine;
  engine.backend = string_of(data.backend());
  engine.capability = string_of(data.capability());
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

Engine read(std::span<const std::byte> meta,
            std::span<const std::byte> weights,
            std::shared_ptr<const void> owner) {
  // The default limit of a million tables is reached by a large network's attributes.
  flatbuffers::Verifier verifier(reinterpret_cast<const std::uint8_t*>(meta.data()),
                                 meta.size(),
                                 /*max_depth=*/16,
                                 /*max_tables=*/1U << 24U);
  if (!format::VerifyEngineDataBuffer(verifier)) {
    refuse("its description is malformed");
  }
  try {
    return engine_of(*format::GetEngineData(meta.data()), Reader(weights, std::move(owner)));
  } catch (const Error& e) {
    if (e.code() == ErrorCode::InvalidModel) {
      throw;
    }
    refuse(e.what());  // a shape that overflows
  }
}

}  // namespace mtmi::engine_meta
