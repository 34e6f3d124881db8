#include "mtmi/backends/delay/delay_backend.h"

#include <array>
#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/backends/delay/delay_spec.h"
#include "mtmi/device/device.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::int64_t kMs = 1'000'000;

TensorDesc row(const std::string& name) {
  return {.name = name, .dtype = DType::Float32, .shape = {1, 8}, .layout = Layout::Linear};
}

DelaySpec spec_of(std::int64_t duration_ms) {
  DelaySpec spec;
  spec.inputs = {row("x")};
  spec.outputs = {row("y")};
  spec.duration_ns = duration_ms * kMs;
  return spec;
}

/// One loaded engine with its buffers.
class Rig {
 public:
  Rig(Device& device, const DelaySpec& spec)
      : executable_(device.load(make_delay_engine(spec), nullptr)),
        input(device.allocate(32)),
        output(device.allocate(32)),
        done(device.make_event()),
        stream(device.make_stream()) {
    Buffer* const in[] = {input.get()};
    Buffer* const out[] = {output.get()};
    invocation_ = executable_->bind(in, out);
  }

  void enqueue(std::span<Event* const> waits = {}) { stream->enqueue(*invocation_, waits, *done); }

  [[nodiscard]] std::string finish() const {
    EXPECT_TRUE(done->wait_for(std::chrono::minutes(1)));
    std::string error = done->error() ? done->error()->what() : "";
    return error;
  }

 private:
  std::unique_ptr<Executable> executable_;
  std::unique_ptr<Invocation> invocation_;

 public:
  std::unique_ptr<Buffer> input;
  std::unique_ptr<Buffer> output;
  std::unique_ptr<Event> done;
  std::unique_ptr<Stream> stream;
};

TEST(Delay, EngineReadsBack) {
  DelaySpec spec = spec_of(3);
  spec.check_inputs = true;
  spec.faults = {{.fault = DelayFault::Hang, .run = 4, .from_then_on = true}};
  EXPECT_EQ(read_delay_engine(make_delay_engine(spec)), spec);
}

TEST(Delay, OnVirtualTimeARunTakesItsDurationAfterAllThatItAwaits) {
  const auto device = make_delay_backend(DelayTime::Virtual)->open(0);
  Rig slow(*device, spec_of(50));
  Rig quick(*device, spec_of(7));
  Event* const waits[] = {slow.done.get()};
  quick.enqueue(waits);
  slow.enqueue();
  EXPECT_EQ(quick.finish(), "");
  EXPECT_EQ(quick.done->timing().start_ns, 50 * kMs);
  EXPECT_EQ(quick.done->timing().end_ns, 57 * kMs);
  quick.done->reset();
  quick.enqueue();
  EXPECT_EQ(quick.finish(), "");
  EXPECT_EQ(quick.done->timing().start_ns, 57 * kMs) << "the stream is one queue";
}

TEST(Delay, OnRealTimeARunSleeps) {
  const auto device = make_delay_backend()->open(1);
  EXPECT_EQ(device->name(), "delay:1");
  Rig rig(*device, spec_of(5));
  rig.enqueue();
  EXPECT_EQ(rig.finish(), "");
  EXPECT_GE(rig.done->timing().end_ns - rig.done->timing().start_ns, 5 * kMs);
}

TEST(Delay, HandsTheMarkThrough) {
  const auto device = make_delay_backend(DelayTime::Virtual)->open(0);
  Rig rig(*device, spec_of(1));
  const std::array<std::uint64_t, 4> mark{9, 8, 7, 6};
  std::memcpy(rig.input->host_data(), mark.data(), sizeof(mark));
  rig.enqueue();
  EXPECT_EQ(rig.finish(), "");
  std::array<std::uint64_t, 4> seen{};
  std::memcpy(seen.data(), rig.output->host_data(), sizeof(seen));
  EXPECT_EQ(seen, (std::array<std::uint64_t, 4>{9, 9, 9, 9}));
}

TEST(Delay, SeesAnInputThatIsOfTwoFrames) {
  const auto device = make_delay_backend(DelayTime::Virtual)->open(0);
  DelaySpec spec = spec_of(1);
  spec.check_inputs = true;
  Rig rig(*device, spec);
  rig.input->host_data()[24] = std::byte{1};
  rig.enqueue();
  EXPECT_EQ(rig.finish(), "input 'x' holds the mark 1 at byte 24, expected 0");
}

TEST(Delay, FailsAndThrowsWhenTold) {
  const auto device = make_delay_backend(DelayTime::Virtual)->open(0);
  DelaySpec spec = spec_of(1);
  spec.faults = {{.fault = DelayFault::Throw, .run = 1}, {.fault = DelayFault::Fail, .run = 2}};
  Rig rig(*device, spec);
  std::vector<std::string> errors;
  for (int run = 0; run < 4; ++run) {
    rig.enqueue();
    errors.push_back(rig.finish());
    rig.done->reset();
  }
  EXPECT_THAT(errors,
              testing::ElementsAre("", "run 1 was told to throw", "run 2 was told to fail", ""));
}

TEST(Delay, HangsUntilItIsReleased) {
  const auto control = std::make_shared<DelayControl>();
  const auto device = make_delay_backend(DelayTime::Virtual, control)->open(0);
  DelaySpec spec = spec_of(1);
  spec.faults = {{.fault = DelayFault::Hang, .run = 0}};
  Rig rig(*device, spec);
  rig.enqueue();
  EXPECT_FALSE(rig.done->wait_for(std::chrono::milliseconds(20)));
  control->release();
  EXPECT_EQ(rig.finish(), "run 0 was told to hang");
}

}  // namespace
}  // namespace mtmi
