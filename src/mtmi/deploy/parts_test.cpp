#include "mtmi/deploy/parts.h"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mtmi::deploy {
namespace {

using testing::ElementsAre;

HeadOutline head_with(std::vector<std::string> outputs, std::vector<std::string> results) {
  HeadOutline head;
  head.outputs = std::move(outputs);
  head.results = std::move(results);
  return head;
}

TEST(BeforeTailOf, AResultThatGoesPastTheTailIsMadeFromItself) {
  const HeadOutline head = head_with({"near", "boxes"}, {"depth", "boxes"});
  EXPECT_THAT(before_tail_of(head, "boxes"), ElementsAre("boxes"));
  EXPECT_THAT(before_tail_of(head, "depth"), ElementsAre("near"));
}

TEST(BeforeTailOf, ATailOfSeveralMakesEachOfTheOneAtItsPlace) {
  const HeadOutline head = head_with({"scores", "near"}, {"labels", "depth"});
  EXPECT_THAT(before_tail_of(head, "labels"), ElementsAre("scores"));
  EXPECT_THAT(before_tail_of(head, "depth"), ElementsAre("near"));
}

TEST(BeforeTailOf, ATailThatBringsTensorsTogetherMakesItsResultOfAll) {
  const HeadOutline head = head_with({"near", "far"}, {"depth"});
  EXPECT_THAT(before_tail_of(head, "depth"), ElementsAre("near", "far"));
}

}  // namespace
}  // namespace mtmi::deploy
