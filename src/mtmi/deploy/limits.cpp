#include "mtmi/deploy/limits.h"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/core.h>

namespace mtmi::deploy {
namespace {

/// One kind of limit, and which heads it can judge.
struct Kind {
  const char* key;    ///< in a target file
  const char* wants;  ///< of a head
  std::optional<double> AgreementLimits::*limit;
  bool (*fits)(const LimitedHead& head);
};

constexpr std::array<Kind, 3> kKinds{{
    {"max_labels_changed",
     "gives labels",
     &AgreementLimits::max_labels_changed,
     [](const LimitedHead& head) { return head.has_labels; }},
    {"max_depth_change",
     "gives depth (the model card says which output does)",
     &AgreementLimits::max_depth_change,
     [](const LimitedHead& head) { return head.has_depth; }},
    {"min_sqnr", "is there", &AgreementLimits::min_sqnr, [](const LimitedHead&) { return true; }},
}};

/// What of `limits`, those of `head`, does not fit it.
std::string find_misfit(const AgreementLimits& limits, const LimitedHead& head) {
  for (const Kind& kind : kKinds) {
    if (limits.*kind.limit && !head.is_narrow) {
      return fmt::format("head '{}': {} is a limit on INT8 and bf16, and the head runs in neither",
                         head.name,
                         kind.key);
    }
    if (limits.*kind.limit && !kind.fits(head)) {
      return fmt::format("head '{}': {} wants a head that {}, which this one does not",
                         head.name,
                         kind.key,
                         kind.wants);
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> beyond_limits(const bundle::Verified& verified,
                                       const AgreementLimits& limits) {
  std::vector<std::string> sentences;
  const double changed = 1.0 - verified.equal_fraction;
  if (limits.max_labels_changed && verified.type != "f32" && changed > *limits.max_labels_changed) {
    sentences.push_back(
        fmt::format("output '{}': {:.4f} of the labels changed, expected at most {}",
                    verified.output,
                    changed,
                    *limits.max_labels_changed));
  }
  if (limits.max_depth_change && verified.relative_change &&
      *verified.relative_change > *limits.max_depth_change) {
    sentences.push_back(
        fmt::format("output '{}': depth changed by {:.4f} on average, expected at most {}",
                    verified.output,
                    *verified.relative_change,
                    *limits.max_depth_change));
  }
  if (limits.min_sqnr && verified.sqnr_db && *verified.sqnr_db < *limits.min_sqnr) {
    sentences.push_back(
        fmt::format("output '{}': {:.1f} dB of signal to quantisation noise, "
                    "expected at least {}",
                    verified.output,
                    *verified.sqnr_db,
                    *limits.min_sqnr));
  }
  return sentences;
}

std::string find_idle_limit(const Target& target, std::span<const LimitedHead> heads) {
  for (const LimitedHead& head : heads) {
    const auto own = target.heads.find(head.name);
    std::string idle = own == target.heads.end() ? "" : find_misfit(own->second.limits, head);
    if (!idle.empty()) {
      return idle;
    }
  }
  for (const Kind& kind : kKinds) {
    const bool judges = std::any_of(heads.begin(), heads.end(), [&kind](const LimitedHead& head) {
      return head.is_narrow && kind.fits(head);
    });
    if (target.head_defaults.limits.*kind.limit && !judges) {
      return fmt::format(
          "{} for all heads: no head that runs in INT8 or bf16 {}", kind.key, kind.wants);
    }
  }
  return "";
}

bool has_limits(const Target& target) {
  const auto any = [](const AgreementLimits& limits) { return limits != AgreementLimits{}; };
  return any(target.head_defaults.limits) ||
         std::any_of(target.heads.begin(), target.heads.end(), [&any](const auto& head) {
           return any(head.second.limits);
         });
}

}  // namespace mtmi::deploy
