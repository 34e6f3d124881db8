#include "mtmi/deploy/source.h"

#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include "mtmi/core/hash.h"
#include "mtmi/onnx/reader.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

/// Which files stand beside the model with its tensors: only the model says.
std::vector<std::string> external_files(const std::filesystem::path& model,
                                        const std::string& model_hash,
                                        StepStore& store) {
  StepKey key("read", "", kFormat);
  key.add("model", model_hash);
  const StepResult read = store.run(key, [&](StepWriter& writer) {
    writer.set_facts(nlohmann::json(onnx::read_model(model).external_files).dump());
  });
  return nlohmann::json::parse(read.facts).get<std::vector<std::string>>();
}

}  // namespace

Source::Source(const DeployOptions& options, StepStore& store, KnownHashes& hashes)
    : model_(options.model), input_shapes_(options.input_shapes) {
  Hasher hasher;
  const std::string model_hash = hashes.of(model_);
  hasher.update(model_hash);
  for (const std::string& file : external_files(model_, model_hash, store)) {
    hasher.update(file);
    hasher.update(hashes.of(model_.parent_path() / file));
  }
  for (const auto& [name, shape] : input_shapes_) {
    hasher.update(name);
    hasher.update(to_string(shape));
  }
  hash_ = hasher.hex_digest();
  const std::filesystem::path card = bundle::card_path(model_);
  card_hash_ = std::filesystem::exists(card) ? hashes.of(card) : "none";
}

const Graph& Source::graph() {
  if (!graph_) {
    graph_ = passes::specialize(onnx::read_model(model_).graph, input_shapes_, model_);
  }
  return *graph_;
}

const bundle::ModelCard& Source::card() {
  if (!card_) {
    card_ = bundle::find_card(model_, graph());
  }
  return *card_;
}

}  // namespace mtmi::deploy
