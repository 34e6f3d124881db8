#include "mtmi/eval/network.h"

#include <utility>

#include "mtmi/bundle/manifest.h"
#include "mtmi/core/file.h"
#include "mtmi/device/convert.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::eval {
namespace {

/// The shapes that the user gave, and [1,3,H,W] for the one input that was left open.
passes::InputShapes shapes_for(const Graph& graph,
                               passes::InputShapes shapes,
                               const SceneSet& scenes) {
  if (graph.inputs().size() == 1) {
    const Value& input = graph.value(graph.inputs().front());
    if (!input.shape && !shapes.contains(input.name)) {
      const vision::Image image = scenes.load(0).image;
      shapes.emplace(input.name, Shape{1, 3, image.height(), image.width()});
    }
  }
  return shapes;
}

/// What there is to cut: nothing in a network of one output, unless it was cut before.
split::Split cut(const Graph& graph, const std::vector<std::string>& features) {
  if (graph.outputs().size() > 1 || !features.empty()) {
    return split::split_graph(graph, {.cut = features, .tail = {}});
  }
  split::Split whole;
  whole.encoder = graph;
  whole.feature_results.push_back(graph.value(graph.outputs().front()).name);
  return whole;
}

Network describe(const Graph& graph, bundle::ModelCard card, split::Split parts) {
  if (graph.inputs().size() != 1 || card.inputs.size() != 1) {
    throw Error(ErrorCode::Unsupported,
                "eval::load_network",
                "the network has " + std::to_string(graph.inputs().size()) + " inputs, of which " +
                    std::to_string(card.inputs.size()) + " take images; expected one that does");
  }
  Network network;
  network.input = card.inputs.begin()->first;
  network.input_shape = graph.type(graph.inputs().front()).shape;
  network.card = std::move(card);
  network.parts = std::move(parts);
  return network;
}

Network load_bundle(const std::filesystem::path& folder) {
  const bundle::Manifest manifest = bundle::open_bundle(folder);
  const Graph graph =
      passes::specialize(onnx::read_model(folder / manifest.simplified.path).graph, {}, folder);
  const std::filesystem::path card = folder / manifest.card.path;
  return describe(graph,
                  bundle::parse_card(MappedFile(card).text(), card.string(), graph),
                  cut(passes::simplify(graph).graph, manifest.features));
}

Network load_model(const std::filesystem::path& path,
                   const passes::InputShapes& given,
                   const SceneSet& scenes) {
  Graph read = onnx::read_model(path).graph;
  const passes::InputShapes shapes = shapes_for(read, given, scenes);
  const Graph graph = passes::specialize(std::move(read), shapes, path);
  return describe(graph, bundle::find_card(path, graph), cut(passes::simplify(graph).graph, {}));
}

/// What a model gives together with outputs that the encoder has made already.
Model with_feature_results(std::shared_ptr<PartChain> chain, std::vector<std::string> results) {
  return [chain = std::move(chain), results = std::move(results)](const TensorMap& values) {
    TensorMap outputs = chain->run(values);
    for (const std::string& name : results) {
      if (const auto found = values.find(name); found != values.end()) {
        outputs.insert(*found);
      }
    }
    return outputs;
  };
}

}  // namespace

Network load_network(const std::filesystem::path& path,
                     const passes::InputShapes& shapes,
                     const SceneSet& scenes) {
  return std::filesystem::is_directory(path) ? load_bundle(path) : load_model(path, shapes, scenes);
}

TensorMap PartChain::run(const TensorMap& values) {
  TensorMap known = values;
  TensorMap made;
  for (const std::unique_ptr<Session>& part : parts_) {
    TensorMap outputs = part->run(known);
    for (const TensorDesc& desc : part->outputs()) {
      const Tensor real = to_real(outputs.at(desc.name), desc.scale);
      known.insert_or_assign(desc.name, real);
      made.insert_or_assign(desc.name, real);
    }
  }
  return made;
}

std::unique_ptr<Session> open_float_part(const Registry& registry, const Graph& part) {
  return std::make_unique<Session>(
      registry.backend("cpu"), passes::rewrite_for(part, "cpu"), CompileOptions{});
}

Model make_shared_encoder(const Registry& registry, const Network& network) {
  const auto encoder = std::make_shared<PartChain>();
  encoder->add(open_float_part(registry, network.parts.encoder));
  return [encoder](const TensorMap& inputs) { return encoder->run(inputs); };
}

Variant make_float_variant(const Registry& registry, const Network& network) {
  const auto chain = std::make_shared<PartChain>();
  for (const split::Head& head : network.parts.heads) {
    chain->add(open_float_part(registry, head.graph));
    if (head.tail) {
      chain->add(open_float_part(registry, *head.tail));
    }
  }
  return {.name = "float32", .model = with_feature_results(chain, network.parts.feature_results)};
}

Variant make_bundle_variant(const Registry& registry, const std::filesystem::path& folder) {
  const auto chain = std::make_shared<PartChain>();
  for (const bundle::Part& part : bundle::open_bundle(folder).parts) {
    const DeviceName device = parse_device_name(part.device);
    const MappedFile engine(folder / part.engine.path);
    chain->add(std::make_unique<Session>(
        registry.backend(device.backend).open(device.index), engine.bytes(), engine.owner()));
  }
  return {.name = "bundle",
          .model = [chain](const TensorMap& values) { return chain->run(values); }};
}

}  // namespace mtmi::eval
