// A pipeline whose heads run on simulated cores, on a virtual clock: overlap by predicted times.
#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/backends/delay/delay_backend.h"
#include "mtmi/backends/delay/delay_spec.h"
#include "mtmi/backends/dla_sim/dla_sim_backend.h"
#include "mtmi/backends/dla_sim/predicted_time.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"
#include "mtmi/runtime/pipeline.h"

namespace mtmi::dla_sim {
namespace {

constexpr std::int64_t kEncoderNs = 1'000'000;
constexpr std::uint64_t kFrames = 20;
// Microseconds of small convolutions become milliseconds, comparable with the encoder's.
constexpr std::int64_t kSlowDown = 500;

/// A head of one convolution: the more channels, the longer it takes.
struct Head {
  Head(const std::string& name, int channels) : graph(parse(name, channels)) {
    options.precision = Precision::Int8;
    options.scales = {{"x", 0.01F}, {name, 0.05F}};
    predicted_ns = predict_time(graph, options).count() * kSlowDown;
    stage.name = stage.head = stage.use.engine = name;
    stage.inputs = {{.name = "x", .dtype = DType::Float32, .shape = {1, 64, 32, 32}}};
    stage.outputs = {{.name = name, .dtype = DType::Float32, .shape = {1, channels, 32, 32}}};
  }

  static Graph parse(const std::string& name, int channels) {
    Graph graph = parse_text("graph \"head\" { input %x: f32[1,64,32,32]\n const %w: f32[" +
                             std::to_string(channels) + ",64,3,3] = random(1)\n %" + name +
                             " = Conv(%x, %w) {pads = [1, 1, 1, 1]}\n output %" + name + " }");
    ops::infer_types(graph);
    return graph;
  }

  Graph graph;
  CompileOptions options;
  std::int64_t predicted_ns = 0;
  Stage stage;
};

struct Times {
  std::vector<Timing> encoder;
  std::vector<Timing> wide;
  std::vector<Timing> narrow;
};

/// When the stages of an encoder in front of two heads, each on a core of its own, ran.
Times run_pipeline(Head& wide, Head& narrow) {
  const auto registry = std::make_shared<Registry>();
  registry->add(make_delay_backend(DelayTime::Virtual));
  registry->add(make_dla_sim_backend(virtual_clock()));
  const Backend& cores = registry->backend("dla_sim");
  const DelaySpec encoder{.inputs = {{.name = "frame", .dtype = DType::Int64, .shape = {1, 1}}},
                          .outputs = wide.stage.inputs,
                          .duration_ns = kEncoderNs,
                          .faults = {}};
  std::map<std::string, std::vector<std::byte>> engines{{"encoder", make_delay_engine(encoder)}};
  std::map<std::string, DeviceOptions> settings;
  for (Head* const head : {&wide, &narrow}) {
    head->stage.use.device = "dla_sim:" + std::to_string(settings.size());
    settings[head->stage.use.device] = {{"time", "model"},
                                        {"slow_down", std::to_string(kSlowDown)}};
    engines[head->stage.name] =
        cores.compile(head->graph, cores.capabilities().front(), head->options);
  }
  const Stage first{.name = "encoder",
                    .head = "",
                    .use = {.device = "delay:0", .engine = "encoder"},
                    .stand_by = std::nullopt,
                    .inputs = encoder.inputs,
                    .outputs = encoder.outputs,
                    .timeout_ms = std::nullopt};
  runtime::Pipeline pipeline(make_plan({first, wide.stage, narrow.stage}),
                             std::make_shared<runtime::DeviceSet>(*registry, settings),
                             [&engines](const std::string& name) {
                               return runtime::EngineBytes{.bytes = engines.at(name),
                                                           .owner = nullptr};
                             },
                             {});
  Times times;
  std::vector<std::uint64_t> tickets;
  for (std::uint64_t id = 0; id < kFrames; ++id) {
    runtime::Frame frame;
    frame.id = id;
    frame.fill = [](std::span<const std::span<std::byte>>) {};
    tickets.push_back(pipeline.submit(std::move(frame)));
  }
  for (const std::uint64_t ticket : tickets) {
    const runtime::ResultLease result = pipeline.wait(ticket, std::chrono::minutes(5));
    times.encoder.push_back(result->stages[0].timing);
    times.wide.push_back(result->stages[1].timing);
    times.narrow.push_back(result->stages[2].timing);
  }
  return times;
}

TEST(ModelTime, HeadsOnTwoCoresOverlapExactlyAsTheModelPredicts) {
  Head wide("wide", 256);
  Head narrow("narrow", 32);
  ASSERT_GT(wide.predicted_ns, narrow.predicted_ns);
  const Times times = run_pipeline(wide, narrow);
  for (std::size_t t = 0; t < kFrames; ++t) {
    EXPECT_EQ(times.wide[t].end_ns - times.wide[t].start_ns, wide.predicted_ns);
    EXPECT_EQ(times.narrow[t].end_ns - times.narrow[t].start_ns, narrow.predicted_ns);
    EXPECT_EQ(times.narrow[t].start_ns,
              std::max(times.encoder[t].end_ns, t == 0 ? 0 : times.narrow[t - 1].end_ns))
        << "the narrow head waits for nobody but the encoder and its own core";
  }
}

TEST(ModelTime, ThePeriodIsThatOfTheSlowestStage) {
  Head wide("wide", 256);
  Head narrow("narrow", 32);
  const Times times = run_pipeline(wide, narrow);
  const std::int64_t period = std::max({kEncoderNs, wide.predicted_ns, narrow.predicted_ns});
  ASSERT_LT(period, kEncoderNs + wide.predicted_ns + narrow.predicted_ns);
  for (std::size_t t = 1; t < kFrames; ++t) {
    EXPECT_EQ(times.wide[t].end_ns - times.wide[t - 1].end_ns, period) << t;
  }
}

}  // namespace
}  // namespace mtmi::dla_sim
