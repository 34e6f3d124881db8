#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

Tensor s64(Shape shape) {
  return Tensor(DType::Int64, std::move(shape));
}

TEST(Gather, PutsTheShapeOfTheIndicesInPlaceOfTheAxis) {
  EXPECT_EQ(inferred({"Gather", {f32({5, 6, 7}), s64({2, 3})}, {{"axis", std::int64_t{1}}}}),
            Types{"f32[5,2,3,7]"});
  EXPECT_EQ(inferred({"Gather", {f32({5}), s64({})}}), Types{"f32[]"});
}

TEST(Gather, WrongInputsAreRefused) {
  EXPECT_EQ(refusal({"Gather", {f32({5}), f32({2})}}), "got indices of f32, expected s32 or s64");
  EXPECT_EQ(refusal({"Gather", {f32({}), s64({2})}}),
            "got axis 0, expected none: the tensor is a scalar");
}

TEST(GatherElements, HasTheShapeOfTheIndices) {
  EXPECT_EQ(inferred({"GatherElements", {f32({3, 4}), s64({7, 2})}}), Types{"f32[7,2]"});
  EXPECT_EQ(refusal({"GatherElements", {f32({3, 4}), s64({2, 5})}}),
            "got indices of shape [2,5], expected a shape within [3,4] but for axis 0");
}

TEST(GatherND, ReplacesTheIndexedAxes) {
  EXPECT_EQ(inferred({"GatherND", {f32({2, 3, 4}), s64({5, 2})}}), Types{"f32[5,4]"});
  EXPECT_EQ(
      inferred({"GatherND", {f32({2, 3, 4}), s64({2, 5, 1})}, {{"batch_dims", std::int64_t{1}}}}),
      Types{"f32[2,5,4]"});
}

TEST(GatherND, PositionsMustFitTheData) {
  EXPECT_EQ(refusal({"GatherND", {f32({2, 3}), s64({5, 3})}}),
            "got indices of shape [5,3], expected positions in [2,3] behind 0 equal batch axes");
  EXPECT_EQ(refusal({"GatherND", {f32({2, 3}), s64({5, 0})}}),
            "got indices of shape [5,0], expected positions in [2,3] behind 0 equal batch axes");
  EXPECT_EQ(refusal({"GatherND", {f32({2, 3}), s64({1, 1})}, {{"batch_dims", std::int64_t{1}}}}),
            "got indices of shape [1,1], expected positions in [2,3] behind 1 equal batch axes");
  EXPECT_EQ(refusal({"GatherND", {f32({2, 3}), s64({1, 1})}, {{"batch_dims", std::int64_t{2}}}}),
            "got batch_dims 2 for data [2,3] and indices [1,1], expected one from 0 to below both "
            "ranks");
}

}  // namespace
}  // namespace mtmi::ops
