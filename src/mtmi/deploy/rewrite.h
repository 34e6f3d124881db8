// Each part as its device likes it.
#pragma once

#include <filesystem>
#include <string>

#include "mtmi/deploy/cut.h"
#include "mtmi/deploy/parts.h"
#include "mtmi/deploy/step_store.h"

namespace mtmi::deploy {

/// The part, rewritten for its device: an ONNX file. What is calibrated, checked and built is this
/// graph, as load_part() reads it.
[[nodiscard]] bundle::HashedFile rewrite_part(StepStore& store, Cut& cut, const Part& part);

/// The graph that rewrite_part() wrote for devices of `backend`. Throws what onnx::read_model()
/// throws.
[[nodiscard]] Graph load_part(const std::filesystem::path& model, const std::string& backend);

}  // namespace mtmi::deploy
