// What is in a bundle: manifest.json (docs/bundle.md).
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/device/layout.h"

namespace mtmi::bundle {

/// A file of the bundle: its path below the bundle's folder and the hash of its bytes.
struct HashedFile {
  std::string path;
  std::string hash;
  bool operator==(const HashedFile&) const = default;
};

enum class PartKind : std::uint8_t { Encoder, Head, Tail };

/// "encoder", "head", "tail".
[[nodiscard]] std::string_view to_string(PartKind kind) noexcept;

/// A part of the network and the engine that was built from it.
struct Part {
  PartKind kind = PartKind::Encoder;
  std::string name;  ///< "encoder", "seg", "seg_tail": also the stage's
  std::string head;  ///< the head it belongs to; empty for the encoder
  HashedFile model;  ///< ONNX
  HashedFile engine;
  std::string device;      ///< "cpu": what the target says, or its fallback
  std::string capability;  ///< what the engine was compiled for
  std::string precision;
  /// Why the part runs on the target's fallback; empty where it runs where it should.
  std::string fallback;
  double predicted_ms = 0.0;  ///< by the device's cost model; 0 where it has none [ms]
  /// INT8: the scales in the forms in which they are exchanged: "cache", "json", "qdq", "model"
  /// (docs/calibrate.md); empty otherwise.
  std::map<std::string, HashedFile> scales;
  std::vector<TensorDesc> inputs;
  std::vector<TensorDesc> outputs;
  bool operator==(const Part&) const = default;
};

/// How one output of the parts agreed with the whole network when the bundle was made. The parts
/// in float32 are proved equal to it within a tolerance; what parts in INT8 or bfloat16 give is
/// compared with what they give in float32, and that is an agreement: it says nothing of accuracy.
struct Verified {
  std::string output;
  std::string type;
  bool bit_equal = false;
  double relative_difference = 0.0;  ///< of the output's range [1]
  double equal_fraction = 1.0;       ///< elements with equal bits [1]
  bool quantized = false;            ///< made by parts of INT8 or bfloat16
  /// Signal to quantisation noise before the tail; nothing where there is no noise [dB].
  std::optional<double> sqnr_db;
  /// Depth: mean of |got - expected| / |expected| [1].
  std::optional<double> relative_change;
  bool operator==(const Verified&) const = default;
};

/// manifest.json as a value.
struct Manifest {
  std::string mtmi_version;
  std::string network;      ///< the model card's name
  std::string source_hash;  ///< of the ONNX file that the bundle was made from
  HashedFile simplified;    ///< the whole network, simplified
  HashedFile card;          ///< model card, TOML
  HashedFile target;        ///< target, TOML
  std::vector<Part> parts;  ///< encoder, then each head and its tail
  std::vector<std::string> features;
  std::vector<std::string> feature_results;  ///< outputs of the network that the encoder gives
  std::size_t hand_off_bytes = 0;
  std::vector<Verified> verified;
  bool operator==(const Manifest&) const = default;
};

/// "equal to the bit", "largest difference 2.7e-06 of the range"; of INT8 heads "0.812 % of the
/// labels changed; 31.5 dB before the tail".
[[nodiscard]] std::string describe(const Verified& verified);

/// A line per output under a heading that says what was compared with what: float32 parts with the
/// network, then INT8 heads with themselves in float32.
[[nodiscard]] std::string describe_agreement(const Manifest& manifest);

/// The text of manifest.json, which holds a hash of itself. The same manifest gives the same text.
[[nodiscard]] std::string to_json(const Manifest& manifest);

/// The inverse. `file` names it in errors. Throws Error(InvalidModel), also where the text was
/// edited.
[[nodiscard]] Manifest parse_manifest(std::string_view text, const std::string& file);

/// Whether the text is a bundle's manifest, of whatever version and however edited, as long as it
/// is JSON.
[[nodiscard]] bool is_manifest(std::string_view text);

/// The manifest of the bundle in `folder`, every file of which is there with the hash it should
/// have. Throws Error(Io) if there is no bundle, Error(InvalidModel) naming a file that was edited,
/// damaged or removed, or a manifest of another format.
[[nodiscard]] Manifest open_bundle(const std::filesystem::path& folder);

/// Whether `path` is a relative path that stays below the folder that it is taken from.
[[nodiscard]] bool stays_inside(const std::filesystem::path& path);

/// All files that `manifest` names.
[[nodiscard]] std::vector<HashedFile> files_of(const Manifest& manifest);

}  // namespace mtmi::bundle
