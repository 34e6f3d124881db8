// The heads of a network as one kind of device takes them: calibrated, then built in variants.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "mtmi/calibration/tuner.h"
#include "mtmi/core/progress.h"
#include "mtmi/core/thread_pool.h"
#include "mtmi/eval/network.h"
#include "mtmi/eval/variant_spec.h"
#include "mtmi/quant/observations.h"

namespace mtmi::eval {

/// A head, rewritten for its device. What is calibrated is what is built.
struct Head {
  std::string name;
  Graph graph;
  std::optional<Graph> tail;
  std::vector<std::string> results;                 ///< outputs of the network that it gives
  bool is_depth = false;                            ///< one of them is a depth
  std::map<std::size_t, quant::Observations> seen;  ///< by number of images; by calibrate()
};

/// Everything that is decided about one head when it is built.
struct HeadBuild {
  Precision precision = Precision::Int8;
  std::map<std::string, float> scales;  ///< by value; a tensor without one stays in FP16
  bool truncate = false;                ///< as VariantSpec
  /// The head with weights that were corrected for INT8; nothing: as it is.
  std::optional<Graph> corrected = std::nullopt;
};

/// Thread-compatible. The registry and the network outlive it.
class Heads {
 public:
  /// Rewrites all heads for devices of `backend`.
  Heads(const Registry& registry, const Network& network, std::string backend);

  /// Heads that were rewritten before. Pre: one per head of the network, in its order.
  Heads(const Registry& registry,
        const Network& network,
        std::string backend,
        std::vector<Head> heads);

  [[nodiscard]] const std::vector<Head>& heads() const noexcept { return heads_; }

  [[nodiscard]] const Registry& registry() const noexcept { return registry_; }

  [[nodiscard]] bool is_calibrated() const noexcept {
    return !heads_.empty() && !heads_.front().seen.empty();
  }

  /// On a few of these images weights are tuned, by equalize() and for specs with corrections.
  /// `progress` is told of that.
  void tune_on(std::span<const std::filesystem::path> images, const ProgressFunction& progress);

  /// Scales the channels of all heads by what they hold on the images.
  /// Throws what calibration::Tuner does. Pre: tune_on(); not calibrated.
  void equalize();

  /// Runs encoder and heads in float32 over the images and counts what the heads' tensors hold in
  /// the first N of them, for each N of `counts`. Images of another size than the network's are
  /// stretched. Throws as quant::observe_images(). Pre: 1 <= N <= images.size().
  void calibrate(std::span<const std::filesystem::path> images,
                 const std::set<std::size_t>& counts,
                 const std::function<void(std::size_t done)>& progress);

  /// The scales of one head: none for what a spec wants in FP16.
  /// Throws Error(InvalidArgument) before calibrate(). Pre: head < heads().size(); spec.images is
  /// one of the counts, or 0.
  [[nodiscard]] quant::ScaleTable scales(std::size_t head, const VariantSpec& spec) const;

  /// What `spec` says of one head. Corrects its weights where the spec wants that.
  /// Pre: then tune_on(); what spec.equalized asks for was done.
  [[nodiscard]] HeadBuild plan(std::size_t head, const VariantSpec& spec) const;

  /// The head and its tail (on the CPU, float32), from features to results.
  /// Throws what compiling and opening devices throw.
  [[nodiscard]] Model build(std::size_t head, const HeadBuild& build) const;

  /// The same in float32 on the CPU, as the network's own head.
  [[nodiscard]] Model build_float(std::size_t head) const;

  /// All heads as `spec` says.
  [[nodiscard]] Variant build(const VariantSpec& spec) const;

  /// The same heads with INT8 as fake quantisation (kFakeQuant).
  [[nodiscard]] Heads fake_quantized() const {
    Heads pairs = *this;
    pairs.backend_ = kFakeQuant;
    return pairs;
  }

  /// Predicted time of the head [ms]; nothing where the device has no cost model.
  [[nodiscard]] std::optional<double> predicted_ms(std::size_t head, const HeadBuild& build) const;

 private:
  [[nodiscard]] CompileOptions compile_options(const Head& head, const HeadBuild& build) const;

  const Registry& registry_;
  const Network& network_;
  std::string backend_;
  std::vector<Head> heads_;
  std::shared_ptr<calibration::Tuner> tuner_;  ///< one for copies, which read the same features
};

/// The heads of a bundle as they were built.
struct BundleHeads {
  Heads heads;
  std::vector<HeadBuild> builds;  ///< by head
};

/// From the bundle's own parts and scales. What runs elsewhere than the first INT8 head, or in
/// another precision, is there as float32. Throws Error(InvalidModel).
[[nodiscard]] BundleHeads load_bundle_heads(const Registry& registry,
                                            const Network& network,
                                            const std::filesystem::path& folder);

}  // namespace mtmi::eval
