#include "mtmi/backends/dla_sim/dla_sim_backend.h"

#include <chrono>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/backends/common_int8/int8_runner_for_tests.h"
#include "mtmi/backends/dla_sim/behaviour.h"
#include "mtmi/backends/dla_sim/predicted_time.h"
#include "mtmi/dla/int8_reference.h"
#include "mtmi/dla/rules.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi {
namespace {

using std::chrono::milliseconds;

Graph graph_of(const std::string& body) {
  Graph graph = parse_text("graph \"g\" {\n input %x: f32[1,3,4,4]\n" + body + "\n output %y\n}");
  ops::infer_types(graph);
  return graph;
}

CompileOptions int8_options(const dla::Scales& scales) {
  CompileOptions options;
  options.precision = Precision::Int8;
  options.scales = scales;
  return options;
}

constexpr const char* kConvolution =
    " const %w: f32[2,3,3,3] = random(1)\n %y = Conv(%x, %w) {pads = [1, 1, 1, 1]}";

/// An executable of a small convolution on a core with these settings.
struct Loaded {
  std::unique_ptr<Backend> backend = make_dla_sim_backend();
  std::vector<std::byte> engine;
  std::unique_ptr<Device> device;
  std::unique_ptr<Executable> executable;
  TensorMap inputs{{"x", Tensor(DType::Float32, Shape{1, 3, 4, 4})}};

  explicit Loaded(const DeviceOptions& options) {
    engine = backend->compile(graph_of(kConvolution),
                              backend->capabilities()[0],
                              int8_options({{"x", 0.01F}, {"y", 0.05F}}));
    device = backend->open_with(1, options);
    executable = device->load(engine, nullptr);
  }

  [[nodiscard]] TensorMap run() const { return int8::run_once(*executable, inputs); }
};

TEST(DlaSim, AnswersAsTheCheckDoes) {
  const auto backend = make_dla_sim_backend();
  for (const char* body : {"%y = Relu(%x)", "%y = Erf(%x)", "%y = ReduceMax(%x)"}) {
    const Graph graph = graph_of(body);
    for (const Capability& capability : backend->capabilities()) {
      const auto answers = backend->support(graph, capability, int8_options({}));
      dla::CheckOptions rules;
      rules.version = dla::parse_version(capability.name.substr(capability.name.find("trt") + 3));
      const auto expected = dla::check(graph, rules);
      ASSERT_EQ(answers.size(), expected.size());
      EXPECT_EQ(answers[0].rule(), expected[0].rule()) << body << " " << capability.name;
    }
  }
  EXPECT_EQ(backend->support(graph_of("%y = Relu(%x)"), backend->capabilities()[0], {})[0].rule(),
            "dla.precision");
}

TEST(DlaSim, EveryDescriptionSaysThatItIsAModel) {
  for (const Capability& capability : make_dla_sim_backend()->capabilities()) {
    EXPECT_NE(capability.description.find("not Orin silicon"), std::string::npos);
  }
}

TEST(DlaSim, WhatTheCheckRefusesIsNotCompiled) {
  const auto backend = make_dla_sim_backend();
  EXPECT_THROW((void)backend->compile(graph_of("%y = Erf(%x)"),
                                      backend->capabilities()[0],
                                      int8_options({{"x", 1.0F}, {"y", 1.0F}})),
               Error);
  EXPECT_THROW(
      (void)backend->compile(
          graph_of("%y = Relu(%x)"), {.name = "orin", .description = ""}, int8_options({})),
      Error);
  EXPECT_THROW(
      (void)backend->compile(
          graph_of("%y = Relu(%x)"), backend->capabilities()[0], int8_options({{"x", -1.0F}})),
      Error);
}

TEST(DlaSim, AnEngineIsAPureFunctionOfWhatItIsMadeFrom) {
  EXPECT_EQ(Loaded({}).engine, Loaded({}).engine);
}

TEST(DlaSim, ThereAreTwoCores) {
  const auto backend = make_dla_sim_backend();
  EXPECT_EQ(backend->device_count(), 2);
  EXPECT_EQ(backend->open(1)->name(), "dla_sim:1");
  EXPECT_THROW((void)backend->open(2), Error);
}

TEST(DlaSim, AHandOffInTheHeadsOwnFormatIsReadInPlace) {
  const Graph graph = graph_of(kConvolution);
  CompileOptions options = int8_options({{"x", 0.01F}});
  options.io["x"] = {.dtype = DType::Int8, .layout = Layout::Chw32, .scale = 0.01F};
  options.io["y"] = {.dtype = DType::Float16, .layout = Layout::Chw16, .scale = 0.0F};
  const auto backend = make_dla_sim_backend();
  const auto engine = backend->compile(graph, backend->capabilities()[0], options);
  const auto device = backend->open(0);
  const auto executable = device->load(engine, nullptr);
  EXPECT_EQ(executable->inputs()[0].layout, Layout::Chw32);
  EXPECT_EQ(executable->outputs()[0].dtype, DType::Float16);
  const Engine read = read_engine(engine, nullptr);
  const ValueId buffer = read.graph.inputs()[0];
  ASSERT_EQ(read.graph.users(buffer).size(), 1U);
  EXPECT_EQ(read.graph.node(read.graph.users(buffer)[0]).op, "int8.Conv");
  Tensor x(DType::Int8, Shape{1, 3, 4, 4});
  for (std::int8_t i = 0; std::int8_t & q : x.data<std::int8_t>()) {
    q = i++;
  }
  const TensorMap got = int8::run_once(*executable, {{"x", x}});
  const TensorMap expected = dla::evaluate_int8(graph, {{"x", x}}, {{"x", 0.01F}});
  EXPECT_TRUE(bitwise_equal(got.at("y"), expected.at("y")));
}

TEST(DlaSim, IntermediatesAreObservedAsRealNumbers) {
  const Graph graph = graph_of(std::string(kConvolution) + "\n %z = Abs(%y)");
  CompileOptions options = int8_options({{"x", 1.0F}, {"y", 2.0F}, {"z", 2.0F}});
  options.observe = {"x"};
  const auto backend = make_dla_sim_backend();
  const auto device = backend->open(0);
  const auto engine = backend->compile(graph, backend->capabilities()[0], options);
  const auto executable = device->load(engine, nullptr);
  float seen = 0.0F;
  executable->set_observer([&](std::string_view name, const Tensor& tensor) {
    EXPECT_EQ(name, "x");
    seen = tensor.data<float>()[5];
  });
  Tensor x(DType::Float32, Shape{1, 3, 4, 4});
  x.data<float>()[5] = 7.4F;
  (void)int8::run_once(*executable, {{"x", x}});
  EXPECT_EQ(seen, 7.0F);
  options.observe = {"w"};
  EXPECT_THROW((void)backend->compile(graph, backend->capabilities()[0], options), Error);
}

TEST(DlaSim, RunsFailAndGoWrongWhereTheyAreToldTo) {
  Loaded loaded({{"fail_at", "1"}, {"wrong_at", "2"}});
  const Tensor right = loaded.run().at("y");
  EXPECT_THROW((void)loaded.run(), Error);
  EXPECT_FALSE(bitwise_equal(loaded.run().at("y"), right));
  EXPECT_TRUE(bitwise_equal(loaded.run().at("y"), right));
}

TEST(DlaSim, ARunThatHangsEndsWhenItIsReleased) {
  const Loaded loaded(DeviceOptions{{"hang_at", "0"}});
  HostBuffer src(1024);
  HostBuffer dst(1024);
  Buffer* const inputs[] = {&src};
  Buffer* const outputs[] = {&dst};
  const auto invocation = loaded.executable->bind(inputs, outputs);
  const auto stream = loaded.device->make_stream();
  const auto done = loaded.device->make_event();
  stream->enqueue(*invocation, {}, *done);
  EXPECT_FALSE(done->wait_for(milliseconds(20)));
  dla_sim::release_hanging_runs();
  ASSERT_TRUE(done->wait_for(std::chrono::minutes(1)));
  EXPECT_TRUE(done->error().has_value());
}

TEST(DlaSim, OnModelTimeARunTakesAtLeastWhatThePredictionSays) {
  // The microseconds of a tiny convolution so often that no computing takes as long.
  Loaded loaded({{"time", "model"}, {"slow_down", "100000"}});
  const auto begin = std::chrono::steady_clock::now();
  (void)loaded.run();
  EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(1));
}

/// When runs that are enqueued one behind the other on a core with these settings take place, on a
/// virtual clock.
std::vector<Timing> virtual_timings(const Loaded& loaded, const DeviceOptions& options, int runs) {
  const auto device = make_dla_sim_backend(virtual_clock())->open_with(0, options);
  const auto executable = device->load(loaded.engine, nullptr);
  HostBuffer src(1024);
  HostBuffer dst(1024);
  Buffer* const inputs[] = {&src};
  Buffer* const outputs[] = {&dst};
  const auto invocation = executable->bind(inputs, outputs);
  const auto stream = device->make_stream();
  const auto done = device->make_event();
  std::vector<Timing> timings;
  for (int i = 0; i < runs; ++i) {
    done->reset();
    stream->enqueue(*invocation, {}, *done);
    EXPECT_TRUE(done->wait_for(std::chrono::minutes(1)));
    timings.push_back(done->timing());
  }
  return timings;
}

TEST(DlaSim, OnAVirtualClockRunsTakeExactlyWhatTheModelPredicts) {
  const Loaded loaded({});
  const auto options = int8_options({{"x", 0.01F}, {"y", 0.05F}});
  const std::int64_t predicted = dla_sim::predict_time(graph_of(kConvolution), options).count();
  ASSERT_GT(predicted, 0);
  const auto timings = virtual_timings(loaded, {{"time", "model"}}, 3);
  for (std::int64_t i = 0; i < 3; ++i) {
    EXPECT_EQ(timings[static_cast<std::size_t>(i)].start_ns, i * predicted);
    EXPECT_EQ(timings[static_cast<std::size_t>(i)].end_ns, (i + 1) * predicted);
  }
  EXPECT_EQ(virtual_timings(loaded, {{"time", "model"}, {"slow_down", "3"}}, 1)[0].end_ns,
            3 * predicted);
  EXPECT_EQ(virtual_timings(loaded, {{"time", "real"}}, 1)[0].end_ns, 0);
}

TEST(DlaSim, EstimatesStandAtTheFirstNodeOfALayer) {
  const Graph graph = graph_of(
      " const %w: f32[2,3,3,3] = random(1)\n %a = Conv(%x, %w)\n"
      " %y = Relu(%a)");
  const auto backend = make_dla_sim_backend();
  const auto estimates = backend->estimate(
      graph, backend->capabilities()[0], int8_options({{"x", 1.0F}, {"y", 1.0F}}));
  ASSERT_EQ(estimates.size(), 2U);
  EXPECT_GT(estimates[0].time_us, 0.0);
  EXPECT_EQ(estimates[1].time_us, 0.0);
}

TEST(DlaSim, RefusesEnginesOfOthers) {
  const auto device = make_dla_sim_backend()->open(0);
  const std::vector<std::byte> text(100, std::byte{'x'});
  EXPECT_THROW((void)device->load(text, nullptr), Error);
}

}  // namespace
}  // namespace mtmi
