#include "mtmi/vision/segmentation_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/random.h"
#include "mtmi/vision/palette.h"

namespace mtmi::vision {
namespace {

struct Labels {
  std::vector<std::uint8_t> truth;
  std::vector<std::uint8_t> predicted;
};

// Three quarters right, a sixth ignored; what tests/data/make_recorded_metrics.py draws, too.
Labels random_labels(int pixels, int classes) {
  Random random(11);
  const auto count = static_cast<std::uint64_t>(classes);
  Labels labels;
  for (int i = 0; i < pixels; ++i) {
    const std::uint64_t label = random.next() % (count + 1);
    labels.truth.push_back(label == count ? kIgnoreLabel : static_cast<std::uint8_t>(label));
    const bool right = random.next() % 4 != 0 && label < count;
    labels.predicted.push_back(static_cast<std::uint8_t>(right ? label : random.next() % count));
  }
  return labels;
}

SegmentationMetrics metrics_of(const Labels& labels, int classes) {
  ConfusionMatrix matrix(classes);
  matrix.add(labels.truth, labels.predicted);
  return segmentation_metrics(class_counts(matrix));
}

TEST(SegmentationMetrics, AreThoseOfNumPy) {
  const SegmentationMetrics metrics = metrics_of(random_labels(4000, 5), 5);
  EXPECT_NEAR(metrics.miou, 0.6734516063989199, 1e-12);
  EXPECT_NEAR(metrics.pixel_accuracy, 0.804922515952598, 1e-12);
  const std::vector<double> iou{0.6606714628297362,
                                0.6636481241914618,
                                0.6826424870466321,
                                0.6538969616908851,
                                0.7063989962358845};
  ASSERT_EQ(metrics.iou.size(), iou.size());
  for (std::size_t c = 0; c < iou.size(); ++c) {
    EXPECT_NEAR(metrics.iou[c].value(), iou[c], 1e-12);
  }
}

// Sets of pixels, class by class, instead of a matrix.
TEST(SegmentationMetrics, AreIntersectionsOverUnions) {
  const Labels labels = random_labels(3000, 19);
  const SegmentationMetrics metrics = metrics_of(labels, 19);
  for (std::uint8_t c = 0; c < 19; ++c) {
    int both = 0;
    int either = 0;
    for (std::size_t i = 0; i < labels.truth.size(); ++i) {
      const bool known = labels.truth[i] != kIgnoreLabel;
      const bool is = labels.truth[i] == c;
      const bool found = labels.predicted[i] == c;
      both += known && is && found ? 1 : 0;
      either += known && (is || found) ? 1 : 0;
    }
    EXPECT_EQ(metrics.iou[c].value(), static_cast<double>(both) / either) << "class " << int{c};
  }
}

TEST(SegmentationMetrics, IgnoredPixelsCountNowhere) {
  ConfusionMatrix matrix(2);
  const std::vector<std::uint8_t> truth{0, kIgnoreLabel, 1, 7};
  const std::vector<std::uint8_t> predicted{0, 1, 1, 0};
  matrix.add(truth, predicted);
  EXPECT_THAT(class_counts(matrix),
              testing::ElementsAre(ClassCounts{.hits = 1, .missed = 0, .wrong = 0},
                                   ClassCounts{.hits = 1, .missed = 0, .wrong = 0}));
}

TEST(SegmentationMetrics, AClassThatDoesNotExistIsAMiss) {
  ConfusionMatrix matrix(2);
  const std::vector<std::uint8_t> truth{0, 0, 1};
  const std::vector<std::uint8_t> predicted{0, 200, 1};
  matrix.add(truth, predicted);
  EXPECT_EQ(matrix.at(0, 2), 1U);
  const SegmentationMetrics metrics = segmentation_metrics(class_counts(matrix));
  EXPECT_EQ(metrics.iou[0], 0.5);
  EXPECT_EQ(metrics.iou[1], 1.0);
}

TEST(SegmentationMetrics, ClassesThatTheTruthLacksAreLeftOutOfTheMean) {
  ConfusionMatrix matrix(3);
  const std::vector<std::uint8_t> truth{0, 0, 0, 0};
  const std::vector<std::uint8_t> predicted{0, 0, 0, 2};
  matrix.add(truth, predicted);
  const SegmentationMetrics metrics = segmentation_metrics(class_counts(matrix));
  EXPECT_EQ(metrics.miou, 0.75);
  EXPECT_EQ(metrics.iou[1], std::nullopt);
  EXPECT_EQ(metrics.iou[2], std::nullopt);
}

TEST(SegmentationMetrics, SumsOfImagesAreThoseOfAllPixels) {
  const Labels labels = random_labels(2000, 5);
  ConfusionMatrix whole(5);
  whole.add(labels.truth, labels.predicted);
  ConfusionMatrix first(5);
  ConfusionMatrix second(5);
  const std::span truth(labels.truth);
  const std::span predicted(labels.predicted);
  first.add(truth.first(700), predicted.first(700));
  second.add(truth.subspan(700), predicted.subspan(700));
  second += first;
  EXPECT_EQ(second, whole);
}

TEST(SegmentationMetrics, NoPixelsGiveZeros) {
  const SegmentationMetrics metrics = segmentation_metrics(class_counts(ConfusionMatrix(2)));
  EXPECT_EQ(metrics.miou, 0.0);
  EXPECT_EQ(metrics.pixel_accuracy, 0.0);
}

}  // namespace
}  // namespace mtmi::vision
