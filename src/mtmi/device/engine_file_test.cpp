#include "mtmi/device/engine_file.h"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/device/engine_container.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

/// x -> Conv(w) -> y, with one attribute of every kind.
Engine small_engine() {
  Engine engine;
  engine.backend = "cpu";
  engine.capability = "x86-avx2";
  engine.content_hash = std::string(32, 'a');
  engine.precision = Precision::Int8;
  Graph& graph = engine.graph;
  graph.name = "net";
  const ValueId w =
      graph.add_constant("w", Tensor::from<float>(Shape{2, 2}, {1.0F, 2.0F, 3.0F, 4.0F}));
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{1, 2}});
  const ValueId y = graph.add_value("y", {DType::Float32, Shape{1, 2}});
  graph.add_node({.name = "n",
                  .op = "cpu.Conv",
                  .inputs = {x, w, kNoValue},
                  .outputs = {y},
                  .attributes = {{"i", std::int64_t{7}},
                                 {"f", 0.5F},
                                 {"s", std::string("text")},
                                 {"is", std::vector<std::int64_t>{1, -2}},
                                 {"fs", std::vector<float>{1.5F}},
                                 {"ss", std::vector<std::string>{"a", "b"}},
                                 {"t", Tensor::from<std::int8_t>(Shape{3}, {1, 2, 3})}}});
  graph.add_output(y);
  engine.inputs = {{.name = "x", .dtype = DType::Float32, .shape = Shape{1, 2}}};
  engine.outputs = {{.name = "y",
                     .dtype = DType::Int8,
                     .shape = Shape{1, 32, 2, 2},
                     .layout = Layout::Chw32,
                     .scale = 0.25F}};
  engine.observed = {"y"};
  engine.placements = {{.value = y, .offset = 64, .size = 8}};
  engine.arena_bytes = 128;
  engine.blob = {std::byte{1}, std::byte{2}};
  return engine;
}

void expect_refused(std::span<const std::byte> bytes, const std::string& part) {
  try {
    static_cast<void>(read_engine(bytes, nullptr));
    ADD_FAILURE() << "accepted; expected: " << part;
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::InvalidModel);
    EXPECT_THAT(e.what(), testing::HasSubstr(part));
  }
}

TEST(EngineFile, GivesBackWhatWasWritten) {
  const std::vector<std::byte> bytes = write_engine(small_engine());
  ASSERT_TRUE(is_engine(bytes));
  const Engine engine = read_engine(bytes, nullptr);
  const Engine expected = small_engine();
  EXPECT_EQ(engine.backend, expected.backend);
  EXPECT_EQ(engine.capability, expected.capability);
  EXPECT_EQ(engine.content_hash, expected.content_hash);
  EXPECT_EQ(engine.precision, expected.precision);
  EXPECT_EQ(engine.inputs, expected.inputs);
  EXPECT_EQ(engine.outputs, expected.outputs);
  EXPECT_EQ(engine.observed, expected.observed);
  EXPECT_EQ(engine.arena_bytes, expected.arena_bytes);
  EXPECT_EQ(engine.blob, expected.blob);
  ASSERT_EQ(engine.placements.size(), 1U);
  EXPECT_EQ(engine.graph.value(engine.placements[0].value).name, "y");

  ASSERT_EQ(engine.graph.order().size(), 1U);
  const Node& node = engine.graph.node(engine.graph.order()[0]);
  EXPECT_EQ(node.op, "cpu.Conv");
  EXPECT_EQ(node.inputs[2], kNoValue);
  EXPECT_EQ(node.attributes, expected.graph.node(expected.graph.order()[0]).attributes);
  const Value& w = engine.graph.value(node.inputs[1]);
  ASSERT_TRUE(w.constant);
  EXPECT_TRUE(
      bitwise_equal(*w.constant, Tensor::from<float>(Shape{2, 2}, {1.0F, 2.0F, 3.0F, 4.0F})));
  EXPECT_EQ(engine.graph.value(engine.graph.outputs()[0]).name, "y");
}

TEST(EngineFile, WritesTheSameBytesAgain) {
  const std::vector<std::byte> bytes = write_engine(small_engine());
  EXPECT_EQ(write_engine(read_engine(bytes, nullptr)), bytes);
}

TEST(EngineFile, WeightsAreUsedInPlace) {
  const std::vector<std::byte> bytes = write_engine(small_engine());
  const Engine engine = read_engine(bytes, nullptr);
  const auto w = engine.graph.value(*engine.graph.find_value("w")).constant->bytes();
  EXPECT_GE(w.data(), bytes.data());
  EXPECT_LE(w.data() + w.size(), bytes.data() + bytes.size());
}

TEST(EngineFile, EveryFlippedBitIsFoundOrHarmless) {
  const std::vector<std::byte> good = write_engine(small_engine());
  int harmless = 0;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::vector<std::byte> bad = good;
    bad[i] ^= std::byte{0x10};
    try {
      // What is accepted reads as before: the flipped byte is padding between sections.
      EXPECT_EQ(write_engine(read_engine(bad, nullptr)), good) << "byte " << i;
      ++harmless;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::InvalidModel) << "byte " << i;
    }
  }
  EXPECT_LT(harmless, static_cast<int>(good.size()));
}

TEST(EngineFile, EveryTruncationIsRefused) {
  const std::vector<std::byte> good = write_engine(small_engine());
  for (std::size_t size = 0; size < good.size(); size += 1 + size / 16) {
    EXPECT_THROW(static_cast<void>(read_engine(std::span(good).first(size), nullptr)), Error)
        << size;
  }
  std::vector<std::byte> longer = good;
  longer.push_back(std::byte{0});
  expect_refused(longer, "cut off or has grown");
}

TEST(EngineFile, RefusesOtherFilesAndVersions) {
  const std::string text = "ONNX, not an engine at all";
  expect_refused(std::as_bytes(std::span(text)), "not an engine");
  std::vector<std::byte> newer = write_engine(small_engine());
  newer[8] = std::byte{99};
  expect_refused(newer, "format version 99");
}

TEST(EngineFile, RefusesContradictionsBehindRightChecksums) {
  Engine engine = small_engine();
  engine.placements[0].offset = 1000;
  expect_refused(write_engine(engine), "outside of the arena");
  engine = small_engine();
  engine.placements[0].size = 4;
  expect_refused(write_engine(engine), "too small");

  const std::vector<std::byte> good = write_engine(small_engine());
  const engine_container::Contents contents = engine_container::unpack(good);
  const std::vector<std::byte> no_weights = engine_container::pack(
      {contents.content_hash, {contents.sections[0], {}, contents.sections[2]}});
  expect_refused(no_weights, "outside of its weights");
  for (std::size_t i = 0; i < contents.sections[0].size(); ++i) {
    std::vector<std::byte> meta(contents.sections[0].begin(), contents.sections[0].end());
    meta[i] ^= std::byte{0x81};
    const std::vector<std::byte> forged = engine_container::pack(
        {contents.content_hash, {meta, contents.sections[1], contents.sections[2]}});
    try {
      static_cast<void>(read_engine(forged, nullptr));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::InvalidModel) << "byte " << i;
    }
  }
}

TEST(ContentHash, DependsOnEverythingThatCompileDependsOn) {
  const Engine engine = small_engine();
  const Capability avx2{.name = "x86-avx2", .description = ""};
  const std::string plain = content_hash("cpu", engine.graph, avx2, {});
  EXPECT_EQ(plain.size(), 32U);
  EXPECT_EQ(content_hash("cpu", engine.graph, avx2, {}), plain);
  EXPECT_NE(content_hash("cpu", engine.graph, {.name = "generic", .description = ""}, {}), plain);
  CompileOptions options;
  options.optimize = false;
  EXPECT_NE(content_hash("cpu", engine.graph, avx2, options), plain);
  options = {};
  options.scales["y"] = 0.5F;
  EXPECT_NE(content_hash("cpu", engine.graph, avx2, options), plain);
  Graph other = engine.graph;
  other.rename_value(other.inputs()[0], "z");
  EXPECT_NE(content_hash("cpu", other, avx2, {}), plain);
}

}  // namespace
}  // namespace mtmi
