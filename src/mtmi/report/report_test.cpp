#include "mtmi/report/report.h"

#include <functional>
#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace mtmi::report {
namespace {

using testing::HasSubstr;
using testing::Not;

Report example() {
  Report report;
  report.network = "net <1>";
  report.mtmi_version = "1.2.3";
  report.facts = {{"period", "12.3 ms"}};
  report.stages = {{.name = "encoder",
                    .kind = "encoder",
                    .device = "cpu",
                    .capability = "x86-avx512",
                    .precision = "f32",
                    .engine_bytes = 2345678,
                    .predicted_ms = 0.0,
                    .measured_ms = 7.0,
                    .fallback = ""},
                   {.name = "seg",
                    .kind = "head",
                    .device = "dla_sim:0",
                    .capability = "orin-dla",
                    .precision = "int8",
                    .engine_bytes = 4321,
                    .predicted_ms = 1.25,
                    .measured_ms = 0.0,
                    .fallback = "no such layer"}};
  report.simulated = "dla_sim:0: simulated";
  report.hand_offs = {
      {.from = "frame", .to = "encoder", .tensor = "x", .format = "f32", .bytes = 771},
      {.from = "encoder", .to = "seg", .tensor = "f1", .format = "s8", .bytes = 882},
      {.from = "seg", .to = "result", .tensor = "y", .format = "s8", .bytes = 993}};
  for (std::uint64_t frame = 0; frame < 20; ++frame) {
    const double at = 1000.0 * static_cast<double>(frame);
    report.timeline.push_back({.stage = "encoder",
                               .device = "cpu:0",
                               .frame = frame,
                               .start_us = at,
                               .end_us = at + 912.0});
  }
  report.timeline_note = "Measured here.";
  report.sections = {{.title = "Accuracy",
                      .text = "on 5 scenes",
                      .table = {.columns = {"variant", "mIoU"}, .rows = {{"int8", "0.8871"}}},
                      .losses = {},
                      .bars = {{.label = "conv1", .value = 0.125, .text = "0.125 points"}}}};
  report.pictures = {{.caption = "frame 0", .png = "not really a picture"}};
  report.distributions = {{.head = "seg",
                           .tensor = "fuse",
                           .method = "entropy",
                           .absmax = 8.125,
                           .amax = 6.5,
                           .scale = 6.5 / 127.0,
                           .exchanged = true,
                           .counts = {70, 20, 0, 10}}};
  report.files = {{.path = "a.engine", .hash = "0123abcd", .bytes = 65537}};
  return report;
}

// Every string and every count of the document, wherever it stands.
void visit(const nlohmann::json& json, const std::function<void(const std::string&)>& act) {
  if (json.is_structured()) {
    for (const auto& [key, value] : json.items()) {
      visit(value, act);
    }
  } else if (json.is_string()) {
    act(json.get<std::string>());
  } else if (json.is_number_unsigned()) {
    act(std::to_string(json.get<std::uint64_t>()));
  }
}

TEST(Report, ShowsWhatItsJsonSays) {
  Report report = example();
  report.network = "net";  // not escaped
  const std::string html = to_html(report);
  auto json = nlohmann::json::parse(to_json(report));
  // Drawn, or shown in other units: tested by themselves.
  json.erase("timeline");
  json.erase("pictures");
  for (auto& stage : json["stages"]) {
    stage.erase("engine_bytes");
    stage.erase("predicted_ms");
    stage.erase("measured_ms");
    stage.erase("kind");
  }
  visit(json, [&](const std::string& text) { EXPECT_THAT(html, HasSubstr(text)); });
}

TEST(Report, ShowsBytesInTheUnitsOfTheTerminal) {
  const std::string html = to_html(example());
  EXPECT_THAT(html, HasSubstr(">2.2 MiB<"));    // the encoder's engine
  EXPECT_THAT(html, HasSubstr(">771 bytes<"));  // on the arrow from the frame
}

TEST(Report, SaysBelowTheStagesWhatIsSimulated) {
  Report report = example();
  EXPECT_THAT(to_html(report), HasSubstr("</table><p>dla_sim:0: simulated.</p>"));
  report.simulated.clear();
  EXPECT_THAT(to_html(report), Not(HasSubstr("simulated")));
}

TEST(Report, ShowsTimesWhereThereAre) {
  const std::string html = to_html(example());
  EXPECT_THAT(html, HasSubstr(">-</td><td class=\"n\">7.00<"));
  EXPECT_THAT(html, HasSubstr(">1.25</td><td class=\"n\">-<"));
}

TEST(Report, SaysWhoOverlapsAndWhoSharesProcessors) {
  Report report = example();
  EXPECT_THAT(to_html(report), HasSubstr("heads are at work on the frame before"));
  EXPECT_THAT(to_html(report), Not(HasSubstr("share its processors")));
  report.stages[1].device = "cpu";
  EXPECT_THAT(to_html(report), HasSubstr("heads are at work on the frame before"));
  EXPECT_THAT(to_html(report), HasSubstr("share its processors: they overlap"));
  report.stages.pop_back();
  EXPECT_THAT(to_html(report), Not(HasSubstr("frame before")));
}

TEST(Report, DrawsWideFiguresForBothKindsOfPages) {
  const std::string html = to_html(example());
  for (const char* figure : {"The stages and what they hand over", "When each stage worked"}) {
    const auto begin = html.find(figure);
    ASSERT_NE(begin, std::string::npos) << figure;
    EXPECT_NE(html.find(figure, begin + 1), std::string::npos) << figure;
  }
}

TEST(Report, LinksToEveryChapterThatItHas) {
  const std::string html = to_html(example());
  const std::regex link("<a href=\"#(c[0-9]+)\">([^<]*)</a>");
  std::size_t links = 0;
  for (std::sregex_iterator at(html.begin(), html.end(), link); at != std::sregex_iterator();
       ++at) {
    EXPECT_THAT(html, HasSubstr("<h2 id=\"" + at->str(1) + "\">" + at->str(2) + "</h2>"));
    ++links;
  }
  EXPECT_EQ(links, 6U) << "pipeline, timeline, accuracy, pictures, scales, files";
}

TEST(Report, DrawsALossAgainstItsLimit) {
  Report report = example();
  report.sections[0].losses = {
      Loss{.value = 0.002, .low = 0.001, .high = 0.003, .limit = 0.004, .passed = true}};
  std::string html = to_html(report);
  EXPECT_THAT(html, HasSubstr("<title>0.5 of the limit</title>"));
  EXPECT_THAT(html, HasSubstr("\"point passed\""));
  report.sections[0].losses[0] =
      Loss{.value = 0.1, .low = 0.005, .high = 0.2, .limit = 0.004, .passed = false};
  html = to_html(report);
  EXPECT_THAT(html, HasSubstr("\"tip failed\"")) << "beyond the axis";
  EXPECT_THAT(html, Not(HasSubstr("of the limit</title>")));
}

TEST(Report, UnfoldsWhatIsLeftOfALongList) {
  Report report = example();
  for (int i = 0; i < 20; ++i) {
    report.sections[0].bars.push_back({.label = "more", .value = 0.0, .text = "0"});
  }
  EXPECT_THAT(to_html(report), HasSubstr("<summary>9 more</summary>"));
}

TEST(Report, DrawsTenFramesOfTheTimeline) {
  const std::string html = to_html(example());
  EXPECT_THAT(html, HasSubstr("encoder, frame 9: 0.91 ms on cpu:0"));
  EXPECT_THAT(html, Not(HasSubstr("frame 10:")));
  EXPECT_THAT(html, HasSubstr("<p>Measured here. The first 10 of 20 frames; "));
}

TEST(Report, DrawsABarAsLongAsItsValue) {
  Report report = example();
  report.sections[0].bars.push_back({.label = "conv2", .value = 0.03125, .text = "0.031 points"});
  EXPECT_THAT(to_html(report), HasSubstr("<span>conv2</span><i style=\"width:25.00%\">"));
}

TEST(Report, MarksWhatLiesBeyondTheThreshold) {
  const std::string html = to_html(example());
  // Four bins of 2.03: the last begins at 6.09, below 6.5; with a smaller threshold it is cut.
  EXPECT_THAT(html, Not(HasSubstr("class=\"bin cut\"")));
  Report report = example();
  report.distributions[0].amax = 6.0;
  EXPECT_THAT(to_html(report), HasSubstr("class=\"bin cut\""));
}

TEST(Report, FoldsWhatIsNeverRounded) {
  Report report = example();
  EXPECT_THAT(to_html(report), Not(HasSubstr("Inside its layers")));
  report.distributions.push_back(report.distributions[0]);
  report.distributions[1].tensor = "sums";
  report.distributions[1].exchanged = false;
  const std::string html = to_html(report);
  const auto folded = html.find("<details><summary>Inside its layers");
  ASSERT_NE(folded, std::string::npos);
  EXPECT_LT(html.find("<code>fuse</code>"), folded);
  EXPECT_GT(html.find("<code>sums</code>"), folded);
}

TEST(Report, NeedsNothingFromElsewhere) {
  const std::string html = to_html(example());
  EXPECT_FALSE(std::regex_search(html, std::regex("(src|href)=\"(?!data:|#)")));
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, Not(HasSubstr("@import")));
}

TEST(Report, EscapesNames) {
  EXPECT_THAT(to_html(example()), HasSubstr("net &lt;1&gt;"));
}

TEST(Report, IsAPageWithoutTheOptionalParts) {
  Report report;
  report.network = "empty";
  const std::string html = to_html(report);
  EXPECT_THAT(html, HasSubstr("</html>"));
  EXPECT_THAT(html, Not(HasSubstr(">Timeline<")));
}

TEST(Report, SurvivesValuesThatAreAllZero) {
  Report report = example();
  report.distributions[0] = {.head = "h", .tensor = "dead", .method = "dead", .counts = {0, 0}};
  report.timeline = {{.stage = "s", .device = "d", .frame = 0, .start_us = 5.0, .end_us = 5.0}};
  report.sections[0].bars[0].value = 0.0;
  EXPECT_THAT(to_html(report), Not(HasSubstr("nan")));
}

}  // namespace
}  // namespace mtmi::report
