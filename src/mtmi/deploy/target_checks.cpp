#include "mtmi/deploy/target_checks.h"

#include <algorithm>
#include <set>
#include <string>

#include "mtmi/deploy/limits.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/device/registry.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

[[noreturn]] void refuse(const Target& target, const std::string& why) {
  throw Error(ErrorCode::InvalidArgument, "deploy::deploy", "target '" + target.name + "'" + why);
}

/// Whether a result of the head in `network` is of integers.
bool gives_labels(const HeadOutline& head, const Graph& network) {
  return std::any_of(head.results.begin(), head.results.end(), [&network](const auto& name) {
    const auto result = network.find_value(name);
    return result && !is_floating_point(network.type(*result).dtype);
  });
}

/// Whether the target names tensors of this one head, not of all.
bool has_own_kept_tensors(const Target& target, const Part& head) {
  const auto own = target.heads.find(head.head);
  return own != target.heads.end() && !own->second.keep_float.empty();
}

}  // namespace

void require_known_heads(const Target& target, const Outline& outline) {
  std::vector<std::string> heads;
  std::string known;
  for (const HeadOutline& head : outline.heads) {
    heads.push_back(head.name);
    known += " " + head.name;
  }
  if (const auto unknown = unknown_heads(target, heads); !unknown.empty()) {
    refuse(target, " speaks of head '" + unknown.front() + "'; the network's heads are:" + known);
  }
}

void require_fitting_limits(const Target& target,
                            const std::vector<Part>& parts,
                            const Outline& outline,
                            const Simplified& simplified,
                            Source& source) {
  if (!has_limits(target)) {
    return;
  }
  std::vector<LimitedHead> heads;
  for (const Part& part : parts) {
    if (part.kind == bundle::PartKind::Head) {
      const HeadOutline& head = head_of(part, outline);
      heads.push_back({.name = head.name,
                       .is_narrow = is_narrow(part) || is_narrow(parts.front()),
                       .has_labels = gives_labels(head, source.graph()),
                       .has_depth = !depths_among(head.results, simplified).empty()});
    }
  }
  if (const std::string idle = find_idle_limit(target, heads); !idle.empty()) {
    refuse(target, ": " + idle);
  }
}

void require_fitting_stand_bys(const Target& target, const std::vector<Part>& parts) {
  for (const Part& part : parts) {
    const auto& stand_by = part.target.stand_by;
    if (stand_by && parse_device_name(*stand_by).backend != backend_of(part)) {
      refuse(target,
             ": '" + part.name + "' runs on " + *part.target.device + ", and its stand_by " +
                 *stand_by + " is of another kind, which does not take the same engine");
    }
  }
}

void require_kept_tensors(const Target& target,
                          const std::vector<Part>& parts,
                          const StepStore& store) {
  std::set<std::string> missing;
  std::set<std::string> found;
  for (const Part& part : parts) {
    if (!is_int8(part) || part.target.keep_float.empty()) {
      continue;
    }
    const Graph graph = load_part(store.path_of(part.model), backend_of(part));
    for (const std::string& name : part.target.keep_float) {
      if (graph.find_value(name)) {
        found.insert(name);
      } else if (has_own_kept_tensors(target, part)) {
        refuse(
            target,
            ": keep_float: head '" + part.head + "' has no tensor '" + name + "' as it is built");
      } else {
        missing.insert(name);
      }
    }
  }
  for (const std::string& name : missing) {
    if (!found.contains(name)) {
      refuse(target, ": keep_float: no head has a tensor '" + name + "' as it is built");
    }
  }
}

}  // namespace mtmi::deploy
