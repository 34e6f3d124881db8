// Each part as its device likes it.
#pragma once

#include <filesystem>
#include <string>

#include "mtmi/bundle/manifest.h"
#include "mtmi/deploy/cut.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/graph/graph.h"

namespace mtmi::deploy {

/// The part, rewritten for its device: an ONNX file. What is calibrated, checked and built is this
/// graph, as load_part() reads it.
[[nodiscard]] bundle::HashedFile rewrite_part(StepStore& store, Cut& cut, const Part& part);

/// The graph as parts/NAME-HASH.onnx, a file of kind "model".
void add_model(StepWriter& writer, const std::string& name, const Graph& graph);

/// The graph that rewrite_part() or add_model() wrote for devices of `backend`. Throws what
/// onnx::read_model() throws.
[[nodiscard]] Graph load_part(const std::filesystem::path& model, const std::string& backend);

}  // namespace mtmi::deploy
