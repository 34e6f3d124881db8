#include "mtmi/deploy/deploy_for_tests.h"

#include <cstdint>

#include "mtmi/backends/register_all.h"
#include "mtmi/bundle/target_file.h"
#include "mtmi/core/file.h"
#include "mtmi/core/random.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/vision/image.h"

namespace mtmi::deploy {
namespace {

constexpr const char* kNetwork = R"(graph "two_tasks" {
  input %image: f32[1,3,32,64]
  const %w1: f32[8,3,3,3] = random(1)
  const %w2: f32[16,8,3,3] = random(2)
  const %ws: f32[5,8,1,1] = random(3)
  const %wt: f32[8,16,1,1] = random(5)
  const %wd: f32[1,8,1,1] = random(4)
  const %up2: f32[4] = [1, 1, 2, 2]
  const %up4: f32[4] = [1, 1, 4, 4]
  const %tenth: f32[1] = [0.1]
  const %range: f32[] = [80]
  %a = Conv(%image, %w1) {strides = [4, 4], pads = [1, 1, 1, 1]}
  %f1 = Relu(%a)
  %b = Conv(%f1, %w2) {strides = [2, 2], pads = [1, 1, 1, 1]}
  %f2 = Relu(%b)
  %s = Conv(%f1, %ws)
  %scores = Resize(%s, _, %up4) {mode = "linear"}
  %seg = ArgMax(%scores) {axis = 1, keepdims = 0}
  %t = Conv(%f2, %wt)
  %u = Resize(%t, _, %up2) {mode = "linear"}
  %v = Add(%u, %f1)
  %d = Conv(%v, %wd)
  %e = Mul(%d, %tenth)
  %near = Sigmoid(%e)
  %depth = Mul(%near, %range)
  output %seg
  output %depth
})";

vision::Image noise(std::uint64_t seed) {
  vision::Image image(32, 64);
  Random random(seed);
  for (std::uint8_t& pixel : image.data()) {
    pixel = static_cast<std::uint8_t>(random.next() & 255U);
  }
  return image;
}

const Registry& registry() {
  static const Registry registry = [] {
    Registry all;
    register_all_backends(all);
    return all;
  }();
  return registry;
}

}  // namespace

SmallDeploy::SmallDeploy(int images) {
  options_.model = folder_ / "net.onnx";
  options_.folder = folder_ / "bundle";
  onnx::write_model(parse_text(kNetwork), options_.model);
  write_file(folder_ / "net.toml", "[output.depth]\ntask = \"depth\"\n");
  for (int i = 0; i < images; ++i) {
    options_.images.push_back(folder_ / ("image" + std::to_string(i) + ".png"));
    vision::write_png(options_.images.back(), noise(static_cast<std::uint64_t>(i)));
  }
}

void SmallDeploy::use_int8() {
  options_.target = bundle::read_target("host");
}

void SmallDeploy::use_network(const char* text) const {
  onnx::write_model(parse_text(text), options_.model);
}

Deployment SmallDeploy::run(const ProgressFunction& progress) const {
  return deploy(options_, registry(), progress);
}

std::map<std::string, std::string> files_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::filesystem::path path = entry.path().lexically_relative(folder);
    if (entry.is_regular_file() && *path.begin() != "state") {
      files.emplace(path.string(), MappedFile(entry.path()).text());
    }
  }
  return files;
}

}  // namespace mtmi::deploy
