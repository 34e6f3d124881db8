#include "mtmi/device/engine_file.h"

#include <utility>

#include "mtmi/core/hash.h"
#include "mtmi/device/engine_container.h"
#include "mtmi/device/engine_meta.h"

namespace mtmi {

bool is_engine(std::span<const std::byte> bytes) noexcept {
  return engine_container::has_magic(bytes);
}

std::vector<std::byte> write_engine(const Engine& engine) {
  const engine_meta::Sections sections = engine_meta::write(engine);
  return engine_container::pack({.content_hash = engine.content_hash,
                                 .sections = {sections.meta, sections.weights, engine.blob}});
}

Engine read_engine(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  const engine_container::Contents contents = engine_container::unpack(bytes);
  const auto [meta, weights, blob] = contents.sections;
  Engine engine = engine_meta::read(meta, weights, std::move(owner));
  engine.content_hash = contents.content_hash;
  engine.blob.assign(blob.begin(), blob.end());
  return engine;
}

std::string content_hash(std::string_view backend,
                         const Graph& graph,
                         const Capability& capability,
                         const CompileOptions& options) {
  Hasher hasher;
  const auto update = [&hasher](const auto& plain) {
    hasher.update(std::as_bytes(std::span(&plain, 1)));
  };
  hasher.update(backend);
  update(engine_container::kFormatVersion);
  hasher.update(capability.name);
  update(options.precision);
  update(options.optimize);
  for (const auto& [name, io] : options.io) {
    hasher.update(name);
    update(io.dtype);
    update(io.layout);
    update(io.scale);
    update(io.rounding);
  }
  hasher.update(std::string_view("scales"));
  for (const auto& [name, scale] : options.scales) {
    hasher.update(name);
    update(scale);
  }
  hasher.update(std::string_view("observe"));
  for (const std::string& name : options.observe) {
    hasher.update(name);
  }
  if (!options.observe.empty()) {
    update(options.observe_any_order);
  }
  const engine_meta::Sections sections = engine_meta::write(graph);
  hasher.update(sections.meta);
  hasher.update(sections.weights);
  return hasher.hex_digest();
}

}  // namespace mtmi
