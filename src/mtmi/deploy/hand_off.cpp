#include "mtmi/deploy/hand_off.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <fmt/core.h>

#include "mtmi/core/assert.h"

namespace mtmi::deploy {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The index of a part that is there.
std::size_t find_part(const std::vector<Part>& parts,
                      bundle::PartKind kind,
                      const std::string& head) {
  const auto part = std::find_if(
      parts.begin(), parts.end(), [&](const Part& p) { return p.kind == kind && p.head == head; });
  MTMI_ASSERT(part != parts.end());
  return static_cast<std::size_t>(part - parts.begin());
}

/// What two parts that are not INT8 hand over.
IoFormat plain_format(const TensorType& type, const Part& writer, const Part& reader) {
  const bool both_on_cpu = backend_of(writer) == "cpu" && backend_of(reader) == "cpu";
  const bool is_map = type.dtype == DType::Float32 && type.shape.rank() == 4;
  return {.dtype = type.dtype,
          .layout = both_on_cpu && is_map ? Layout::Hwc : Layout::Linear,
          .scale = 0.0F};
}

std::size_t bytes_of(const TensorType& type, const IoFormat& format) {
  return size_bytes_of({.name = "",
                        .dtype = format.dtype,
                        .shape = type.shape,
                        .layout = format.layout,
                        .scale = format.scale});
}

/// The forms in which one feature is handed over.
SharedFeature forms_of(const std::string& feature,
                       const Outline& outline,
                       const std::vector<Part>& parts,
                       Rounding rounding) {
  const Part& encoder = parts[find_part(parts, bundle::PartKind::Encoder, "")];
  const TensorType& type = outline.types.at(feature);
  SharedFeature shared{.feature = feature, .names = {}, .formats = {}, .readers = {}};
  const auto add = [&](const IoFormat& format, const std::string& reader) {
    const auto form = std::find(shared.formats.begin(), shared.formats.end(), format);
    const auto index = static_cast<std::size_t>(form - shared.formats.begin());
    if (form == shared.formats.end()) {
      shared.names.push_back(index == 0 ? feature : feature + "/" + reader);
      shared.formats.push_back(format);
      shared.readers.emplace_back();
    }
    if (!reader.empty()) {
      shared.readers[index].push_back(reader);
    }
  };
  if (contains(outline.feature_results, feature)) {
    add({.dtype = type.dtype, .layout = Layout::Linear, .scale = 0.0F}, "");
  }
  for (const HeadOutline& head : outline.heads) {
    if (contains(head.inputs, feature)) {
      const Part& reader = parts[find_part(parts, bundle::PartKind::Head, head.name)];
      IoFormat format = is_int8(reader) ? quantized_format(type, feature, reader.scales)
                                        : plain_format(type, encoder, reader);
      if (format.dtype == DType::Int8) {
        format.rounding = rounding;
      }
      add(format, head.name);
    }
  }
  return shared;
}

void hand_over(const SharedFeature& shared,
               const TensorType& type,
               const std::vector<Part>& parts,
               HandOffs& result) {
  PartIo& encoder = result.parts[find_part(parts, bundle::PartKind::Encoder, "")];
  for (std::size_t i = 0; i < shared.names.size(); ++i) {
    const std::string& name = shared.names[i];
    encoder.formats.emplace(name, shared.formats[i]);
    if (name != shared.feature) {
      encoder.copies.emplace(name, shared.feature);
    }
    for (const std::string& head : shared.readers[i]) {
      PartIo& reader = result.parts[find_part(parts, bundle::PartKind::Head, head)];
      reader.formats.emplace(name, shared.formats[i]);
      if (name != shared.feature) {
        reader.renamed.emplace(shared.feature, name);
      }
    }
    result.bytes += shared.readers[i].empty() ? 0 : bytes_of(type, shared.formats[i]);
  }
  if (shared.names.size() > 1) {
    result.written_more_than_once.push_back(shared);
    SharedFeature& added = result.written_more_than_once.back();
    for (std::size_t i = 1; i < shared.names.size(); ++i) {
      added.extra_bytes += bytes_of(type, shared.formats[i]);
    }
  }
}

/// What a head gives: to its tail, or as a result.
void hand_to_tail(const HeadOutline& head,
                  const std::string& output,
                  const TensorType& type,
                  const std::vector<Part>& parts,
                  HandOffs& result) {
  const std::size_t writer = find_part(parts, bundle::PartKind::Head, head.name);
  const bool quantized = is_int8(parts[writer]);
  // What a tail reads is no result of the network (split.h).
  const bool goes_to_tail = head.has_tail && !contains(head.results, output);
  if (!quantized && !goes_to_tail) {
    return;
  }
  IoFormat format = quantized ? quantized_format(type, output, parts[writer].scales) : IoFormat();
  if (goes_to_tail) {
    const std::size_t tail = find_part(parts, bundle::PartKind::Tail, head.name);
    format = quantized ? format : plain_format(type, parts[writer], parts[tail]);
    result.parts[tail].formats.emplace(output, format);
  }
  result.parts[writer].formats.emplace(output, format);
}

}  // namespace

IoFormat quantized_format(const TensorType& type,
                          const std::string& name,
                          const std::map<std::string, float>& scales) {
  if (type.dtype != DType::Float32) {
    return {.dtype = type.dtype};
  }
  const bool is_map = type.shape.rank() == 4;
  if (const auto scale = scales.find(name); scale != scales.end()) {
    return {.dtype = DType::Int8,
            .layout = is_map ? Layout::Chw32 : Layout::Linear,
            .scale = scale->second};
  }
  const bool is_single = is_map && type.shape[1] == 1;
  return {.dtype = DType::Float16,
          .layout = is_single ? Layout::DlaLinear
                    : is_map  ? Layout::Chw16
                              : Layout::Linear};
}

std::string describe_sharing(const SharedFeature& shared) {
  float widest = 0.0F;
  for (const IoFormat& format : shared.formats) {
    widest = std::max(widest, format.scale);
  }
  std::string forms;
  std::string costs;
  for (std::size_t i = 0; i < shared.formats.size(); ++i) {
    const float scale = shared.formats[i].scale;
    if (shared.formats[i].dtype != DType::Int8) {
      continue;
    }
    for (const std::string& head : shared.readers[i]) {
      forms +=
          fmt::format("{}'{}' reads it with scale {:.6g}", forms.empty() ? "" : ", ", head, scale);
      if (scale < widest) {
        costs += fmt::format("{}{:.1f} dB more rounding noise in '{}'",
                             costs.empty() ? "" : ", ",
                             20.0 * std::log10(widest / scale),
                             head);
      }
    }
  }
  if (costs.empty()) {
    return "";
  }
  return fmt::format(
      "feature '{}' is written {} times, {} bytes more per frame: {}; one range for "
      "all would cost {}",
      shared.feature,
      shared.names.size(),
      shared.extra_bytes,
      forms,
      costs);
}

HandOffs plan_hand_offs(const Outline& outline, const std::vector<Part>& parts, Rounding rounding) {
  HandOffs result;
  result.parts.resize(parts.size());
  for (const std::string& feature : outline.features) {
    hand_over(
        forms_of(feature, outline, parts, rounding), outline.types.at(feature), parts, result);
  }
  for (const HeadOutline& head : outline.heads) {
    for (const std::string& output : head.outputs) {
      hand_to_tail(head, output, outline.types.at(output), parts, result);
    }
  }
  return result;
}

}  // namespace mtmi::deploy
