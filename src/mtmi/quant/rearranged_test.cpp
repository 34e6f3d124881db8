#include "mtmi/quant/rearranged.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/graph/text.h"
#include "mtmi/quant/calibrated_table.h"
#include "mtmi/quant/histograms_for_tests.h"

namespace mtmi::quant {
namespace {

using testing::ElementsAre;
using testing::Pair;

Graph small_graph() {
  return parse_text(R"(graph "moves" {
  input %x: f32[1,2,4,4]
  input %y: f32[1,2,4,4]
  const %k: f32[1,1,4,4] = random(1)
  %relu: f32[1,2,4,4] = Relu(%x)
  %both: f32[1,4,4,4] = Concat(%relu, %y) {axis = 1}
  %turned: f32[1,4,4,4] = Transpose(%both) {perm = [0, 2, 3, 1]}
  %twice: f32[1,8,4,4] = Concat(%turned, %turned) {axis = 1}
  %mixed: f32[1,3,4,4] = Concat(%x, %k) {axis = 1}
  output %twice
  output %mixed
})");
}

TEST(Rearranged, WhatMovesElementsIsResolvedToWhatComputesThem) {
  EXPECT_THAT(find_rearranged(small_graph()),
              ElementsAre(Pair("both", ElementsAre("relu", "y")),
                          Pair("turned", ElementsAre("relu", "y")),
                          Pair("twice", ElementsAre("relu", "y", "relu", "y"))));
}

TEST(Rearranged, WhatHoldsConstantsMustBeCounted) {
  EXPECT_THAT(counted_tensors(small_graph()), ElementsAre("x", "y", "relu", "mixed"));
}

TEST(Rearranged, ScalesAreThoseOfCounting) {
  std::vector<float> relu{0.0F, 0.25F, 3.0F};
  std::vector<float> y{-1000.0F, 2.0F};  // bins are merged where it meets relu
  Observations seen;
  seen.images = {{"image", kEnoughImages}};
  for (const char* name : {"x", "mixed"}) {
    seen.tensors.emplace(name, histogram_of({1.0F}));
  }
  seen.tensors.emplace("relu", histogram_of(relu));
  seen.tensors.emplace("y", histogram_of(y));
  Observations all = seen;
  std::vector<float> both = relu;
  both.insert(both.end(), y.begin(), y.end());
  std::vector<float> twice = both;
  twice.insert(twice.end(), both.begin(), both.end());
  all.tensors.emplace("both", histogram_of(both));
  all.tensors.emplace("turned", histogram_of(both));
  all.tensors.emplace("twice", histogram_of(twice));
  for (const Method method : {Method::Entropy, Method::MinMax, Method::Mse}) {
    EXPECT_EQ(find_scales(seen, small_graph(), {method}).table,
              find_scales(all, small_graph(), {method}).table);
  }
  add_rearranged(seen, small_graph());
  EXPECT_EQ(seen, all);
}

}  // namespace
}  // namespace mtmi::quant
