#include "mtmi/graph/structural_hash.h"

#include <gtest/gtest.h>

#include "mtmi/graph/text.h"

namespace mtmi {
namespace {

std::string hash_of(std::string_view body) {
  return structural_hash(parse_text("graph { input %x: f32[4] " + std::string(body) + " }"));
}

TEST(StructuralHash, NamesAndOrderDoNotCount) {
  const std::string hash = hash_of("%a = Relu(%x) %b = Neg(%x) %y = Add(%a, %b) output %y");
  EXPECT_EQ(hash, hash_of("%p = Neg(%x) %q = Relu(%x) %r = Add(%p, %q) \"n\" output %r"));
  EXPECT_EQ(hash, hash_of("%a = Relu(%x) %b = Neg(%x) %c = Exp(%x) %y = Add(%a, %b) output %y"));
}

TEST(StructuralHash, EverythingElseCounts) {
  const std::string hash = hash_of("const %c: f32[4] = [1,2,3,4] %y = Sub(%x, %c) output %y");
  EXPECT_NE(hash, hash_of("const %c: f32[4] = [1,2,3,5] %y = Sub(%x, %c) output %y"));
  EXPECT_NE(hash, hash_of("const %c: f32[4] = [1,2,3,4] %y = Sub(%c, %x) output %y"));
  EXPECT_NE(hash, hash_of("const %c: f32[4] = [1,2,3,4] %y = Div(%x, %c) output %y"));
  EXPECT_NE(hash, hash_of("const %c: f32[4] = [1,2,3,4] %y = Sub(%x, %c) {a = 1} output %y"));
  EXPECT_NE(hash, hash_of("const %c: f32[4] = [1,2,3,4] %y = Sub(%x, %c) output %y output %y"));
}

TEST(StructuralHash, OutputsOfANodeAreToldApart) {
  EXPECT_NE(hash_of("%a, %b = Split(%x) output %a"), hash_of("%a, %b = Split(%x) output %b"));
}

}  // namespace
}  // namespace mtmi
