#include "mtmi/backends/cpu/cpu_backend.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/cpu/engine_runner.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/error.h"

namespace mtmi::cpu {
namespace {

/// x -> Relu -> a -> Reshape -> b -> Sigmoid -> y; b is an output too.
Graph small_graph() {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, Shape{2, 3}});
  const ValueId a = graph.add_value("a", {DType::Float32, Shape{2, 3}});
  const ValueId b = graph.add_value("b", {DType::Float32, Shape{6}});
  const ValueId y = graph.add_value("y", {DType::Float32, Shape{6}});
  const ValueId shape = graph.add_constant("shape", Tensor::from<std::int64_t>(Shape{1}, {6}));
  graph.add_node({.name = "r", .op = "Relu", .inputs = {x}, .outputs = {a}, .attributes = {}});
  graph.add_node(
      {.name = "v", .op = "Reshape", .inputs = {a, shape}, .outputs = {b}, .attributes = {}});
  graph.add_node({.name = "s", .op = "Sigmoid", .inputs = {b}, .outputs = {y}, .attributes = {}});
  graph.add_output(y);
  graph.add_output(b);
  return graph;
}

const TensorMap& small_input() {
  static const TensorMap inputs{
      {"x", Tensor::from<float>(Shape{2, 3}, {-1.0F, 0.0F, 1.0F, 2.0F, -3.0F, 0.5F})}};
  return inputs;
}

/// Two convolutions with an activation between them, which run channels-last throughout.
Graph convolutions() {
  Graph graph;
  const ValueId x = graph.add_input("x", {DType::Float32, {1, 8, 6, 6}});
  const ValueId w = graph.add_constant("w", random_tensor(DType::Float32, {8, 8, 3, 3}, 1));
  const Attributes pads{{"pads", std::vector<std::int64_t>{1, 1, 1, 1}}};
  const auto value = [&](const char* name) {
    return graph.add_value(name, {DType::Float32, {1, 8, 6, 6}});
  };
  const ValueId a = value("a");
  const ValueId b = value("b");
  const ValueId c = value("c");
  graph.add_node({.name = "", .op = "Conv", .inputs = {x, w}, .outputs = {a}, .attributes = pads});
  graph.add_node({.name = "", .op = "Relu", .inputs = {a}, .outputs = {b}, .attributes = {}});
  graph.add_node({.name = "", .op = "Conv", .inputs = {b, w}, .outputs = {c}, .attributes = pads});
  graph.add_output(c);
  return graph;
}

TEST(CpuBackend, RunsWhatItCompiled) {
  const TensorMap got = run_on_cpu(small_graph(), small_input());
  const TensorMap expected{
      {"y", Tensor(DType::Float32, Shape{6})},
      {"b", Tensor::from<float>(Shape{6}, {0.0F, 0.0F, 1.0F, 2.0F, 0.0F, 0.5F})}};
  EXPECT_TRUE(bitwise_equal(got.at("b"), expected.at("b")));
  EXPECT_NEAR(got.at("y").data<float>()[3], 0.880797F, 1e-6F);
}

TEST(CpuBackend, EveryOutputHasStorageOfItsOwn) {
  Graph graph = small_graph();
  graph.add_output(*graph.find_value("a"));
  graph.add_output(*graph.find_value("x"));
  graph.add_output(*graph.find_value("shape"));
  const auto backend = make_cpu_backend();
  const auto device = backend->open(0);
  const auto engine = device->load(backend->compile(graph, capability_of(best_isa()), {}), nullptr);
  ASSERT_EQ(engine->outputs().size(), 5U);
  EXPECT_EQ(engine->outputs()[3].name, "x");
  const TensorMap got = run_on_cpu(graph, small_input());
  EXPECT_TRUE(bitwise_equal(got.at("x"), small_input().at("x")));
  EXPECT_TRUE(bitwise_equal(got.at("a").reshaped(Shape{6}), got.at("b")));
  EXPECT_EQ(got.at("shape").data<std::int64_t>()[0], 6);
}

TEST(CpuBackend, HandsObservedValuesOverInAnyOrderWithoutTransposingThem) {
  const TensorMap inputs{{"x", random_tensor(DType::Float32, {1, 8, 6, 6}, 2)}};
  const auto observe = [&](bool any_order) {
    std::map<std::string, Tensor, std::less<>> seen;
    CompileOptions options;
    options.observe = {"a", "b", "c"};
    options.observe_any_order = any_order;
    const auto keep = [&seen](std::string_view name, const Tensor& tensor) {
      seen.insert_or_assign(std::string(name), tensor.clone());
    };
    const TensorMap outputs = run_on_cpu(convolutions(), inputs, best_isa(), options, keep);
    EXPECT_TRUE(bitwise_equal(outputs.at("c"), run_on_cpu(convolutions(), inputs).at("c")));
    return seen;
  };
  auto ordered = observe(false);
  auto any = observe(true);
  for (const char* name : {"a", "b", "c"}) {
    Tensor& expected = ordered.at(name);
    Tensor& got = any.at(name);
    EXPECT_EQ(got.shape(), expected.shape());
    EXPECT_FALSE(bitwise_equal(got, expected)) << name;  // channels come last
    std::sort(expected.data<float>().begin(), expected.data<float>().end());
    std::sort(got.data<float>().begin(), got.data<float>().end());
    EXPECT_TRUE(bitwise_equal(got, expected)) << name;
  }
}

TEST(CpuBackend, HandsObservedValuesOver) {
  std::map<std::string, Tensor, std::less<>> seen;
  CompileOptions options;
  options.observe = {"a", "b"};
  static_cast<void>(run_on_cpu(small_graph(),
                               small_input(),
                               best_isa(),
                               options,
                               [&seen](std::string_view name, const Tensor& tensor) {
                                 seen.insert_or_assign(std::string(name), tensor.clone());
                               }));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen.at("a").shape(), (Shape{2, 3}));
  EXPECT_EQ(seen.at("b").data<float>()[3], 2.0F);
}

TEST(CpuBackend, CompilesTheSameBytesAgain) {
  const auto backend = make_cpu_backend();
  const Capability capability = backend->capabilities().front();
  EXPECT_EQ(backend->compile(small_graph(), capability, {}),
            backend->compile(small_graph(), capability, {}));
}

TEST(CpuBackend, RefusesWhatIsNotThere) {
  const auto backend = make_cpu_backend();
  const Capability capability = backend->capabilities().front();
  CompileOptions options;
  options.observe = {"nowhere"};
  EXPECT_THROW(static_cast<void>(backend->compile(small_graph(), capability, options)), Error);
  options = {};
  options.io["a"] = {};
  EXPECT_THROW(static_cast<void>(backend->compile(small_graph(), capability, options)), Error);
  options = {};
  options.precision = Precision::Float16;
  EXPECT_THROW(static_cast<void>(backend->compile(small_graph(), capability, options)), Error);
  EXPECT_THROW(static_cast<void>(backend->open(1)), Error);
}

TEST(CpuBackend, RefusesEnginesOfOthers) {
  const auto backend = make_cpu_backend();
  const auto device = backend->open(0);
  Engine engine =
      read_engine(backend->compile(small_graph(), backend->capabilities().front(), {}), nullptr);
  engine.backend = "dla_sim";
  try {
    static_cast<void>(device->load(write_engine(engine), nullptr));
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_STREQ(e.what(), "the engine was built for dla_sim, not for cpu");
  }
  engine.backend = "cpu";
  engine.capability = "x86-avx1024";
  EXPECT_THROW(static_cast<void>(device->load(write_engine(engine), nullptr)), Error);
}

}  // namespace
}  // namespace mtmi::cpu
