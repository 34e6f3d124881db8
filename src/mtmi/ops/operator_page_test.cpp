// docs/operators.md, to which errors refer, lists what there is.
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/ops/operator.h"

namespace mtmi::ops {
namespace {

/// What stands between backquotes and begins with a capital.
std::set<std::string> names_on_the_page() {
  std::ifstream file(MTMI_OPERATORS_PAGE);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const std::regex name("`([A-Z][A-Za-z0-9]*)`");
  std::set<std::string> names;
  for (std::sregex_iterator it(text.begin(), text.end(), name), end; it != end; ++it) {
    names.insert((*it)[1].str());
  }
  return names;
}

TEST(OperatorPage, ListsExactlyTheOperatorsThereAre) {
  std::set<std::string> names;
  for (const Operator& op : operators()) {
    names.insert(std::string(op.name));
  }
  EXPECT_THAT(names_on_the_page(), testing::ContainerEq(names));
}

}  // namespace
}  // namespace mtmi::ops
