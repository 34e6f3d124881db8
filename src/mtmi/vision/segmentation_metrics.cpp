#include "mtmi/vision/segmentation_metrics.h"

#include <algorithm>

#include "mtmi/core/assert.h"

namespace mtmi::vision {

ConfusionMatrix::ConfusionMatrix(int classes)
    : classes_(classes),
      counts_(static_cast<std::size_t>(classes) * static_cast<std::size_t>(classes + 1), 0) {
  MTMI_ASSERT(classes >= 1 && classes <= 255);
}

void ConfusionMatrix::add(std::span<const std::uint8_t> truth,
                          std::span<const std::uint8_t> predicted) {
  MTMI_ASSERT(truth.size() == predicted.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] < classes_) {
      ++counts_[index(truth[i], std::min<int>(predicted[i], classes_))];
    }
  }
}

ConfusionMatrix& ConfusionMatrix::operator+=(const ConfusionMatrix& other) {
  MTMI_ASSERT(classes_ == other.classes_);
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    counts_[i] += other.counts_[i];
  }
  return *this;
}

ClassCounts& ClassCounts::operator+=(const ClassCounts& other) noexcept {
  hits += other.hits;
  missed += other.missed;
  wrong += other.wrong;
  return *this;
}

std::vector<ClassCounts> class_counts(const ConfusionMatrix& matrix) {
  std::vector<ClassCounts> counts(static_cast<std::size_t>(matrix.classes()));
  for (int truth = 0; truth < matrix.classes(); ++truth) {
    for (int predicted = 0; predicted <= matrix.classes(); ++predicted) {
      const std::uint64_t pixels = matrix.at(truth, predicted);
      if (truth == predicted) {
        counts[static_cast<std::size_t>(truth)].hits += pixels;
        continue;
      }
      counts[static_cast<std::size_t>(truth)].missed += pixels;
      if (predicted < matrix.classes()) {
        counts[static_cast<std::size_t>(predicted)].wrong += pixels;
      }
    }
  }
  return counts;
}

SegmentationMetrics segmentation_metrics(std::span<const ClassCounts> counts) {
  SegmentationMetrics metrics;
  std::uint64_t pixels = 0;
  std::uint64_t hits = 0;
  double sum = 0.0;
  int present = 0;
  for (const ClassCounts& c : counts) {
    const std::uint64_t of_class = c.hits + c.missed;
    pixels += of_class;
    hits += c.hits;
    if (of_class == 0) {
      metrics.iou.emplace_back();
      continue;
    }
    metrics.iou.emplace_back(static_cast<double>(c.hits) / static_cast<double>(of_class + c.wrong));
    sum += *metrics.iou.back();
    ++present;
  }
  metrics.miou = present == 0 ? 0.0 : sum / present;
  metrics.pixel_accuracy =
      pixels == 0 ? 0.0 : static_cast<double>(hits) / static_cast<double>(pixels);
  return metrics;
}

}  // namespace mtmi::vision
