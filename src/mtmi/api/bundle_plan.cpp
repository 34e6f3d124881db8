#include "mtmi/api/bundle_plan.h"

#include <utility>

#include "mtmi/device/registry.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

using bundle::Manifest;
using bundle::Part;
using bundle::PartKind;

bool runs_on(const Part& part, const std::string& device) {
  return parse_device_name(device).backend == parse_device_name(part.device).backend;
}

/// `device`, if the part's engine runs on that kind of device.
std::string require_engine(const Part& part, const std::string& device) {
  if (!runs_on(part, device)) {
    throw Error(ErrorCode::Unsupported,
                "api::plan_of",
                "part '" + part.name + "': the target wants " + device +
                    ", the bundle's engine is for " + part.device +
                    "; deploy the network again with this target");
  }
  return to_string(parse_device_name(device));
}

/// A part that its device refuses was built for another, which then runs it: the stand-by of the
/// first does not count either.
PartTarget with_fallback(const Part& part, PartTarget wanted) {
  if (!part.fallback.empty() && !runs_on(part, *wanted.device)) {
    wanted.device = part.device;
    wanted.stand_by.reset();
  }
  return wanted;
}

Stage stage_of(const Part& part, const PartTarget& target) {
  const PartTarget wanted = with_fallback(part, target);
  Stage stage;
  stage.name = part.name;
  stage.head = part.head;
  // A part that its device has refused runs on the fallback that it was built for.
  const bool fell_back = !part.fallback.empty();
  const std::string& device = fell_back ? part.device : *wanted.device;
  stage.use = {.device = require_engine(part, device), .engine = part.engine.path};
  if (wanted.stand_by && !fell_back) {
    stage.stand_by =
        EngineUse{.device = require_engine(part, *wanted.stand_by), .engine = part.engine.path};
  }
  stage.inputs = part.inputs;
  stage.outputs = part.outputs;
  stage.every = wanted.every.value_or(1);
  stage.timeout_ms = wanted.timeout_ms;
  return stage;
}

std::vector<std::string> heads_of(const Manifest& manifest) {
  std::vector<std::string> heads;
  for (const Part& part : manifest.parts) {
    if (part.kind == PartKind::Head) {
      heads.push_back(part.head);
    }
  }
  return heads;
}

}  // namespace

Plan plan_of(const Manifest& manifest, const Target& target) {
  const std::vector<std::string> heads = heads_of(manifest);
  if (const auto unknown = unknown_heads(target, heads); !unknown.empty()) {
    std::string names;
    for (const std::string& head : heads) {
      names += (names.empty() ? "" : ", ") + head;
    }
    throw Error(ErrorCode::InvalidArgument,
                "api::plan_of",
                "target '" + target.name + "': got head '" + unknown.front() +
                    "', expected one of: " + names);
  }
  std::vector<Stage> stages;
  std::size_t head_index = 0;
  for (const Part& part : manifest.parts) {
    switch (part.kind) {
      case PartKind::Encoder:
        stages.push_back(stage_of(part, encoder_target(target)));
        break;
      case PartKind::Head:
        stages.push_back(stage_of(part, head_target(target, head_index++, part.head)));
        break;
      case PartKind::Tail:
        PartTarget tail;
        tail.device = target.tail_device;
        stages.push_back(stage_of(part, tail));
        break;
    }
  }
  return make_plan(std::move(stages), manifest.feature_results);
}

}  // namespace mtmi
