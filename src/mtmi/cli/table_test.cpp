#include "mtmi/cli/table.h"

#include <gtest/gtest.h>

namespace mtmi::cli {
namespace {

TEST(Table, NumbersStandRightAndTextLeft) {
  Table table({"op", "count"});
  table.add_row({"Conv", "7"});
  table.add_row({"LayerNormalization", "1,234"});
  EXPECT_EQ(table.to_string(),
            "op                  count\n"
            "-------------------------\n"
            "Conv                    7\n"
            "LayerNormalization  1,234\n");
}

}  // namespace
}  // namespace mtmi::cli
