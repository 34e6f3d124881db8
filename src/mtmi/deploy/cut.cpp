#include "mtmi/deploy/cut.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/assert.h"
#include "mtmi/device/registry.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/split/find_cut.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 2;

split::Split split_or_keep(const Graph& graph, const std::vector<std::string>& cut) {
  if (!cut.empty() || split::find_cut(graph)) {
    return split::split_graph(graph, {.cut = cut, .tail = {}});
  }
  split::Split whole;
  whole.encoder = graph;
  for (const ValueId output : graph.outputs()) {
    whole.feature_results.push_back(graph.value(output).name);
  }
  return whole;
}

std::vector<std::string> names_of(const Graph& graph, std::span<const ValueId> ids) {
  std::vector<std::string> names;
  for (const ValueId id : ids) {
    names.push_back(graph.value(id).name);
  }
  return names;
}

void add_types(const Graph& graph, std::map<std::string, TensorType>& types) {
  for (const ValueId id : graph.outputs()) {
    types.emplace(graph.value(id).name, graph.type(id));
  }
}

Outline outline_of(const split::Split& split) {
  Outline outline{.heads = {},
                  .features = split.features,
                  .feature_results = split.feature_results,
                  .hand_off_bytes = split.hand_off_bytes,
                  .types = {}};
  add_types(split.encoder, outline.types);
  for (const split::Head& head : split.heads) {
    outline.heads.push_back({.name = head.name,
                             .inputs = names_of(head.graph, head.graph.inputs()),
                             .outputs = names_of(head.graph, head.graph.outputs()),
                             .results = head.results,
                             .has_tail = head.tail.has_value()});
    add_types(head.graph, outline.types);
  }
  return outline;
}

std::string to_json(const Outline& outline) {
  nlohmann::json heads = nlohmann::json::array();
  for (const HeadOutline& head : outline.heads) {
    heads.push_back({{"name", head.name},
                     {"inputs", head.inputs},
                     {"outputs", head.outputs},
                     {"results", head.results},
                     {"has_tail", head.has_tail}});
  }
  nlohmann::json types = nlohmann::json::object();
  for (const auto& [name, type] : outline.types) {
    types[name] = {{"type", to_string(type.dtype)}, {"shape", type.shape.extents()}};
  }
  const nlohmann::json json{{"heads", std::move(heads)},
                            {"features", outline.features},
                            {"feature_results", outline.feature_results},
                            {"hand_off_bytes", outline.hand_off_bytes},
                            {"types", std::move(types)}};
  try {
    return json.dump();
  } catch (const nlohmann::json::type_error&) {
    throw Error(ErrorCode::Unsupported,
                "deploy::Cut",
                "the name of a feature or of an output is not UTF-8; rename it in the model");
  }
}

Outline parse_outline(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text);
  Outline outline{
      .heads = {},
      .features = json.at("features").get<std::vector<std::string>>(),
      .feature_results = json.at("feature_results").get<std::vector<std::string>>(),
      .hand_off_bytes = json.at("hand_off_bytes").get<std::size_t>(),
      .types = {},
  };
  for (const nlohmann::json& head : json.at("heads")) {
    outline.heads.push_back({.name = head.at("name").get<std::string>(),
                             .inputs = head.at("inputs").get<std::vector<std::string>>(),
                             .outputs = head.at("outputs").get<std::vector<std::string>>(),
                             .results = head.at("results").get<std::vector<std::string>>(),
                             .has_tail = head.at("has_tail").get<bool>()});
  }
  for (const auto& [name, type] : json.at("types").items()) {
    outline.types.emplace(
        name,
        TensorType{.dtype = parse_dtype(type.at("type").get<std::string>()).value(),
                   .shape = Shape(type.at("shape").get<std::vector<std::int64_t>>())});
  }
  return outline;
}

}  // namespace

Cut::Cut(StepStore& store, const bundle::HashedFile& whole, std::vector<std::string> cut)
    : whole_(store.path_of(whole)), cut_(std::move(cut)) {
  StepKey key("split", "", kFormat);
  key.add("network", whole.hash);
  for (const std::string& name : cut_) {
    key.add("cut", name);
  }
  hash_ = key.hash();
  outline_ = parse_outline(
      store
          .run(key, [this](StepWriter& writer) { writer.set_facts(to_json(outline_of(graphs()))); })
          .facts);
}

const split::Split& Cut::graphs() {
  if (!graphs_) {
    // simplify() puts what was expanded for the file together again.
    graphs_ = split_or_keep(passes::simplify(onnx::read_model(whole_).graph).graph, cut_);
  }
  return *graphs_;
}

const Graph& Cut::graph_of(const Part& part) {
  const split::Split& split = graphs();
  if (part.kind == bundle::PartKind::Encoder) {
    return split.encoder;
  }
  const auto head = std::find_if(split.heads.begin(), split.heads.end(), [&part](const auto& h) {
    return h.name == part.head;
  });
  MTMI_ASSERT(head != split.heads.end());
  MTMI_ASSERT(part.kind == bundle::PartKind::Head || head->tail.has_value());
  return part.kind == bundle::PartKind::Head ? head->graph : *head->tail;
}

}  // namespace mtmi::deploy
