#include "mtmi/ops/cast.h"

#include <gtest/gtest.h>

#include "mtmi/ops/single_node.h"

namespace mtmi::ops {
namespace {

using Types = std::vector<std::string>;

TEST(Cast, TakesTheTypeThatItsAttributeNames) {
  EXPECT_EQ(inferred({"Cast", {f32({2})}, {{"to", std::int64_t{7}}}}), Types{"s64[2]"});
  EXPECT_EQ(inferred({"Cast", {f32({2})}, {{"to", std::int64_t{16}}}}), Types{"bf16[2]"});
}

TEST(Cast, RefusesTypesThatThereAreNot) {
  EXPECT_EQ(refusal({"Cast", {f32({2})}}), "got no attribute 'to', expected one");
  EXPECT_EQ(refusal({"Cast", {f32({2})}, {{"to", std::int64_t{8}}}}),
            "got the element type number 8, expected one of f32, f16, bf16, f64, s8, u8, s32, s64, "
            "bool");
}

TEST(CastLike, TakesTheTypeOfItsSecondInput) {
  EXPECT_EQ(inferred({"CastLike", {f32({2}), ints({1})}}), Types{"s64[2]"});
}

}  // namespace
}  // namespace mtmi::ops
