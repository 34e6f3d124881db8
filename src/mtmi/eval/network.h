// A network to be measured, from an ONNX file or a bundle: cut into parts that can be run.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "mtmi/bundle/model_card.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/registry.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/passes/specialize.h"
#include "mtmi/runtime/session.h"
#include "mtmi/split/split.h"

namespace mtmi::eval {

/// A network in float32 and what it means.
struct Network {
  bundle::ModelCard card;
  std::string input;  ///< the one that takes images
  Shape input_shape;  ///< [1,3,H,W]
  /// Simplified, then cut. A network that cannot be cut is all encoder.
  split::Split parts;
};

/// The ONNX file or the bundle at `path`. A dynamic image input gets the size of the first of
/// `scenes`, unless `shapes` says otherwise.
/// Throws Error(Unsupported) if the network does not take exactly one image, and what reading and
/// cutting throw.
[[nodiscard]] Network load_network(const std::filesystem::path& path,
                                   const passes::InputShapes& shapes,
                                   const SceneSet& scenes);

/// Engines that run one after another, each on what those before it made. Thread-compatible.
class PartChain {
 public:
  void add(std::unique_ptr<Session> part) { parts_.push_back(std::move(part)); }

  /// Everything that the parts make from `values`, in real numbers.
  [[nodiscard]] TensorMap run(const TensorMap& values);

 private:
  std::vector<std::unique_ptr<Session>> parts_;
};

/// The part in float32 on the CPU.
[[nodiscard]] std::unique_ptr<Session> open_float_part(const Registry& registry, const Graph& part);

/// The encoder in float32: what all variants share. Empty for a network that was not cut.
[[nodiscard]] Model make_shared_encoder(const Registry& registry, const Network& network);

/// The whole network in float32, given what the shared encoder makes.
[[nodiscard]] Variant make_float_variant(const Registry& registry, const Network& network);

/// A bundle as it was built: its own engines on its own devices, the encoder included.
/// Throws Error(Unsupported) where this machine has not the device.
[[nodiscard]] Variant make_bundle_variant(const Registry& registry,
                                          const std::filesystem::path& folder);

}  // namespace mtmi::eval
