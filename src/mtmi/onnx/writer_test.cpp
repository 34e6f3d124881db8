#include "mtmi/onnx/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"
#include "mtmi/graph/text.h"
#include "mtmi/onnx/reader.h"

namespace mtmi::onnx {
namespace {

using testing::HasSubstr;

constexpr const char* kNetwork = R"(graph "net" {
  input %x: f32[1,3,8,8]
  const %w: f32[4,3,3,3] = random(7)
  const %b: f16[2] = [1.5, -2]
  const %flags: bool[2] = [1, 0]
  const %axes: s64[2] = [2, 3]
  const %k: s64[1] = [2]
  const %one: f32[] = [1.0]
  %a: f32[1,4,8,8] = Conv(%x, %w) {auto_pad = "NOTSET", pads = [1, 1, 1, 1]} "conv one"
  %lo: f32[1,4,8,8] = Clip(%a, _, %one) "clip"
  %m: f32[1,4,1,1] = ReduceMean(%lo, %axes) {keepdims = 1}
  %y: f32[1,2,1,1], %i: s64[1,2,1,1] = TopK(%m, %k) {axis = 1}
  %z: f32[1,4,8,8] = LeakyRelu(%a) {alpha = 0.125}
  %f: f16[2] = Where(%flags, %b, %b)
  output %y
  output %z
  output %f
})";

Graph parse(const std::string& bytes) {
  return parse_model(std::as_bytes(std::span(bytes))).graph;
}

std::string full_text(const Graph& graph) {
  return to_text(graph, {.max_constant_elements = -1, .types = false});
}

TEST(WriteModel, ReadsBackAsTheSameGraph) {
  const Graph graph = parse_text(kNetwork);
  const Graph again = parse(serialize_model(graph, {.opset = 21}));
  const Graph twice = parse(serialize_model(again, {.opset = 21}));
  EXPECT_EQ(again.name, "net");
  for (const char* name : {"x", "w", "y", "z", "lo", "flags"}) {
    EXPECT_TRUE(again.find_value(name).has_value()) << name;
  }
  ASSERT_EQ(again.order().size(), graph.order().size());
  for (std::size_t i = 0; i < graph.order().size(); ++i) {
    const TextOptions options{.types = false};
    EXPECT_EQ(to_text(again, again.order()[i], options), to_text(graph, graph.order()[i], options));
  }
  EXPECT_EQ(full_text(twice), full_text(again));
  EXPECT_TRUE(bitwise_equal(*again.value(*again.find_value("b")).constant,
                            *graph.value(*graph.find_value("b")).constant));
}

TEST(WriteModel, EveryOpsetReadsBack) {
  const Graph graph = parse_text(kNetwork);
  for (std::int64_t opset = kOldestWrittenOpset; opset <= kNewestWrittenOpset; ++opset) {
    const std::string bytes = serialize_model(graph, {.opset = opset});
    const OnnxModel model = parse_model(std::as_bytes(std::span(bytes)));
    EXPECT_EQ(model.opset, opset);
    EXPECT_EQ(model.producer, "mtmi");
    EXPECT_EQ(model.graph.order().size(), graph.order().size());
  }
}

TEST(WriteModel, TheSameGraphGivesTheSameBytes) {
  EXPECT_EQ(serialize_model(parse_text(kNetwork)), serialize_model(parse_text(kNetwork)));
}

TEST(WriteModel, DynamicInputsAndMetadataAreKept) {
  const Graph graph = parse_text(
      "graph \"g\" { input %x: f32[batch,3,?] input %u: f32[*] %y = Add(%x, %u) output %y }");
  const std::string bytes = serialize_model(graph, {.metadata = {{"a", "1"}, {"b", "2"}}});
  const OnnxModel model = parse_model(std::as_bytes(std::span(bytes)));
  EXPECT_EQ(model.metadata.at("b"), "2");
  EXPECT_THAT(model.graph.value(model.graph.inputs()[0]).dim_names,
              testing::ElementsAre("batch", "3", "?"));
  EXPECT_TRUE(model.graph.value(model.graph.inputs()[1]).dim_names.empty());
}

TEST(WriteModel, OpsetsOutsideTheRangeAreRefused) {
  for (const std::int64_t opset : {12, 22}) {
    try {
      static_cast<void>(serialize_model(parse_text(kNetwork), {.opset = opset}));
      ADD_FAILURE();
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::InvalidArgument);
      EXPECT_THAT(e.what(), HasSubstr("expected 13 to 21"));
    }
  }
  EXPECT_EQ(opset_to_write(9), 17);
  EXPECT_EQ(opset_to_write(18), 18);
  EXPECT_EQ(opset_to_write(25), 21);
}

class WrittenFile : public testing::Test {
 protected:
  const TemporaryFolder folder_;
};

TEST_F(WrittenFile, HoldsWhatSerializeGives) {
  const Graph graph = parse_text(kNetwork);
  write_model(graph, folder_ / "m.onnx");
  EXPECT_EQ(MappedFile(folder_ / "m.onnx").text(), serialize_model(graph));
}

TEST_F(WrittenFile, LargeTensorsMayStandBeside) {
  const Graph graph = parse_text(R"(graph "g" {
    input %x: f32[4,300]
    const %w: f32[300,500] = random(1)
    const %v: f32[500,2] = random(2)
    const %s: f32[2] = random(3)
    %a = MatMul(%x, %w) %b = MatMul(%a, %v) %y = Add(%b, %s)
    output %y })");
  write_model(graph, folder_ / "m.onnx", {.external_data = true});
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 2);
  EXPECT_EQ(std::filesystem::file_size(folder_ / "m.onnx.data"), 600000U + 4000U);
  EXPECT_LT(std::filesystem::file_size(folder_ / "m.onnx"), 1000U);
  const OnnxModel model = read_model(folder_ / "m.onnx");
  EXPECT_EQ(model.external_files, std::vector<std::string>{"m.onnx.data"});
  const Graph& again = model.graph;
  for (const char* name : {"w", "v", "s"}) {
    EXPECT_TRUE(bitwise_equal(*again.value(*again.find_value(name)).constant,
                              *graph.value(*graph.find_value(name)).constant));
  }
}

TEST_F(WrittenFile, LeavesNothingWhereItFails) {
  write_file(folder_ / "file", "x");
  EXPECT_THROW(write_model(parse_text(kNetwork), folder_ / "file" / "m.onnx"), Error);
  Graph graph = parse_text("graph \"g\" { input %x: f32[1] %y = GridSample(%x, %x) output %y }");
  EXPECT_THROW(write_model(graph, folder_ / "m.onnx", {.opset = 13}), Error);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_.path()), {}), 1);
}

}  // namespace
}  // namespace mtmi::onnx
