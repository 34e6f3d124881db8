#include "mtmi/eval/comparison.h"

#include <algorithm>
#include <numeric>

#include <fmt/core.h>

#include "mtmi/core/assert.h"

namespace mtmi::eval {
namespace {

std::size_t scenes_of(const HeadRecord& record) {
  return record.is_depth() ? record.depth.size() : record.segmentation.size();
}

std::vector<std::size_t> all_scenes(const HeadRecord& record) {
  std::vector<std::size_t> all(scenes_of(record));
  std::iota(all.begin(), all.end(), std::size_t{0});
  return all;
}

double mean_iou(const HeadRecord& record, std::span<const std::size_t> drawn) {
  std::vector<vision::ClassCounts> sum(record.segmentation.front().size());
  for (const std::size_t scene : drawn) {
    for (std::size_t c = 0; c < sum.size(); ++c) {
      sum[c] += record.segmentation[scene][c];
    }
  }
  return vision::segmentation_metrics(sum).miou;
}

/// AbsRel per scene; below 0 for one without a true distance, which is left out of means.
std::vector<double> abs_rels(const HeadRecord& record) {
  std::vector<double> values;
  for (const vision::DepthErrors& scene : record.depth) {
    values.push_back(scene.pixels == 0 ? -1.0 : vision::depth_metrics(scene).abs_rel);
  }
  return values;
}

double mean_abs_rel(std::span<const double> values, std::span<const std::size_t> drawn) {
  double sum = 0.0;
  std::size_t count = 0;
  for (const std::size_t scene : drawn) {
    if (values[scene] >= 0.0) {
      sum += values[scene];
      ++count;
    }
  }
  return count == 0 ? 0.0 : sum / static_cast<double>(count);
}

Interval depth_loss_interval(const HeadRecord& record,
                             const HeadRecord& reference,
                             const BootstrapOptions& options) {
  const std::vector<double> own = abs_rels(record);
  const std::vector<double> expected = abs_rels(reference);
  return bootstrap(
      own.size(),
      [&](std::span<const std::size_t> drawn) {
        return mean_abs_rel(own, drawn) - mean_abs_rel(expected, drawn);
      },
      options);
}

}  // namespace

double headline(const HeadRecord& record, std::span<const std::size_t> drawn) {
  return record.is_depth() ? mean_abs_rel(abs_rels(record), drawn) : mean_iou(record, drawn);
}

double headline(const HeadRecord& record) {
  return headline(record, all_scenes(record));
}

Interval headline_interval(const HeadRecord& record, const BootstrapOptions& options) {
  if (!record.is_depth()) {
    return bootstrap(
        scenes_of(record),
        [&](std::span<const std::size_t> drawn) { return mean_iou(record, drawn); },
        options);
  }
  const std::vector<double> values = abs_rels(record);
  return bootstrap(
      values.size(),
      [&](std::span<const std::size_t> drawn) { return mean_abs_rel(values, drawn); },
      options);
}

Loss loss_of(const HeadRecord& record,
             const HeadRecord& reference,
             const BootstrapOptions& options) {
  MTMI_ASSERT(record.is_depth() == reference.is_depth() &&
              scenes_of(record) == scenes_of(reference));
  Loss loss;
  loss.reference = headline(reference);
  if (record.is_depth()) {
    loss.value = headline(record) - loss.reference;
    loss.interval = depth_loss_interval(record, reference, options);
    return loss;
  }
  loss.value = loss.reference - headline(record);
  loss.interval = bootstrap(
      scenes_of(record),
      [&](std::span<const std::size_t> drawn) {
        return mean_iou(reference, drawn) - mean_iou(record, drawn);
      },
      options);
  return loss;
}

double GateLimits::of(bool is_depth, double reference) const noexcept {
  return is_depth ? std::max(abs_rel_relative * reference, abs_rel) : miou;
}

std::string GateAnswer::to_string() const {
  if (is_depth) {
    return fmt::format(
        "head '{}' of '{}': AbsRel rises by {:.4f} from {:.4f} (95 % interval {:.4f} to {:.4f}); "
        "the limit is {:.4f}",
        output,
        variant,
        loss.value,
        loss.reference,
        loss.interval.low,
        loss.interval.high,
        limit);
  }
  return fmt::format(
      "head '{}' of '{}': mIoU falls by {:.2f} points from {:.2f} (95 % interval {:.2f} to "
      "{:.2f}); "
      "the limit is {:.2f}",
      output,
      variant,
      100.0 * loss.value,
      100.0 * loss.reference,
      100.0 * loss.interval.low,
      100.0 * loss.interval.high,
      100.0 * limit);
}

std::vector<GateAnswer> ask_gate(const Evaluation& evaluation,
                                 std::size_t variant,
                                 const GateLimits& limits,
                                 const BootstrapOptions& options) {
  MTMI_ASSERT(variant < evaluation.variants.size());
  const VariantRecord& record = evaluation.variants[variant];
  std::vector<GateAnswer> answers;
  for (const HeadRecord& head : record.heads) {
    const HeadRecord* reference = evaluation.variants.front().find(head.output);
    if (reference == nullptr) {
      continue;
    }
    const Loss loss = loss_of(head, *reference, options);
    answers.push_back({.variant = record.name,
                       .output = head.output,
                       .is_depth = head.is_depth(),
                       .loss = loss,
                       .limit = limits.of(head.is_depth(), loss.reference)});
  }
  return answers;
}

}  // namespace mtmi::eval
