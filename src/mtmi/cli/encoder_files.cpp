#include "mtmi/cli/encoder_files.h"

#include "mtmi/bundle/model_card.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/error.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::cli {

std::unique_ptr<calibration::Encoder> open_encoder(const Backend& cpu,
                                                   const std::filesystem::path& file) {
  const Graph graph = load_graph(file, {});
  const bundle::ModelCard card = bundle::find_card(file, graph);
  try {
    if (card.inputs.empty()) {
      throw Error(ErrorCode::InvalidArgument,
                  "cli::open_encoder",
                  "no input takes images f32[1,3,H,W]: give features as .npy files");
    }
    return std::make_unique<calibration::Encoder>(
        cpu, passes::rewrite_for(graph, "cpu"), card.inputs.begin()->second);
  } catch (const Error& e) {
    throw e.with_context(file.string());
  }
}

}  // namespace mtmi::cli
