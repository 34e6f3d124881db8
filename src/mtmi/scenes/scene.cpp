#include "mtmi/scenes/scene.h"

#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/random.h"
#include "mtmi/scenes/renderer.h"
#include "mtmi/scenes/sensor.h"
#include "mtmi/scenes/world.h"

namespace mtmi::scenes {
namespace {

// Streams of different (seed, index) must not overlap: each starts from a hash of both.
Random stream_of(std::uint64_t seed, std::uint64_t index) {
  Random outer(seed);
  const std::uint64_t from_seed = outer.next();
  Random inner(from_seed ^ index * 0xD1B54A32D192ED03U);
  return Random(inner.next());
}

}  // namespace

Scene render_scene(std::uint64_t seed, std::uint64_t index, SceneSize size, CameraRange cameras) {
  MTMI_ASSERT(size.height >= 16 && size.width >= 16 && size.height <= 8192 && size.width <= 8192);
  Random random = stream_of(seed, index);
  const Sensor sensor = make_sensor(random);
  World world = make_world(random, size.height, size.width, cameras);
  Rendering rendering =
      render(std::move(world.geometry), world.light, world.camera, size.height, size.width);
  return {.image = develop(std::move(rendering.radiance), sensor),
          .labels = std::move(rendering.labels),
          .depth = std::move(rendering.depth),
          .camera = world.camera};
}

}  // namespace mtmi::scenes
