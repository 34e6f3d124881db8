// The two sources of what calibration counts: features in files, and images with their encoder.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "mtmi/calibration/feature_folder.h"
#include "mtmi/calibration/image_loader.h"
#include "mtmi/calibration/observed_model.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/backend.h"
#include "mtmi/graph/graph.h"
#include "mtmi/quant/calibrator.h"

namespace mtmi::calibration {

/// A head on the features in a folder.
class FeatureRuns final : public quant::CalibrationImages {
 public:
  /// `head` must outlive the runs. Throws as FeatureFolder.
  FeatureRuns(const std::filesystem::path& folder, ObservedModel& head);

  [[nodiscard]] std::size_t size() const override { return features_.size(); }

  [[nodiscard]] std::string name(std::size_t i) const override;
  [[nodiscard]] std::string digest(std::size_t i) override;
  void run(std::size_t i, const quant::TensorObserver& observe) override;

  /// For quant::observe_images().
  [[nodiscard]] const std::string& context() const noexcept { return head_.digest(); }

 private:
  std::filesystem::path folder_;
  ObservedModel& head_;
  FeatureFolder features_;
};

/// An encoder whose input is one image.
class Encoder {
 public:
  /// Throws Error(InvalidArgument) where the graph has another input; what Session throws.
  Encoder(const Backend& backend, const Graph& graph, const vision::Preprocessing& preprocessing);

  /// All outputs, and the image as it went in, which heads may read as well. Throws as
  /// vision::read_image() and Session::run().
  [[nodiscard]] TensorMap run(const std::filesystem::path& image);

  /// Of all that decides what an image becomes.
  [[nodiscard]] const std::string& digest() const noexcept { return digest_; }

 private:
  std::string input_;
  ImageLoader loader_;
  Session session_;
  std::string digest_;
};

/// Heads on what the encoder makes of images, in memory: one run of the encoder for all heads. What
/// heads share is handed over more than once, and is the same each time.
class ImageRuns final : public quant::CalibrationImages {
 public:
  /// Encoder and heads must outlive the runs. Pre: every input of a head is an output of
  /// `encoder` or its input.
  ImageRuns(std::vector<std::filesystem::path> images,
            Encoder& encoder,
            std::vector<ObservedModel*> heads);

  [[nodiscard]] std::size_t size() const override { return images_.size(); }

  [[nodiscard]] std::string name(std::size_t i) const override { return images_[i].string(); }

  [[nodiscard]] std::string digest(std::size_t i) override;
  void run(std::size_t i, const quant::TensorObserver& observe) override;

  /// For quant::observe_images().
  [[nodiscard]] std::string context() const;

 private:
  std::vector<std::filesystem::path> images_;
  Encoder& encoder_;
  std::vector<ObservedModel*> heads_;
};

}  // namespace mtmi::calibration
