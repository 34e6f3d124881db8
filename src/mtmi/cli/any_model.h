// A model of any kind, brought to run: an ONNX file, an engine or a bundle.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "mtmi/cli/model_files.h"
#include "mtmi/core/agreement.h"

namespace mtmi::cli {

/// Takes named tensors, gives named tensors in real numbers. Thread-compatible.
class AnyModel {
 public:
  /// `registry` must outlive the model. `options` are those of ONNX files and engines.
  /// Throws UsageError if they name a device or a precision for a bundle, and Error, naming the
  /// file.
  AnyModel(const Registry& registry, std::filesystem::path path, OpenOptions options);
  ~AnyModel();
  AnyModel(const AnyModel&) = delete;
  AnyModel& operator=(const AnyModel&) = delete;

  [[nodiscard]] std::span<const TensorDesc> inputs() const noexcept;
  /// Names in the order of the model's outputs.
  [[nodiscard]] std::span<const std::string> outputs() const noexcept;

  /// Every output. Throws Error.
  [[nodiscard]] TensorMap run(const TensorMap& inputs);

  /// What the labels of `output` are chosen from, by one more run of the network's graph on the
  /// CPU; nothing for an output that is no labels, and for engines, which keep no graph.
  [[nodiscard]] std::optional<LabelScores> run_label_scores(const std::string& output,
                                                            const TensorMap& inputs) const;

  /// As Executable::set_observer(). Pre: an ONNX file, opened with options.observe.
  void set_observer(IntermediateObserver observer);

 private:
  class Form;
  class SessionForm;
  class BundleForm;

  const Registry& registry_;
  std::unique_ptr<Form> form_;
};

}  // namespace mtmi::cli
