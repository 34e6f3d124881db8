#include "mtmi/deploy/rewrite.h"

#include <utility>

#include "mtmi/onnx/reader.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

}  // namespace

bundle::HashedFile rewrite_part(StepStore& store, Cut& cut, const Part& part) {
  const std::string backend = backend_of(part);
  StepKey key("rewrite", part.name, kFormat);
  key.add("split", cut.hash()).add("kind", std::string(bundle::to_string(part.kind)));
  key.add("for", std::to_string(static_cast<int>(passes::target_for(backend))));
  return store
      .run(key,
           [&](StepWriter& writer) {
             add_model(writer, part.name, passes::rewrite_for(cut.graph_of(part), backend));
           })
      .file("model");
}

void add_model(StepWriter& writer, const std::string& name, const Graph& graph) {
  writer.add_file(
      "model", "parts", name, ".onnx", onnx::serialize_model(passes::expand_for_onnx(graph)));
}

Graph load_part(const std::filesystem::path& model, const std::string& backend) {
  return passes::rewrite_for(onnx::read_model(model).graph, backend);
}

}  // namespace mtmi::deploy
