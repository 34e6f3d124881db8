// Each part as its device likes it.
#pragma once

#include <filesystem>
#include <string>

#include "mtmi/deploy/cut.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"

namespace mtmi::deploy {

/// `graph` with the algebra that pays on devices of `backend` ("cpu", "dla_sim"), exact up to
/// rounding; inputs and outputs keep their names.
[[nodiscard]] Graph rewrite_for(Graph graph, const std::string& backend);

/// The part, rewritten for its device: an ONNX file. What is calibrated, checked and built is this
/// graph, as load_part() reads it.
[[nodiscard]] bundle::HashedFile rewrite_part(StepStore& store, Cut& cut, const Part& part);

/// The graph that rewrite_part() wrote for devices of `backend`. Throws what onnx::read_model()
/// throws.
[[nodiscard]] Graph load_part(const std::filesystem::path& model, const std::string& backend);

}  // namespace mtmi::deploy
