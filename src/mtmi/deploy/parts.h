// The parts of a network while it is deployed.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "mtmi/bundle/manifest.h"
#include "mtmi/device/backend.h"
#include "mtmi/dtype.h"
#include "mtmi/graph/graph.h"
#include "mtmi/plan/target.h"

namespace mtmi::deploy {

/// A head as the cut found it.
struct HeadOutline {
  std::string name;
  std::vector<std::string> inputs;   ///< features
  std::vector<std::string> outputs;  ///< before the tail
  std::vector<std::string> results;  ///< outputs of the network that it gives
  bool has_tail = false;
};

/// What the cut found, without the graphs: enough to know what is to be done.
struct Outline {
  std::vector<HeadOutline> heads;
  std::vector<std::string> features;
  std::vector<std::string> feature_results;  ///< outputs of the network that the encoder gives
  std::size_t hand_off_bytes = 0;
  std::map<std::string, TensorType> types;  ///< of features and of what heads give
};

/// Where a part comes from and where it is to run.
struct Part {
  bundle::PartKind kind = bundle::PartKind::Encoder;
  std::string name;  ///< "encoder", "seg", "seg_tail"
  std::string head;  ///< empty for the encoder
  PartTarget target;
  std::string fallback;      ///< why it runs elsewhere than the target says; empty: it does not
  bundle::HashedFile model;  ///< rewritten for its device, ONNX
  /// What the part is in float32, where `model` was corrected for INT8 and is not any more;
  /// nothing: `model`.
  std::optional<bundle::HashedFile> float_model;
  /// INT8: what is calibrated, by value name; a value that is missing here stays in FP16.
  std::map<std::string, float> scales;
  std::map<std::string, bundle::HashedFile> scale_files;  ///< as bundle::Part::scales
};

[[nodiscard]] inline const bundle::HashedFile& float_model_of(const Part& part) noexcept {
  return part.float_model ? *part.float_model : part.model;
}

[[nodiscard]] inline bool is_int8(const Part& part) noexcept {
  return part.target.precision == Precision::Int8;
}

/// Whether the part agrees with float32 to a degree alone: INT8 and bfloat16 have too few bits for
/// the tolerance that others are held to.
[[nodiscard]] inline bool is_narrow(const Part& part) noexcept {
  return is_int8(part) || part.target.precision == Precision::BFloat16;
}

/// The kind of device that the part runs on: "cpu" of "cpu:0".
[[nodiscard]] std::string backend_of(const Part& part);

/// Encoder, then each head and its tail, as the target wants them.
[[nodiscard]] std::vector<Part> list_parts(const Outline& outline, const Target& target);

/// The head that the part is, or is the tail of. Pre: the part is of a head of `outline`.
[[nodiscard]] const HeadOutline& head_of(const Part& part, const Outline& outline);

/// The outputs of the head from which `result` is made: itself where it goes past the tail; the one
/// at its place where the tail makes as many as it reads; all that the tail reads otherwise.
/// Pre: `result` is one of the head's.
[[nodiscard]] std::vector<std::string> before_tail_of(const HeadOutline& head,
                                                      const std::string& result);

}  // namespace mtmi::deploy
