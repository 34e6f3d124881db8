#include "mtmi/calibration/tuner.h"

#include <memory>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/cpu_backend.h"
#include "mtmi/calibration/equalize.h"
#include "mtmi/calibration/layered_head_for_tests.h"
#include "mtmi/quant/graph_hash.h"

namespace mtmi::calibration {
namespace {

class TunerOfAHead : public testing::Test {
 protected:
  Tuner make_tuner() {
    return {*cpu_,
            [this] {
              ++taken_;
              return samples_;
            },
            [this](const Progress& progress) { steps_.insert(progress.step); }};
  }

  std::unique_ptr<Backend> cpu_ = make_cpu_backend();
  Graph head_ = layered_head();
  std::vector<TensorMap> samples_ = samples_of(head_, 4, 50);
  int taken_ = 0;
  std::set<std::string> steps_;
};

TEST_F(TunerOfAHead, TakesSamplesOnceHoweverMuchIsTuned) {
  Tuner tuner = make_tuner();
  EXPECT_EQ(taken_, 0);
  const Graph equal = tuner.equalize(head_);
  const auto scales = scales_of(equal, samples_);
  (void)tuner.correct(equal, scales, {.feedback = true, .bias = true});
  EXPECT_EQ(taken_, 1);
  EXPECT_THAT(steps_, testing::ElementsAre("correct", "equalize"));
}

TEST_F(TunerOfAHead, TakesNoneWhereNothingIsToBeCorrected) {
  Tuner tuner = make_tuner();
  const Graph same = tuner.correct(head_, scales_of(head_, samples_), {});
  EXPECT_EQ(taken_, 0);
  EXPECT_EQ(quant::graph_hash(same), quant::graph_hash(head_));
}

TEST_F(TunerOfAHead, DoesWhatTheFunctionsDo) {
  Tuner tuner = make_tuner();
  const Graph equal = equalized(*cpu_, head_, samples_, ignore_progress);
  EXPECT_EQ(quant::graph_hash(tuner.equalize(head_)), quant::graph_hash(equal));
  const auto scales = scales_of(equal, samples_);
  const Corrections both{.feedback = true, .bias = true};
  const Graph expected = corrected(*cpu_, equal, scales, samples_, both, ignore_progress);
  EXPECT_EQ(quant::graph_hash(tuner.correct(equal, scales, both)), quant::graph_hash(expected));
}

}  // namespace
}  // namespace mtmi::calibration
