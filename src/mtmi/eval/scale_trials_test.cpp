#include "mtmi/eval/scale_trials.h"

#include <gtest/gtest.h>

#include "mtmi/eval/comparison.h"
#include "mtmi/eval/eval_for_tests.h"
#include "mtmi/vision/image.h"

namespace mtmi::eval {
namespace {

class ScaleTrialsTest : public testing::Test {
 protected:
  ScaleTrialsTest() {
    const std::vector<std::filesystem::path> folders{small_.images()};
    heads_.calibrate(vision::list_images(folders), {4}, [](std::size_t) {});
  }

  /// All scales of a head, all but each, and each alone.
  [[nodiscard]] static std::vector<ScaleTrials::Scales> choices(const HeadBuild& build) {
    std::vector<ScaleTrials::Scales> result{build.scales, {}};
    for (const auto& scale : build.scales) {
      ScaleTrials::Scales rest = build.scales;
      rest.erase(scale.first);
      result.push_back(std::move(rest));
      result.push_back({scale});
    }
    return result;
  }

  /// The same, each computed from the inputs on.
  [[nodiscard]] VariantRecord whole(std::size_t head,
                                    HeadBuild build,
                                    const ScaleTrials::Scales& scales) const {
    build.scales = scales;
    const Heads pairs = heads_.fake_quantized();
    return evaluate_one(prepared_, network_.card, {.name = "", .model = pairs.build(head, build)});
  }

  static void expect_same(const VariantRecord& got, const VariantRecord& expected) {
    ASSERT_EQ(got.heads.size(), expected.heads.size());
    for (std::size_t i = 0; i < got.heads.size(); ++i) {
      EXPECT_EQ(got.heads[i].output, expected.heads[i].output);
      EXPECT_NEAR(headline(got.heads[i]), headline(expected.heads[i]), 1e-5);
    }
  }

  SmallNetwork small_;
  Network network_ = small_.load();
  Heads heads_{registry_for_tests(), network_, "dla_sim"};
  std::vector<PreparedScene> prepared_ = small_.prepare(network_, 3);
};

TEST_F(ScaleTrialsTest, EveryChoiceGivesWhatTheWholeHeadGives) {
  for (std::size_t head = 0; head < heads_.heads().size(); ++head) {
    for (const char* spec : {"int8-minmax+depth8", "int8-minmax+depth8+truncate"}) {
      const HeadBuild build = heads_.plan(head, parse_variant(spec));
      const ScaleTrials trials(heads_, head, build, prepared_, network_.card);
      const auto all = choices(build);
      for (const ScaleTrials::Scales& base : {build.scales, ScaleTrials::Scales{}}) {
        const ScaleTrials::Records records = trials.run(base, all, [] {});
        expect_same(records.base, whole(head, build, base));
        ASSERT_EQ(records.choices.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
          expect_same(records.choices[i], whole(head, build, all[i]));
        }
      }
    }
  }
}

TEST_F(ScaleTrialsTest, OneSceneAtATimeGivesTheSame) {
  const HeadBuild build = heads_.plan(0, parse_variant("int8-minmax"));
  const auto all = choices(build);
  const auto run = [&](std::size_t kept_bytes) {
    const ScaleTrials trials(heads_, 0, build, prepared_, network_.card, kept_bytes);
    return trials.run(build.scales, all, [] {});
  };
  const ScaleTrials::Records together = run(ScaleTrials::kMostKeptBytes);
  const ScaleTrials::Records alone = run(1);
  ASSERT_EQ(together.choices.size(), alone.choices.size());
  for (std::size_t i = 0; i < alone.choices.size(); ++i) {
    EXPECT_EQ(headline(together.choices[i].heads.front()),
              headline(alone.choices[i].heads.front()));
  }
}

TEST_F(ScaleTrialsTest, EveryStepIsTold) {
  const HeadBuild build = heads_.plan(0, parse_variant("int8-minmax"));
  const ScaleTrials trials(heads_, 0, build, prepared_, network_.card);
  std::size_t steps = 0;
  static_cast<void>(trials.run(build.scales, choices(build), [&] { ++steps; }));
  EXPECT_EQ(steps, trials.num_steps(choices(build).size()));
}

}  // namespace
}  // namespace mtmi::eval
