#include "mtmi/report/gather.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/device/simulation_note.h"
#include "mtmi/error.h"

namespace mtmi::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string refusal(const std::function<void()>& act) {
  try {
    act();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TensorDesc tensor(const char* name, std::int64_t channels) {
  return {.name = name,
          .dtype = DType::Int8,
          .shape = Shape{1, channels, 4, 4},
          .layout = Layout::Chw32,
          .scale = 0.5F};
}

class DescribeBundle : public testing::Test {
 protected:
  DescribeBundle() {
    const auto file = [&](const char* path) {
      write_file(folder_ / path, "12345");
      return bundle::HashedFile{.path = path, .hash = std::string("hash of ") + path};
    };
    manifest_.network = "net";
    manifest_.mtmi_version = "1.2.3";
    manifest_.simplified = file("whole.onnx");
    manifest_.card = file("card.toml");
    manifest_.target = file("target.toml");
    const auto part = [&](bundle::PartKind kind,
                          const char* name,
                          std::vector<TensorDesc> inputs,
                          std::vector<TensorDesc> outputs) {
      bundle::Part p;
      p.kind = kind;
      p.name = name;
      p.model = file((std::string(name) + ".onnx").c_str());
      p.engine = file((std::string(name) + ".engine").c_str());
      p.device = "cpu";
      p.precision = "f32";
      p.inputs = std::move(inputs);
      p.outputs = std::move(outputs);
      manifest_.parts.push_back(std::move(p));
    };
    part(bundle::PartKind::Encoder, "encoder", {tensor("image", 3)}, {tensor("f1", 33)});
    part(bundle::PartKind::Head, "seg", {tensor("f1", 33)}, {tensor("scores", 19)});
    part(bundle::PartKind::Tail, "seg_tail", {tensor("scores", 19)}, {tensor("labels", 1)});
  }

  const TemporaryFolder folder_;
  bundle::Manifest manifest_;
};

TEST_F(DescribeBundle, ConnectsStagesByTheirTensors) {
  const Report report = describe_bundle(manifest_, folder_.path());
  std::vector<std::string> ends;
  for (const HandOff& hand_off : report.hand_offs) {
    ends.push_back(hand_off.from + ">" + hand_off.to + " " + hand_off.tensor);
  }
  EXPECT_THAT(ends,
              ElementsAre("frame>encoder image",
                          "encoder>seg f1",
                          "seg>seg_tail scores",
                          "seg_tail>result labels"));
}

TEST_F(DescribeBundle, CountsBytesWithTheirPadding) {
  const Report report = describe_bundle(manifest_, folder_.path());
  // 33 channels take two blocks of 32.
  EXPECT_EQ(report.hand_offs[1].bytes, 64U * 4U * 4U);
  EXPECT_THAT(report.hand_offs[1].format, HasSubstr("chw32"));
}

TEST_F(DescribeBundle, ListsEveryFileWithItsHash) {
  const Report report = describe_bundle(manifest_, folder_.path());
  ASSERT_THAT(report.files, SizeIs(9));
  for (const File& file : report.files) {
    EXPECT_EQ(file.bytes, 5U);
    EXPECT_EQ(file.hash, "hash of " + file.path);
  }
}

TEST_F(DescribeBundle, TellsAgreementAsDeployDoes) {
  manifest_.parts[1].head = "seg";
  manifest_.parts[1].precision = "int8";
  manifest_.parts[1].outputs.push_back(tensor("boxes", 4));  // past the tail
  manifest_.parts[2].head = "seg";
  manifest_.verified.resize(3);
  bundle::Verified& seg = manifest_.verified[0];
  seg.output = "labels";
  seg.type = "s64";
  seg.equal_fraction = 0.99567;
  seg.quantized = true;
  bundle::Verified& depth = manifest_.verified[1];
  depth.output = "depth";
  depth.type = "f32";
  depth.relative_difference = 0.0396;
  depth.quantized = true;
  depth.sqnr_db = 54.61;
  depth.relative_change = 0.003718;
  bundle::Verified& boxes = manifest_.verified[2];
  boxes.output = "boxes";
  boxes.type = "f32";
  boxes.relative_difference = 0.02;
  boxes.quantized = true;
  const Report report = describe_bundle(manifest_, folder_.path());
  ASSERT_THAT(report.sections, SizeIs(1));
  EXPECT_THAT(report.sections[0].table.rows,
              ElementsAre(ElementsAre("labels", "int8", "0.433 %", "-", "-", "-"),
                          ElementsAre("depth", "f32", "-", "0.372 %", "0.04 of the range", "54.6"),
                          ElementsAre("boxes", "int8", "-", "-", "0.02 of the range", "-")));
}

TEST_F(DescribeBundle, SaysWhichDevicesAreSimulated) {
  EXPECT_EQ(describe_bundle(manifest_, folder_.path()).simulated, "");
  manifest_.parts[1].device = "dla_sim:1";
  EXPECT_EQ(describe_bundle(manifest_, folder_.path()).simulated, simulation_note({"dla_sim:1"}));
}

TEST_F(DescribeBundle, NamesAFileThatIsGone) {
  std::filesystem::remove(folder_ / "seg.engine");
  EXPECT_THAT(refusal([&] { static_cast<void>(describe_bundle(manifest_, folder_.path())); }),
              HasSubstr("seg.engine"));
}

constexpr const char* kTrace = R"({"traceEvents": [
  {"ph": "M", "name": "process_name", "pid": 2, "tid": 0, "args": {"name": "cpu:0"}},
  {"ph": "M", "name": "thread_name", "pid": 2, "tid": 1, "args": {"name": "encoder"}},
  {"ph": "X", "name": "frame 0", "pid": 2, "tid": 1, "ts": 1.5, "dur": 2.5, "args": {"frame": 0}},
  {"ph": "s", "name": "hand-off", "pid": 2, "tid": 1, "ts": 4},
  {"ph": "X", "name": "frame 1", "pid": 2, "tid": 1, "ts": 4.0, "dur": 4000, "args": {"frame": 1}}]})";

TEST(ParseTimeline, FindsWhoWorkedWhenOnWhat) {
  const std::vector<Span> timeline = parse_timeline(kTrace, "trace.json");
  ASSERT_THAT(timeline, SizeIs(2));
  EXPECT_EQ(timeline[0].stage, "encoder");
  EXPECT_EQ(timeline[0].device, "cpu:0");
  EXPECT_DOUBLE_EQ(timeline[0].end_us, 4.0);
  EXPECT_EQ(timeline[1].frame, 1U);
  EXPECT_DOUBLE_EQ(period_ms(timeline), 4.0);
}

TEST_F(DescribeBundle, KnowsTracesAndEvaluationsOfOtherNetworks) {
  manifest_.source_hash = "0123";
  const auto of_trace = [&](const std::string& text) {
    return trace_mismatch(manifest_, text, "t.json");
  };
  const auto of_evaluation = [&](const std::string& text) {
    return evaluation_mismatch(manifest_, text, "e.json");
  };
  std::string trace = kTrace;
  EXPECT_EQ(of_trace(trace), "");
  trace.replace(trace.find("encoder"), 7, "decoder");
  EXPECT_THAT(of_trace(trace), HasSubstr("no stage 'decoder'"));
  EXPECT_EQ(of_trace(R"({"traceEvents": [], "otherData": {"network_hash": "0123"}})"), "");
  EXPECT_THAT(of_trace(R"({"traceEvents": [], "otherData": {"network_hash": "4567"}})"),
              HasSubstr("got the hash 4567, expected the bundle's, 0123"));
  EXPECT_EQ(of_evaluation(R"({"variants": [{"heads": [{"output": "labels"}]}]})"), "");
  EXPECT_THAT(of_evaluation(R"({"variants": [{"heads": [{"output": "boxes"}]}]})"),
              HasSubstr("no output 'boxes'"));
  EXPECT_THAT(of_evaluation(R"({"variants": [], "network_hash": "4567"})"), HasSubstr("4567"));
  EXPECT_THAT(refusal([&] { static_cast<void>(of_trace("{}")); }), HasSubstr("t.json: is no"));
  EXPECT_THAT(refusal([&] { static_cast<void>(of_evaluation("{}")); }), HasSubstr("e.json: is no"));
}

TEST(FramesPerSecond, CountsTheSlowFrames) {
  std::vector<Span> timeline;
  std::uint64_t frame = 0;
  for (const double end_us : {10.0, 11.0, 12.0, 13.0, 14.0, 5010.0}) {
    timeline.push_back(
        {.stage = "s", .device = "d", .frame = frame++, .start_us = 0.0, .end_us = end_us});
  }
  EXPECT_DOUBLE_EQ(period_ms(timeline), 0.001);
  EXPECT_DOUBLE_EQ(frames_per_second(timeline), 1000.0);  // five in 5 ms
  timeline.resize(1);
  EXPECT_EQ(frames_per_second(timeline), 0.0);
}

TEST(AddTimeline, TellsPeriodAndStagesInTheDigitsOfTheTerminal) {
  Report report;
  report.stages.resize(2);
  report.stages[0].name = "encoder";
  report.stages[1].name = "idle";
  add_timeline(report, parse_timeline(kTrace, "trace.json"), "here");
  EXPECT_DOUBLE_EQ(report.stages[0].measured_ms, (0.0025 + 4.0) / 2.0);
  EXPECT_EQ(report.stages[1].measured_ms, 0.0);
  EXPECT_THAT(report.facts,
              ElementsAre(testing::Pair("median period", "4.00 ms"),
                          testing::Pair("frames a second", "250.0")));
  EXPECT_EQ(report.timeline_note, "here");
}

TEST(ParseTimeline, RefusesWhatIsNoTrace) {
  for (const char* text : {"", "[]", "{}", R"({"traceEvents": [{"ph": "X"}]})"}) {
    EXPECT_THAT(refusal([&] { static_cast<void>(parse_timeline(text, "t.json")); }),
                HasSubstr("t.json: is no trace of a run"));
  }
}

TEST(ParseDistributions, LeavesOutScalesThatWereNotCalibratedHere) {
  const std::vector<Distribution> distributions = parse_distributions(
      R"({"method": "entropy", "tensors": {
          "a": {"scale": 0.5, "amax": 63.5, "absmax": 100, "histogram": [5, 0, 1]},
          "b": {"scale": 0.5, "amax": 63.5}}})",
      "seg",
      "seg.json");
  ASSERT_THAT(distributions, SizeIs(1));
  EXPECT_EQ(distributions[0].tensor, "a");
  EXPECT_EQ(distributions[0].method, "entropy");
  EXPECT_THAT(distributions[0].counts, ElementsAre(5, 0, 1));
}

TEST(ParseDistributions, RefusesADamagedTable) {
  EXPECT_THAT(
      refusal([] { static_cast<void>(parse_distributions("{\"tensors\": 3", "seg", "seg.json")); }),
      HasSubstr("seg.json: is no table of scales"));
}

constexpr const char* kEvaluation = R"({"scenes": ["000000", "000001"], "variants": [
  {"name": "float32", "heads": [{"output": "seg", "task": "segmentation", "miou": 0.88713,
    "interval": [0.88, 0.894], "loss": null}]},
  {"name": "int8", "heads": [
    {"output": "seg", "task": "segmentation", "miou": 0.87, "interval": [0.86, 0.88],
     "loss": {"value": 0.01713, "interval": [0.015, 0.019], "noise": false, "limit": 0.005,
              "passed": false}},
    {"output": "depth", "task": "depth", "abs_rel": 0.05212, "interval": [0.05, 0.054],
     "loss": {"value": 0.0001, "interval": [-0.0001, 0.0003], "noise": true, "limit": 0.001,
              "passed": true}}]}]})";

TEST(ParseEvaluation, TellsValueChangeAndAnswerOfEveryHead) {
  const std::vector<Section> sections = parse_evaluation(kEvaluation, "eval.json");
  ASSERT_THAT(sections, SizeIs(2));
  EXPECT_EQ(sections[0].title, "Accuracy of seg");
  EXPECT_THAT(sections[0].text, HasSubstr("2 scenes"));
  EXPECT_THAT(sections[0].text, HasSubstr("against float32, which has 88.71 (88.00 to 89.40)"));
  EXPECT_THAT(sections[0].text, HasSubstr("may be lost is 0.50"));
  EXPECT_THAT(sections[0].table.columns,
              ElementsAre("variant", "mIoU [%]", "change [points] (95 %)", ""));
  // A fall is negative, as `mtmi eval` prints it.
  EXPECT_THAT(
      sections[0].table.rows,
      ElementsAre(ElementsAre("float32", "88.71", "-", ""),
                  ElementsAre("int8", "87.00", "-1.71 (-1.90 to -1.50)", "over the limit")));
  EXPECT_THAT(sections[1].table.rows,
              ElementsAre(ElementsAre("int8", "0.0521", "+0.0001 (-0.0001 to +0.0003)", "noise")));
}

TEST(ParseEvaluation, KeepsLossesForTheDrawing) {
  const std::vector<Section> sections = parse_evaluation(kEvaluation, "eval.json");
  ASSERT_THAT(sections[0].losses, SizeIs(2));
  EXPECT_FALSE(sections[0].losses[0].has_value());
  ASSERT_TRUE(sections[0].losses[1].has_value());
  EXPECT_EQ(sections[0].losses[1]->value, 0.01713);
  EXPECT_EQ(sections[0].losses[1]->low, 0.015);
  EXPECT_EQ(sections[0].losses[1]->high, 0.019);
  EXPECT_EQ(sections[0].losses[1]->limit, 0.005);
  EXPECT_FALSE(sections[0].losses[1]->passed);
}

TEST(AddEvaluation, PutsAccuracyFirst) {
  Report report;
  report.sections.emplace_back().title = "Agreement";
  add_evaluation(report, kEvaluation, "eval.json");
  ASSERT_THAT(report.sections, SizeIs(3));
  EXPECT_EQ(report.sections[0].title, "Accuracy of seg");
  EXPECT_EQ(report.sections[2].title, "Agreement");
}

TEST(ParseEvaluation, ListsTheMostExpensiveTensorFirst) {
  const std::vector<Section> sections = parse_evaluation(
      R"({"scenes": [], "variants": [], "budgets": [{"head": "depth", "task": "depth", "all": 0.0025,
          "rows": [{"tensor": "a", "alone": -0.000001}, {"tensor": "b", "alone": 0.00125}]}]})",
      "eval.json");
  ASSERT_THAT(sections, SizeIs(1));
  EXPECT_THAT(sections[0].text, HasSubstr("All together cost 0.00250"));
  ASSERT_THAT(sections[0].bars, SizeIs(2));
  EXPECT_EQ(sections[0].bars[0].label, "b");
  EXPECT_EQ(sections[0].bars[0].text, "0.00125");
  EXPECT_EQ(sections[0].bars[1].value, 0.0);
  EXPECT_EQ(sections[0].bars[1].text, "0.00000");
}

TEST(ParseEvaluation, RefusesWhatIsNoEvaluation) {
  EXPECT_THAT(refusal([] { static_cast<void>(parse_evaluation("{}", "eval.json")); }),
              HasSubstr("eval.json: is no result of an evaluation"));
}

TEST(ReadPictures, TakesThemByName) {
  const TemporaryFolder folder;
  const std::string signature = "\x89PNG\r\n\x1A\n";
  write_file(folder / "b.png", signature + "B");
  write_file(folder / "a.png", signature + "A");
  write_file(folder / "run.json", "{}");
  const std::vector<Picture> pictures = read_pictures(folder.path(), 8);
  ASSERT_THAT(pictures, SizeIs(2));
  EXPECT_EQ(pictures[0].caption, "a");
  EXPECT_EQ(pictures[1].png, signature + "B");
  EXPECT_THAT(read_pictures(folder.path(), 1), SizeIs(1));
}

TEST(ReadPictures, RefusesAFolderWithoutAnyAndWhatIsNoPng) {
  const TemporaryFolder folder;
  const auto read = [&folder] { static_cast<void>(read_pictures(folder.path(), 8)); };
  EXPECT_THAT(refusal(read), HasSubstr("got a folder without .png files"));
  write_file(folder / "a.png", "text");
  EXPECT_THAT(refusal(read), HasSubstr("a.png: is no PNG file"));
}

}  // namespace
}  // namespace mtmi::report
