#include "mtmi/bundle/manifest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/error.h"

namespace mtmi::bundle {
namespace {

// Raised when a manifest of an older mtmi can no longer be read.
constexpr int kFormat = 2;

constexpr std::array<std::string_view, 3> kKinds{"encoder", "head", "tail"};

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidModel, "bundle::manifest", message);
}

nlohmann::json write(const HashedFile& file) {
  return {{"path", file.path}, {"hash", file.hash}};
}

nlohmann::json write(const std::vector<TensorDesc>& descs) {
  nlohmann::json list = nlohmann::json::array();
  for (const TensorDesc& desc : descs) {
    list.push_back({{"name", desc.name},
                    {"type", to_string(desc.dtype)},
                    {"shape", desc.shape.extents()},
                    {"layout", to_string(desc.layout)},
                    {"scale", desc.scale}});
  }
  return list;
}

nlohmann::json write(const std::map<std::string, HashedFile>& files) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [kind, file] : files) {
    object[kind] = write(file);
  }
  return object;
}

nlohmann::json write(const std::optional<double>& number) {
  return number ? nlohmann::json(*number) : nlohmann::json();
}

nlohmann::json write(const Part& part) {
  return {{"kind", to_string(part.kind)},
          {"name", part.name},
          {"head", part.head},
          {"model", write(part.model)},
          {"engine", write(part.engine)},
          {"device", part.device},
          {"capability", part.capability},
          {"precision", part.precision},
          {"fallback", part.fallback},
          {"predicted_ms", part.predicted_ms},
          {"scales", write(part.scales)},
          {"inputs", write(part.inputs)},
          {"outputs", write(part.outputs)}};
}

nlohmann::json write(const Verified& verified) {
  return {{"output", verified.output},
          {"type", verified.type},
          {"bit_equal", verified.bit_equal},
          {"relative_difference", verified.relative_difference},
          {"equal_fraction", verified.equal_fraction},
          {"quantized", verified.quantized},
          {"sqnr_db", write(verified.sqnr_db)},
          {"relative_change", write(verified.relative_change)}};
}

/// A path that stays inside the bundle, whatever the manifest says.
HashedFile read_file(const nlohmann::json& json) {
  HashedFile file{.path = json.at("path").get<std::string>(),
                  .hash = json.at("hash").get<std::string>()};
  if (!stays_inside(file.path)) {
    refuse("'" + file.path + "' points outside the bundle");
  }
  return file;
}

/// Unlike get<T>(), it refuses fractions and signs, by a json::exception.
std::int64_t read_integer(const nlohmann::json& json) {
  return json.get_ref<const nlohmann::json::number_integer_t&>();
}

Shape read_shape(const nlohmann::json& json) {
  std::vector<std::int64_t> extents;
  for (const nlohmann::json& extent : json) {
    extents.push_back(read_integer(extent));
  }
  return Shape(extents);
}

float read_scale(const nlohmann::json& json) {
  const auto scale = json.get<double>();
  if (!(std::abs(scale) <= double{std::numeric_limits<float>::max()})) {
    refuse("got the scale " + json.dump() + ", too large a number");
  }
  return static_cast<float>(scale);
}

std::vector<TensorDesc> read_descs(const nlohmann::json& json) {
  std::vector<TensorDesc> descs;
  for (const nlohmann::json& entry : json) {
    const auto dtype = parse_dtype(entry.at("type").get<std::string>());
    const auto layout = parse_layout(entry.at("layout").get<std::string>());
    if (!dtype || !layout) {
      refuse("a tensor has an unknown type or layout");
    }
    descs.push_back({.name = entry.at("name").get<std::string>(),
                     .dtype = *dtype,
                     .shape = read_shape(entry.at("shape")),
                     .layout = *layout,
                     .scale = read_scale(entry.at("scale"))});
  }
  return descs;
}

std::map<std::string, HashedFile> read_files(const nlohmann::json& json) {
  std::map<std::string, HashedFile> files;
  for (const auto& [kind, file] : json.items()) {
    files.emplace(kind, read_file(file));
  }
  return files;
}

std::optional<double> read_optional(const nlohmann::json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

Part read_part(const nlohmann::json& json) {
  const auto kind = std::find(kKinds.begin(), kKinds.end(), json.at("kind").get<std::string>());
  if (kind == kKinds.end()) {
    refuse("a part is neither encoder, head nor tail");
  }
  return {.kind = static_cast<PartKind>(kind - kKinds.begin()),
          .name = json.at("name").get<std::string>(),
          .head = json.at("head").get<std::string>(),
          .model = read_file(json.at("model")),
          .engine = read_file(json.at("engine")),
          .device = json.at("device").get<std::string>(),
          .capability = json.at("capability").get<std::string>(),
          .precision = json.at("precision").get<std::string>(),
          .fallback = json.at("fallback").get<std::string>(),
          .predicted_ms = json.at("predicted_ms").get<double>(),
          .scales = read_files(json.at("scales")),
          .inputs = read_descs(json.at("inputs")),
          .outputs = read_descs(json.at("outputs"))};
}

std::string dump(const nlohmann::json& json) {
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// The hash of everything in the manifest but its own.
std::string hash_of(nlohmann::json json) {
  json.erase("hash");
  const std::string text = dump(json);
  return hash_hex(std::as_bytes(std::span(text)));
}

Manifest read(const nlohmann::json& json) {
  if (const auto format = read_integer(json.at("format")); format != kFormat) {
    refuse("its format is " + std::to_string(format) + ", this mtmi reads " +
           std::to_string(kFormat) + "; deploy the model again");
  }
  if (json.at("hash").get<std::string>() != hash_of(json)) {
    refuse("not what the bundle was made with (edited or damaged); deploy the model again");
  }
  Manifest m{.mtmi_version = json.at("mtmi").get<std::string>(),
             .network = json.at("network").get<std::string>(),
             .source_hash = json.at("source_hash").get<std::string>(),
             .simplified = read_file(json.at("simplified")),
             .card = read_file(json.at("card")),
             .target = read_file(json.at("target")),
             .parts = {},
             .features = json.at("features").get<std::vector<std::string>>(),
             .feature_results = json.at("feature_results").get<std::vector<std::string>>(),
             .hand_off_bytes = json.at("hand_off_bytes").get_ref<const std::uint64_t&>(),
             .verified = {}};
  for (const nlohmann::json& part : json.at("parts")) {
    m.parts.push_back(read_part(part));
  }
  for (const nlohmann::json& v : json.at("verified")) {
    m.verified.push_back({.output = v.at("output").get<std::string>(),
                          .type = v.at("type").get<std::string>(),
                          .bit_equal = v.at("bit_equal").get<bool>(),
                          .relative_difference = v.at("relative_difference").get<double>(),
                          .equal_fraction = v.at("equal_fraction").get<double>(),
                          .quantized = v.at("quantized").get<bool>(),
                          .sqnr_db = read_optional(v.at("sqnr_db")),
                          .relative_change = read_optional(v.at("relative_change"))});
  }
  return m;
}

}  // namespace

std::string_view to_string(PartKind kind) noexcept {
  return kKinds[static_cast<std::size_t>(kind)];
}

std::string describe(const Verified& v) {
  std::string text;
  if (v.relative_change) {
    text = fmt::format("depth changed by {:.3f} % on average", 100.0 * *v.relative_change);
  } else if (v.bit_equal) {
    text = "equal to the bit";
  } else if (v.type == "f32") {
    text = fmt::format("largest difference {:.2g} of the range", v.relative_difference);
  } else if (v.quantized) {
    text = fmt::format("{:.3f} % of the labels changed", 100.0 * (1.0 - v.equal_fraction));
  } else {
    text = fmt::format("{:.4f} % equal", 100.0 * v.equal_fraction);
  }
  return text + (v.sqnr_db ? fmt::format("; {:.1f} dB before the tail", *v.sqnr_db) : "");
}

std::string describe_agreement(const Manifest& manifest) {
  std::string exact;
  std::string quantized;
  for (const Verified& v : manifest.verified) {
    (v.quantized ? quantized : exact) += fmt::format("  {}: {}\n", v.output, describe(v));
  }
  std::string text;
  if (!exact.empty()) {
    text += "built parts against the network as it came:\n" + exact;
  }
  if (!quantized.empty()) {
    text +=
        "INT8 and bf16 against the same parts in float32 (agreement, not accuracy):\n" + quantized;
  }
  return text;
}

std::string to_json(const Manifest& m) {
  nlohmann::json parts = nlohmann::json::array();
  for (const Part& part : m.parts) {
    parts.push_back(write(part));
  }
  nlohmann::json verified = nlohmann::json::array();
  for (const Verified& v : m.verified) {
    verified.push_back(write(v));
  }
  nlohmann::json json{{"format", kFormat},
                      {"mtmi", m.mtmi_version},
                      {"network", m.network},
                      {"source_hash", m.source_hash},
                      {"simplified", write(m.simplified)},
                      {"card", write(m.card)},
                      {"target", write(m.target)},
                      {"parts", std::move(parts)},
                      {"features", m.features},
                      {"feature_results", m.feature_results},
                      {"hand_off_bytes", m.hand_off_bytes},
                      {"verified", std::move(verified)}};
  json["hash"] = hash_of(json);
  return dump(json);
}

Manifest parse_manifest(std::string_view text, const std::string& file) {
  try {
    return read(nlohmann::json::parse(text));
  } catch (const nlohmann::json::exception&) {
    refuse(file + ": damaged, or no manifest of a bundle");
  } catch (const Error& e) {
    throw e.with_context(file);
  }
}

bool is_manifest(std::string_view text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  return json.is_object() && json.contains("mtmi") && json.contains("parts");
}

Manifest open_bundle(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "manifest.json";
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::Io,
                "bundle::open_bundle",
                folder.string() + ": no bundle here (there is no manifest.json)");
  }
  Manifest manifest = parse_manifest(MappedFile(path).text(), path.string());
  for (const HashedFile& file : files_of(manifest)) {
    if (!std::filesystem::is_regular_file(folder / file.path)) {
      refuse((folder / file.path).string() + ": missing from the bundle; deploy the model again");
    }
    if (hash_hex(MappedFile(folder / file.path).bytes()) != file.hash) {
      refuse((folder / file.path).string() +
             ": not what the bundle was made with (edited or damaged); deploy the model again");
    }
  }
  return manifest;
}

bool stays_inside(const std::filesystem::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

std::vector<HashedFile> files_of(const Manifest& manifest) {
  std::vector<HashedFile> files{manifest.simplified, manifest.card, manifest.target};
  for (const Part& part : manifest.parts) {
    files.push_back(part.model);
    files.push_back(part.engine);
    for (const auto& [kind, file] : part.scales) {
      files.push_back(file);
    }
  }
  return files;
}

}  // namespace mtmi::bundle
