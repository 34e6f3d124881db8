#include "mtmi/core/hash.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(Hash, OfNothingIsThePublishedValue) {
  // XXH3-128 of the empty input with seed 0, from the xxHash specification.
  EXPECT_EQ(hash_hex({}), "99aa06d3014798d86001c324468d497f");
}

TEST(Hash, FieldsCannotRunIntoEachOther) {
  Hasher a;
  a.update("ab");
  a.update("c");
  Hasher b;
  b.update("a");
  b.update("bc");
  EXPECT_NE(a.hex_digest(), b.hex_digest());
}

}  // namespace
}  // namespace mtmi
