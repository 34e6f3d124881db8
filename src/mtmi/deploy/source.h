// The network as it came: the ONNX file, the files beside it, and its model card.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "mtmi/bundle/model_card.h"
#include "mtmi/deploy/known_hashes.h"
#include "mtmi/deploy/options.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/graph/graph.h"

namespace mtmi::deploy {

/// Known by its hashes at once; read when a step asks for what is inside. Thread-compatible.
class Source {
 public:
  /// Hashes the files. Throws Error(Io), and what onnx::read_model() throws where the model is new.
  Source(const DeployOptions& options, StepStore& store, KnownHashes& hashes);

  /// Of the model, its external data, and the shapes that its inputs are given.
  [[nodiscard]] const std::string& hash() const noexcept { return hash_; }

  /// Of the card's file; "none" where there is none.
  [[nodiscard]] const std::string& card_hash() const noexcept { return card_hash_; }

  /// Every shape known. Throws what onnx::read_model() and passes::specialize() throw, naming the
  /// file.
  [[nodiscard]] const Graph& graph();
  /// Throws as bundle::find_card().
  [[nodiscard]] const bundle::ModelCard& card();

 private:
  std::filesystem::path model_;
  passes::InputShapes input_shapes_;
  std::string hash_;
  std::string card_hash_;
  std::optional<Graph> graph_;
  std::optional<bundle::ModelCard> card_;
};

}  // namespace mtmi::deploy
