#include "mtmi/eval/variant_spec.h"

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::eval {
namespace {

TEST(VariantSpec, NamesReadBack) {
  for (const VariantSpec& spec : all_variants()) {
    EXPECT_EQ(parse_variant(to_string(spec)), spec) << to_string(spec);
  }
  for (const char* name : {"f32@cpu",
                           "bf16@cpu",
                           "int8-mse/32+aligned+truncate@cpu",
                           "int8-mse+equalized+feedback+bias"}) {
    EXPECT_EQ(to_string(parse_variant(name)), name);
  }
}

TEST(VariantSpec, DefaultsAreLeftOut) {
  EXPECT_EQ(to_string(parse_variant("int8")), "int8-entropy");
  EXPECT_EQ(to_string(parse_variant("int8-mse@dla_sim")), "int8-mse");
}

TEST(VariantSpec, OtherTextsAreRefused) {
  for (const char* text : {"",
                           "int4",
                           "int8-best",
                           "int8+",
                           "int8+fast",
                           "f16+aligned",
                           "f16+equalized",
                           "f16+bias",
                           "f16-mse",
                           "int8+aligned+aligned",
                           "int8-",
                           "@cpu",
                           "int8/",
                           "int8/0",
                           "int8/8x",
                           "f16/8"}) {
    EXPECT_THROW(static_cast<void>(parse_variant(text)), Error) << text;
  }
}

}  // namespace
}  // namespace mtmi::eval
