#include "mtmi/deploy/bundle_manifest.h"

#include <string>

#include <nlohmann/json.hpp>

#include "mtmi/bundle/target_file.h"
#include "mtmi/core/file.h"
#include "mtmi/error.h"
#include "mtmi/version.h"

namespace mtmi::deploy {
namespace {

constexpr int kTargetFormat = 1;

std::filesystem::path manifest_in(const std::filesystem::path& folder) {
  return folder / "manifest.json";
}

bundle::HashedFile store_target(StepStore& store, const Target& target) {
  const std::string text = bundle::to_toml(target);
  StepKey key("target", "", kTargetFormat);
  key.add("text", text);
  return store
      .run(key,
           [&text](StepWriter& writer) {
             writer.add_file("target", "parts", "target", ".toml", text);
           })
      .file("target");
}

}  // namespace

void require_own_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = manifest_in(folder);
  if (!std::filesystem::exists(path)) {
    return;
  }
  const MappedFile file(path);
  const bool is_damaged = !nlohmann::json::accept(file.text());
  const bool has_steps = std::filesystem::is_directory(folder / "steps");
  if (!bundle::is_manifest(file.text()) && !(is_damaged && has_steps)) {
    throw Error(ErrorCode::InvalidArgument,
                "deploy::deploy",
                path.string() +
                    ": not of a bundle: it would be overwritten, so give the bundle a "
                    "folder of its own");
  }
}

bundle::Manifest begin_manifest(StepStore& store,
                                const Source& source,
                                const Simplified& simplified,
                                const Outline& outline,
                                const HandOffs& hand_offs,
                                const Target& target) {
  bundle::Manifest manifest;
  manifest.mtmi_version = version();
  manifest.network = simplified.network;
  manifest.source_hash = source.hash();
  manifest.simplified = simplified.model;
  manifest.card = simplified.card;
  manifest.target = store_target(store, target);
  manifest.features = outline.features;
  manifest.feature_results = outline.feature_results;
  manifest.hand_off_bytes = hand_offs.bytes;
  return manifest;
}

bundle::Part entry_of(const BuiltPart& part) {
  return {.kind = part.part.kind,
          .name = part.part.name,
          .head = part.part.head,
          .model = part.part.model,
          .engine = part.built.engine,
          .device = *part.part.target.device,
          .capability = part.built.capability,
          .precision = std::string(to_string(*part.part.target.precision)),
          .fallback = part.part.fallback,
          .predicted_ms = part.built.predicted_ms,
          .scales = part.part.scale_files,
          .inputs = part.built.inputs,
          .outputs = part.built.outputs};
}

void write_manifest(StepStore& store, const bundle::Manifest& manifest) {
  const std::filesystem::path path = manifest_in(store.folder());
  const std::string text = bundle::to_json(manifest);
  if (std::filesystem::is_regular_file(path)) {
    const MappedFile old(path);
    if (old.text() == text) {
      return;
    }
    try {
      (void)bundle::parse_manifest(old.text(), path.string());
    } catch (const Error&) {
      store.report(path.string() + ": edited, damaged or of another version; written again");
    }
  }
  write_file(path, text);
}

}  // namespace mtmi::deploy
