#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "mtmi/core/file.h"
#include "mtmi/core/format_bytes.h"
#include "mtmi/device/layout.h"
#include "mtmi/device/simulation_note.h"
#include "mtmi/dla/fused_layers.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/report/gather.h"

namespace mtmi::report {
namespace {

std::size_t file_bytes(const std::filesystem::path& path) {
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  if (error) {
    throw Error(ErrorCode::Io, "report::describe_bundle", path.string() + ": " + error.message());
  }
  return size;
}

std::string format_of(TensorDesc desc) {
  desc.name.clear();
  const std::string text = to_string(desc);  // ": s8[1,32,4,4] chw32 scale 0.1"
  return text.starts_with(": ") ? text.substr(2) : text;
}

HandOff hand_off(const std::string& from, const std::string& to, const TensorDesc& desc) {
  return {.from = from,
          .to = to,
          .tensor = desc.name,
          .format = format_of(desc),
          .bytes = size_bytes_of(desc)};
}

std::vector<HandOff> hand_offs_of(const bundle::Manifest& manifest) {
  std::map<std::string, std::string> maker;
  std::map<std::string, bool> is_read;
  std::vector<HandOff> hand_offs;
  for (const bundle::Part& part : manifest.parts) {
    for (const TensorDesc& desc : part.inputs) {
      const auto from = maker.find(desc.name);
      hand_offs.push_back(hand_off(from == maker.end() ? "frame" : from->second, part.name, desc));
      is_read[desc.name] = true;
    }
    for (const TensorDesc& desc : part.outputs) {
      maker[desc.name] = part.name;
    }
  }
  for (const bundle::Part& part : manifest.parts) {
    for (const TensorDesc& desc : part.outputs) {
      const bool is_result =
          std::find(manifest.feature_results.begin(), manifest.feature_results.end(), desc.name) !=
          manifest.feature_results.end();
      if (is_result || !is_read[desc.name]) {
        hand_offs.push_back(hand_off(part.name, "result", desc));
      }
    }
  }
  return hand_offs;
}

std::vector<std::pair<std::string, std::string>> facts_of(const bundle::Manifest& manifest,
                                                          const Report& report) {
  std::size_t heads = 0;
  std::size_t engines = 0;
  std::map<std::string, bool> devices;
  for (const bundle::Part& part : manifest.parts) {
    heads += part.kind == bundle::PartKind::Head ? 1 : 0;
    devices[part.device] = true;
  }
  for (const Stage& stage : report.stages) {
    engines += stage.engine_bytes;
  }
  return {{"heads on one encoder", std::to_string(heads)},
          {"devices at work", std::to_string(devices.size())},
          {"handed over per frame", format_bytes(manifest.hand_off_bytes)},
          {"in engines", format_bytes(engines)}};
}

/// In the digits of `mtmi deploy`.
std::string percent(const std::optional<double>& share, int digits) {
  return share ? fmt::format("{:.{}f} %", 100.0 * *share, digits) : "-";
}

/// How far two labels lie apart means nothing.
std::string difference_text(const bundle::Verified& verified) {
  if (verified.bit_equal) {
    return "0 (equal bits)";
  }
  const bool is_label = !verified.type.starts_with("f");
  return is_label ? "-" : fmt::format("{:.2g} of the range", verified.relative_difference);
}

std::optional<double> labels_changed(const bundle::Verified& verified) {
  const bool is_label = !verified.type.starts_with("f");
  return is_label ? std::optional(1.0 - verified.equal_fraction) : std::nullopt;
}

/// The head whose part, or tail, gives `output`; empty: none does.
std::string head_that_gives(const bundle::Manifest& manifest, const std::string& output) {
  for (const bundle::Part& part : manifest.parts) {
    const bool gives =
        std::any_of(part.outputs.begin(), part.outputs.end(), [&output](const TensorDesc& desc) {
          return desc.name == output;
        });
    if (gives) {
      return part.head;
    }
  }
  return "";
}

/// Of the head that gives the output, or of the encoder where that is what was made less precise.
std::string precision_of(const bundle::Manifest& manifest, const bundle::Verified& verified) {
  const std::string head = head_that_gives(manifest, verified.output);
  std::string precision = "f32";
  for (const bundle::Part& part : manifest.parts) {
    const bool takes_part =
        part.kind == bundle::PartKind::Encoder || (!head.empty() && part.head == head);
    if (verified.quantized && takes_part && part.precision != "f32") {
      precision = part.precision;  // heads stand behind the encoder
    }
  }
  return precision;
}

std::vector<std::string> agreement_row(const bundle::Manifest& manifest,
                                       const bundle::Verified& verified) {
  return {verified.output,
          precision_of(manifest, verified),
          percent(labels_changed(verified), 3),
          percent(verified.relative_change, 3),
          difference_text(verified),
          verified.sqnr_db ? fmt::format("{:.1f}", *verified.sqnr_db) : "-"};
}

Section agreement_of(const bundle::Manifest& manifest) {
  Section section;
  section.title = "Agreement";
  section.text =
      "How the built parts agree with the network in float32 on the images that the bundle was "
      "verified on. This is no accuracy: nothing here was compared with ground truth, and a label "
      "that changed may have become right.";
  section.table.columns = {"output",
                           "precision",
                           "labels changed",
                           "mean change of depth",
                           "largest difference",
                           "before the tail [dB]"};
  for (const bundle::Verified& verified : manifest.verified) {
    section.table.rows.push_back(agreement_row(manifest, verified));
  }
  return section;
}

void add_distributions(Report& report,
                       const bundle::Part& part,
                       const std::filesystem::path& folder) {
  const auto scales = part.scales.find("json");
  if (scales == part.scales.end()) {
    return;
  }
  const std::filesystem::path path = folder / scales->second.path;
  std::vector<Distribution> found =
      parse_distributions(MappedFile(path).text(), part.head, path.string());
  const std::set<std::string> exchanged =
      dla::exchanged_tensors(onnx::read_model(folder / part.model.path).graph);
  for (Distribution& distribution : found) {
    distribution.exchanged = exchanged.contains(distribution.tensor);
  }
  std::move(found.begin(), found.end(), std::back_inserter(report.distributions));
}

}  // namespace

Report describe_bundle(const bundle::Manifest& manifest, const std::filesystem::path& folder) {
  Report report;
  std::vector<std::string> devices;
  report.network = manifest.network;
  report.mtmi_version = manifest.mtmi_version;
  for (const bundle::Part& part : manifest.parts) {
    report.stages.push_back({.name = part.name,
                             .kind = std::string(bundle::to_string(part.kind)),
                             .device = part.device,
                             .capability = part.capability,
                             .precision = part.precision,
                             .engine_bytes = file_bytes(folder / part.engine.path),
                             .predicted_ms = part.predicted_ms,
                             .fallback = part.fallback});
    devices.push_back(part.device);
    add_distributions(report, part, folder);
  }
  report.simulated = simulation_note(devices);
  report.hand_offs = hand_offs_of(manifest);
  report.facts = facts_of(manifest, report);
  if (!manifest.verified.empty()) {
    report.sections.push_back(agreement_of(manifest));
  }
  for (const bundle::HashedFile& file : bundle::files_of(manifest)) {
    report.files.push_back(
        {.path = file.path, .hash = file.hash, .bytes = file_bytes(folder / file.path)});
  }
  return report;
}

}  // namespace mtmi::report
