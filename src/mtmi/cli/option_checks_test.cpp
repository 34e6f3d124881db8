#include "mtmi/cli/option_checks.h"

#include <CLI/CLI.hpp>
#include <gtest/gtest.h>

namespace mtmi::cli {
namespace {

TEST(OptionChecks, WholeNumbersAreDigitsWithinTheirRange) {
  const CLI::Validator check = whole_number(1, 4096);
  EXPECT_EQ(check("1"), "");
  EXPECT_EQ(check("4096"), "");
  for (const char* text :
       {"0", "4097", "-1", "1.5", "1e3", "nan", "", " 1", "99999999999999999999"}) {
    EXPECT_EQ(check(text),
              "got '" + std::string(text) + "', expected a whole number from 1 to 4096");
  }
}

TEST(OptionChecks, ALimitThatIsNoneIsNotNamed) {
  EXPECT_EQ(whole_number(1)("0"), "got '0', expected a whole number >= 1");
  EXPECT_EQ(finite_number(0)("-0.5"), "got '-0.5', expected a number >= 0");
}

TEST(OptionChecks, NumbersAreFinite) {
  const CLI::Validator check = finite_number(0, 100);
  EXPECT_EQ(check("0.25"), "");
  EXPECT_EQ(check("1e-3"), "");
  for (const char* text : {"nan", "-nan", "inf", "-inf", "1e999", "100.1", "0.5x", ""}) {
    EXPECT_EQ(check(text), "got '" + std::string(text) + "', expected a number from 0 to 100");
  }
}

TEST(OptionChecks, ANameThatIsNearlyOneIsOffered) {
  EXPECT_EQ(one_of({"dla"})("dla"), "");
  EXPECT_EQ(one_of({"dla"})("dlaa"), "got 'dlaa', expected dla");
  EXPECT_EQ(one_of({"entropy", "minmax", "mse"})("minmx"),
            "got 'minmx', expected entropy, minmax or mse; did you mean minmax?");
  EXPECT_EQ(one_of({"crop", "stretch"})("x"), "got 'x', expected crop or stretch");
}

TEST(OptionChecks, DevicesAreOfThisMachineOrKnownToBeLeftOut) {
  EXPECT_EQ(device_name()("cpu"), "");
  EXPECT_EQ(device_name()("dla_sim:1"), "");
  EXPECT_EQ(device_name()("dla:0"), "");
  EXPECT_EQ(device_name()("cpu:7"), "there is no device cpu:7: this machine has 1 of them");
  EXPECT_EQ(device_name()("dlasim"),
            "no device 'dlasim' in this build; there are: cpu dla_sim; did you mean dla_sim?");
}

}  // namespace
}  // namespace mtmi::cli
