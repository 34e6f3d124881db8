#include "mtmi/eval/eval_for_tests.h"

#include "mtmi/backends/register_all.h"
#include "mtmi/core/file.h"
#include "mtmi/eval/small_network_for_tests.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/scenes/dataset.h"

namespace mtmi::eval {
const Registry& registry_for_tests() {
  static const Registry registry = [] {
    Registry all;
    register_all_backends(all);
    return all;
  }();
  return registry;
}

SmallNetwork::SmallNetwork() {
  onnx::write_model(parse_text(kSmallNetwork), model());
  write_file(folder_ / "net.toml", kSmallNetworkCard);
  scenes::write_dataset(scenes(),
                        {.seed = 3000, .first = 0, .count = 4, .size = {.height = 32, .width = 64}},
                        [](std::int64_t) {});
}

Network SmallNetwork::load() const {
  return load_network(model(), {}, SceneSet(scenes()));
}

std::vector<PreparedScene> SmallNetwork::prepare(const Network& network, std::size_t count) const {
  const SceneSet scene_set(scenes(), count);
  const Experiment experiment{.card = network.card,
                              .input = network.input,
                              .input_shape = network.input_shape,
                              .shared = make_shared_encoder(registry_for_tests(), network),
                              .variants = {}};
  std::vector<PreparedScene> prepared;
  for (std::size_t i = 0; i < scene_set.size(); ++i) {
    prepared.push_back(eval::prepare(scene_set, experiment, i));
  }
  return prepared;
}

}  // namespace mtmi::eval
