#include "mtmi/deploy/parts.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/device/registry.h"

namespace mtmi::deploy {

std::string backend_of(const Part& part) {
  return parse_device_name(*part.target.device).backend;
}

std::vector<Part> list_parts(const Outline& outline, const Target& target) {
  std::vector<Part> parts;
  const auto add =
      [&parts](bundle::PartKind kind, std::string name, std::string head, PartTarget wanted) {
        Part& part = parts.emplace_back();
        part.kind = kind;
        part.name = std::move(name);
        part.head = std::move(head);
        part.target = std::move(wanted);
      };
  add(bundle::PartKind::Encoder, "encoder", "", encoder_target(target));
  for (std::size_t i = 0; i < outline.heads.size(); ++i) {
    const HeadOutline& head = outline.heads[i];
    add(bundle::PartKind::Head, head.name, head.name, head_target(target, i, head.name));
    if (head.has_tail) {
      PartTarget tail;
      tail.device = target.tail_device;
      tail.precision = Precision::Float32;
      add(bundle::PartKind::Tail, head.name + "_tail", head.name, tail);
    }
  }
  return parts;
}

const HeadOutline& head_of(const Part& part, const Outline& outline) {
  const auto head = std::find_if(outline.heads.begin(),
                                 outline.heads.end(),
                                 [&part](const HeadOutline& h) { return h.name == part.head; });
  MTMI_ASSERT(head != outline.heads.end());
  return *head;
}

std::vector<std::string> before_tail_of(const HeadOutline& head, const std::string& result) {
  const auto without = [](const std::vector<std::string>& names,
                          const std::vector<std::string>& others) {
    std::vector<std::string> rest;
    std::copy_if(names.begin(), names.end(), std::back_inserter(rest), [&others](const auto& name) {
      return std::find(others.begin(), others.end(), name) == others.end();
    });
    return rest;
  };
  const std::vector<std::string> read = without(head.outputs, head.results);
  const std::vector<std::string> made = without(head.results, head.outputs);
  const auto at = std::find(made.begin(), made.end(), result);
  if (at == made.end()) {
    return {result};
  }
  return made.size() == read.size() ? std::vector{read[static_cast<std::size_t>(at - made.begin())]}
                                    : read;
}

}  // namespace mtmi::deploy
