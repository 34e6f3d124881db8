#include "mtmi/cli/encoder_files.h"

#include "mtmi/bundle/model_card.h"
#include "mtmi/cli/model_files.h"
#include "mtmi/error.h"
#include "mtmi/passes/simplify.h"

namespace mtmi::cli {

namespace {

void require_features(const Graph& encoder, const SplitFolder& split) {
  for (const std::string& feature : split.features) {
    const auto value = encoder.find_value(feature);
    if (!value || !(encoder.is_output(*value) || encoder.is_input(*value))) {
      throw Error(ErrorCode::InvalidModel,
                  "cli::open_encoder",
                  "has no output '" + feature +
                      "', which split.json calls a feature; split the network again");
    }
  }
}

}  // namespace

std::unique_ptr<calibration::Encoder> open_encoder(const Backend& cpu, const SplitFolder& split) {
  const std::filesystem::path& file = split.encoder;
  const Graph graph = load_graph(file, {});
  const bundle::ModelCard card = bundle::find_card(file, graph);
  try {
    require_features(graph, split);
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
