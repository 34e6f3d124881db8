#include "mtmi/core/json_failure.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace mtmi {
namespace {

std::string failure_of(const std::string& text) {
  try {
    (void)nlohmann::json::parse(text).at("heads").at(0).get<std::string>();
  } catch (const nlohmann::json::exception& e) {
    return describe_json_failure(e, text);
  }
  return "";
}

TEST(JsonFailure, NamesLineAndColumnOfWhatIsNoJson) {
  EXPECT_EQ(failure_of("{\n \"a\": 1,\n x}"), "line 3, column 2 is no JSON");
  EXPECT_EQ(failure_of("?"), "line 1, column 1 is no JSON");
}

TEST(JsonFailure, ATextThatIsCutOffFailsAtItsEnd) {
  EXPECT_EQ(failure_of(""), "line 1, column 1 is no JSON");
  EXPECT_EQ(failure_of("{\"a\": 1"), "line 1, column 8 is no JSON");
}

TEST(JsonFailure, SaysWhatIsMissingOrOfAnotherType) {
  EXPECT_EQ(failure_of("{}"), "there is no 'heads' in it");
  EXPECT_EQ(failure_of("{\"heads\": []}"), "a list in it is too short, or a number too large");
  EXPECT_EQ(failure_of("{\"heads\": [1]}"), "a value in it is of another type than expected");
  EXPECT_EQ(failure_of("3"), "a value in it is of another type than expected");
}

}  // namespace
}  // namespace mtmi
