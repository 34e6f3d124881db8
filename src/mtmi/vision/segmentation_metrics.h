// How well predicted classes agree with the true ones, as the Cityscapes benchmark counts it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace mtmi::vision {

/// Pixels by true and by predicted class. Integers: sums do not depend on their order.
///
/// Pixels whose true class is none of 0 .. classes - 1 (kIgnoreLabel) are not counted at all. A
/// predicted class that does not exist is an error of its true class like any other.
class ConfusionMatrix {
 public:
  /// Pre: 1 <= classes <= 255.
  explicit ConfusionMatrix(int classes);

  [[nodiscard]] int classes() const noexcept { return classes_; }

  /// Counts one image. Pre: truth.size() == predicted.size().
  void add(std::span<const std::uint8_t> truth, std::span<const std::uint8_t> predicted);

  /// Pre: the same number of classes.
  ConfusionMatrix& operator+=(const ConfusionMatrix& other);

  /// Pixels of class `truth` for which `predicted` was found; predicted == classes() stands for
  /// classes that do not exist. Pre: 0 <= truth < classes(), 0 <= predicted <= classes().
  [[nodiscard]] std::uint64_t at(int truth, int predicted) const noexcept {
    return counts_[index(truth, predicted)];
  }

  bool operator==(const ConfusionMatrix&) const = default;

 private:
  [[nodiscard]] std::size_t index(int truth, int predicted) const noexcept {
    return static_cast<std::size_t>(truth) * static_cast<std::size_t>(classes_ + 1) +
           static_cast<std::size_t>(predicted);
  }

  int classes_;
  std::vector<std::uint64_t> counts_;  // [classes, classes + 1]
};

/// What intersection over union is made of, for one class [pixels].
struct ClassCounts {
  std::uint64_t hits = 0;    ///< of the class and found
  std::uint64_t missed = 0;  ///< of the class and not found
  std::uint64_t wrong = 0;   ///< found, but of another (known) class

  ClassCounts& operator+=(const ClassCounts& other) noexcept;
  bool operator==(const ClassCounts&) const = default;
};

/// By class. Pixels of no known class that are taken for one count nowhere, as in Cityscapes.
[[nodiscard]] std::vector<ClassCounts> class_counts(const ConfusionMatrix& matrix);

struct SegmentationMetrics {
  /// hits / (hits + missed + wrong) [1]; nothing for a class of which the truth has no pixel.
  std::vector<std::optional<double>> iou;
  double miou = 0.0;            ///< the mean of `iou` over the classes that the truth has [1]
  double pixel_accuracy = 0.0;  ///< pixels whose class was found [1]

  bool operator==(const SegmentationMetrics&) const = default;
};

/// All 0 where the truth has no pixel of any class.
[[nodiscard]] SegmentationMetrics segmentation_metrics(std::span<const ClassCounts> counts);

}  // namespace mtmi::vision
