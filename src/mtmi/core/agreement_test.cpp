#include "mtmi/core/agreement.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

Tensor floats(std::initializer_list<float> values) {
  return Tensor::from<float>(Shape{static_cast<std::int64_t>(values.size())}, values);
}

TEST(Agreement, FindsTheWorstElement) {
  const Agreement a = compare(floats({0.0F, 1.0F, 4.0F}), floats({0.0F, 1.5F, 4.25F}));
  EXPECT_FALSE(a.bit_equal);
  EXPECT_EQ(a.max_difference, 0.5);
  EXPECT_EQ(a.worst_index, 1);
  EXPECT_EQ(a.range, 4.0);
  EXPECT_EQ(a.relative_difference(), 0.125);
  EXPECT_TRUE(agrees(a, DType::Float32, 0.125));
  EXPECT_FALSE(agrees(a, DType::Float32, 0.124));
}

// Softmax over five equal scores: the range is the rounding itself.
TEST(Agreement, LastBitsOfANearlyConstantTensorAgree) {
  const float next = std::nextafter(0.2F, 1.0F);
  const Agreement a = compare(floats({0.2F, 0.2F, next}), floats({0.2F, next, 0.2F}));
  EXPECT_EQ(a.relative_difference(), 1.0);
  EXPECT_EQ(a.magnitude, static_cast<double>(next));
  EXPECT_TRUE(agrees(a, DType::Float32, 1e-4));
  EXPECT_FALSE(agrees(a, DType::Float32, 0.0));  // asks for equal values
}

TEST(Agreement, MoreThanTheLastBitsOfANearlyConstantTensorDiffers) {
  const float next = std::nextafter(-0.2F, -1.0F);
  const float ten_on = -0.2F * (1.0F + 10.0F * std::numeric_limits<float>::epsilon());
  const Agreement a = compare(floats({-0.2F, next}), floats({ten_on, next}));
  EXPECT_FALSE(a.within_rounding());
  EXPECT_FALSE(agrees(a, DType::Float32, 1e-4));
}

TEST(Agreement, NanOnOneSideNeverAgrees) {
  const float nan = std::nanf("");
  EXPECT_FALSE(agrees(compare(floats({1.0F}), floats({nan})), DType::Float32, 1e9));
  EXPECT_TRUE(agrees(compare(floats({nan}), floats({nan})), DType::Float32, 0.0));
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_FALSE(agrees(compare(floats({infinity}), floats({-infinity})), DType::Float32, 1e9));
}

TEST(Agreement, LabelsAgreeAtFourNines) {
  Tensor expected(DType::Int64, Shape{20000});
  Tensor got = expected.clone();
  got.data<std::int64_t>()[5] = 3;
  EXPECT_TRUE(agrees(compare(expected, got), DType::Int64, 0.0));
  got.data<std::int64_t>()[6] = got.data<std::int64_t>()[7] = 1;
  EXPECT_FALSE(agrees(compare(expected, got), DType::Int64, 0.0));
}

TEST(Agreement, WithoutScoresAFewLabelsOfASmallPictureFail) {
  const Tensor expected(DType::Int64, Shape{64, 64});
  Tensor got = expected.clone();
  got.data<std::int64_t>()[5] = 3;
  EXPECT_FALSE(agrees(compare(expected, got), DType::Int64, 1e-3));
}

/// Labels of a picture and the scores of three classes; class 0 is the best everywhere.
class LabelAgreement : public ::testing::Test {
 protected:
  static constexpr std::int64_t kSide = 64;

  LabelAgreement() : scores_{Tensor(DType::Float32, Shape{1, 3, kSide, kSide}), 1} {
    for (std::int64_t i = 0; i < kSide * kSide; ++i) {
      set_scores(i, 10.0F, 0.0F, 5.0F);
    }
  }

  void set_scores(std::int64_t pixel, float a, float b, float c) {
    const auto scores = scores_.tensor.data<float>();
    const auto i = static_cast<std::size_t>(pixel);
    const auto plane = static_cast<std::size_t>(kSide * kSide);
    scores[i] = a;
    scores[plane + i] = b;
    scores[2 * plane + i] = c;
  }

  void set_label(std::size_t pixel, std::int64_t label) {
    got_.data<std::int64_t>()[pixel] = label;
  }

  [[nodiscard]] bool agree(double tolerance) const {
    return agrees(compare_labels(expected_, got_, scores_), DType::Int64, tolerance);
  }

  Tensor expected_ = Tensor(DType::Int64, Shape{1, kSide, kSide});
  Tensor got_ = expected_.clone();
  LabelScores scores_;
};

TEST_F(LabelAgreement, ATieIsAccepted) {
  set_scores(100, 10.0F, 0.0F, 9.995F);
  set_scores(200, 10.0F, 9.99F, 0.0F);
  set_scores(300, 10.0F, 10.0F, 0.0F);
  set_label(100, 2);
  set_label(200, 1);
  set_label(300, 1);
  EXPECT_TRUE(agree(2e-3));
  EXPECT_FALSE(agree(0.9e-3));
  EXPECT_NEAR(*compare_labels(expected_, got_, scores_).widest_tie, 1e-3, 1e-6);
}

TEST_F(LabelAgreement, OneLabelThatIsNoTieIsRefused) {
  set_label(100, 2);
  EXPECT_FALSE(agree(1e-3));
  EXPECT_EQ(compare_labels(expected_, got_, scores_).widest_tie, 0.5);
}

TEST_F(LabelAgreement, ATieOfOtherClassesExcusesNothing) {
  set_scores(100, 10.0F, 10.0F, 0.0F);
  set_label(100, 2);
  EXPECT_FALSE(agree(1e-3));
}

TEST_F(LabelAgreement, ALabelThatIsNoClassIsRefused) {
  set_label(100, 3);
  EXPECT_FALSE(agree(1e6));
  set_label(100, -1);
  EXPECT_FALSE(agree(1e6));
}

TEST_F(LabelAgreement, ScoresThatAreNoNumbersAreNoTie) {
  set_scores(100, 10.0F, std::nanf(""), 0.0F);
  set_label(100, 1);
  EXPECT_FALSE(agree(1e6));
}

TEST_F(LabelAgreement, EqualLabelsNeedNoScores) {
  const Agreement agreement = compare_labels(expected_, got_, scores_);
  EXPECT_TRUE(agreement.bit_equal);
  EXPECT_EQ(agreement.widest_tie, 0.0);
}

TEST(Agreement, TiesDoNotExcuseManyLabelsOfALargePicture) {
  const Tensor expected(DType::Int64, Shape{20000});
  const LabelScores scores{Tensor(DType::Float32, Shape{20000, 2}), 1};
  Tensor got = expected.clone();
  got.data<std::int64_t>()[5] = got.data<std::int64_t>()[6] = 1;
  EXPECT_TRUE(agrees(compare_labels(expected, got, scores), DType::Int64, 1e-3));
  got.data<std::int64_t>()[7] = 1;
  EXPECT_FALSE(agrees(compare_labels(expected, got, scores), DType::Int64, 1e-3));
}

TEST(Agreement, ScoresOfAnotherPictureAreRefused) {
  const Tensor labels(DType::Int64, Shape{10});
  const LabelScores scores{Tensor(DType::Float32, Shape{9, 2}), 1};
  EXPECT_THROW(static_cast<void>(compare_labels(labels, labels, scores)), Error);
}

TEST(Agreement, OtherShapesAreRefused) {
  EXPECT_THROW(static_cast<void>(compare(floats({1.0F}), floats({1.0F, 2.0F}))), Error);
}

}  // namespace
}  // namespace mtmi
