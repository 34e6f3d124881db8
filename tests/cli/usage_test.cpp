// What holds for every verb.
#include "program.h"
#include <gmock/gmock.h>

namespace mtmi::cli {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class Usage : public ProgramTest {};

TEST_F(Usage, HelpListsTheVerbs) {
  const ProgramResult result = run({"--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("devices"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST_F(Usage, VerbHelpShowsAnExample) {
  const ProgramResult result = run({"infer", "--help"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("mtmi infer model.onnx"));
}

TEST_F(Usage, WrongUsageIsOneSentenceAndExitCode2) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{},
        {"nonsense"},
        {"devices", "--nonsense"},
        {"devices", "--threads", "0"},
        {"devices", "--threads", "many"},
        {"devices", "--max-memory", "2GB"},
        {"infer"},
        {"model", "--size", "32", "-o", "m.onnx"},
        {"model", "--size", "32x32", "-o", ""},
        {"model", "--size", "32x32", "--seed", "-1", "-o", "m.onnx"}}) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << testing::PrintToString(arguments);
    EXPECT_THAT(result.out, IsEmpty());
    EXPECT_THAT(result.err, StartsWith("mtmi"));
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
  }
}

TEST_F(Usage, AnUnknownVerbIsNamed) {
  EXPECT_EQ(run({"nonsense", "model.onnx"}).err,
            "mtmi: there is no verb or option 'nonsense'; see mtmi --help\n");
}

TEST_F(Usage, ANumberOutOfRangeIsToldAReadableRange) {
  EXPECT_EQ(
      run({"scenes", "-o", "s", "--count", "1", "--first", "-1"}).err,
      "mtmi scenes: --first: got '-1', expected a whole number from 0 to 1000000000; see mtmi "
      "scenes --help\n");
  EXPECT_EQ(run({"compare", "a", "b", "--tolerance", "nan"}).err,
            "mtmi compare: --tolerance: got 'nan', expected a number from 0 to 1000000; see mtmi "
            "compare --help\n");
  for (const char* text : {"nan", "inf", "-1"}) {
    const ProgramResult result = run({"eval", "m.onnx", "--scenes", "s", "--miou-limit", text});
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_THAT(result.err, HasSubstr("got '" + std::string(text) + "', expected a number >= 0"));
  }
  EXPECT_THAT(run({"eval", "m.onnx", "--scenes", "s", "--count", "0"}).err,
              HasSubstr("--count: got '0', expected a whole number >= 1"));
}

TEST_F(Usage, AMistypedDeviceIsAnsweredWithTheNearest) {
  const ProgramResult result = run({"bench", "m.onnx", "--device", "dlasim"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "mtmi bench: --device: no device 'dlasim' in this build; there are: cpu dla_sim; did "
            "you mean dla_sim? See mtmi bench --help\n");
}

TEST_F(Usage, AFlagTakesNoValue) {
  for (const char* value : {"5", "true", "banana", ""}) {
    const ProgramResult result =
        run({"deploy", "net.onnx", "--images", "x", "-o", "b", "--equalize=" + std::string(value)});
    EXPECT_EQ(result.exit_code, 2) << value;
    EXPECT_EQ(result.err,
              "mtmi: --equalize: got '" + std::string(value) +
                  "', expected no value: it is on where it stands\n");
  }
  EXPECT_EQ(run({"devices", "--json=1"}).exit_code, 2);
}

TEST_F(Usage, ATextThatAnOptionCannotMeanIsToldWithTheOption) {
  const auto error_of = [this](const std::vector<std::string>& arguments) {
    const ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    return result.err;
  };
  EXPECT_EQ(error_of({"model", "--size", "0x512", "-o", "m.onnx"}),
            "mtmi model: --size: got '0x512', expected HEIGHTxWIDTH in pixels, as in 512x1024; see "
            "mtmi model --help\n");
  EXPECT_EQ(error_of({"scenes", "--size", "8x64", "--count", "1", "-o", "s"}),
            "mtmi scenes: --size: got '8x64', expected 16 to 8192 pixels on each side; see mtmi "
            "scenes --help\n");
  EXPECT_THAT(error_of({"devices", "--max-memory", "2GB"}),
              StartsWith("mtmi devices: --max-memory: got '2GB', expected a size in bytes"));
  for (const char* verb : {"simplify", "split", "inspect", "bench", "build", "check"}) {
    EXPECT_THAT(error_of({verb, "no.onnx", "--input", "x=1,0,3"}),
                HasSubstr("--input: got '1,0,3', expected extents above 0 with commas"))
        << verb;
  }
  EXPECT_THAT(error_of({"build", "no.onnx", "-o", "e", "--io", "x=s8"}),
              HasSubstr("--io: got format 's8', expected TYPE:LAYOUT[:SCALE]"));
  EXPECT_THAT(
      error_of({"bench", "no.onnx", "--precision", "fp32"}),
      HasSubstr("--precision: got 'fp32', expected f32, bf16, f16 or int8; did you mean f32?"));
  EXPECT_THAT(error_of({"deploy", "no.onnx", "--images", "x", "-o", "b", "--limit", "seg=1"}),
              HasSubstr("--limit: got 'seg=1', expected labels=SHARE"));
}

TEST_F(Usage, FlagsAreSpelledInHelpAsTheyAreTyped) {
  EXPECT_THAT(run({"split", "--help"}).out, Not(HasSubstr("{false}")));
}

TEST_F(Usage, APathThatNoFileSystemTakesIsASentence) {
  const ProgramResult result = run({"inspect", std::string(5000, 'a')});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr(": File name too long\n"));
}

TEST_F(Usage, ResultsThatCannotBeWrittenAreAFailure) {
  const ProgramResult result = run_into("/dev/full", {"devices"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "mtmi: standard output: cannot write the results\n");
}

TEST_F(Usage, VerboseShowsThePlaceInTheSource) {
  EXPECT_EQ(run({"bench", "none.onnx"}).err,
            "mtmi: none.onnx: cannot open: No such file or directory\n");
  EXPECT_THAT(run({"bench", "none.onnx", "--verbose"}).err, HasSubstr(" [core::file]\n"));
}

}  // namespace
}  // namespace mtmi::cli
