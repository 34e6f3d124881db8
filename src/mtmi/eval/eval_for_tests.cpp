#include "mtmi/eval/eval_for_tests.h"

#include "mtmi/backends/register_all.h"
#include "mtmi/core/file.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/scenes/dataset.h"

namespace mtmi::eval {
namespace {

constexpr const char* kNetwork = R"(graph "two_tasks" {
  input %image: f32[1,3,height,width]
  const %w1: f32[8,3,3,3] = random(1)
  const %ws: f32[19,8,1,1] = random(3)
  const %wd: f32[1,8,1,1] = random(4)
  const %up: f32[4] = [1, 1, 4, 4]
  const %tenth: f32[1] = [0.1]
  const %range: f32[] = [80]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f = Relu(%a)
  %s = Conv(%f, %ws)
  %scores = Resize(%s, _, %up) {mode = "linear"}
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %d = Conv(%f, %wd)
  %small = Mul(%d, %tenth)
  %e = Sigmoid(%small)
  %near = Resize(%e, _, %up) {mode = "linear"}
  %depth = Mul(%near, %range)
  output %seg
  output %depth
})";

constexpr const char* kCard = R"([output.seg]
task = "segmentation"
classes = "cityscapes"
[output.depth]
task = "depth"
canonical_focal = 40
)";

}  // namespace

const Registry& registry_for_tests() {
  static const Registry registry = [] {
    Registry all;
    register_all_backends(all);
    return all;
  }();
  return registry;
}

SmallNetwork::SmallNetwork() {
  onnx::write_model(parse_text(kNetwork), model());
  write_file(folder_ / "net.toml", kCard);
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
