#include "mtmi/device/host_stream.h"

#include <atomic>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/device/host_event.h"

namespace mtmi {
namespace {

using namespace std::chrono_literals;

class Call final : public HostInvocation {
 public:
  explicit Call(std::function<void()> what) : what_(std::move(what)) {}

  void run() override { what_(); }

 private:
  std::function<void()> what_;
};

std::string error_of(const HostEvent& event) {
  EXPECT_TRUE(event.wait_for(1min));
  return event.error() ? event.error()->what() : "";
}

TEST(HostStream, RunsInOrderAndMeasures) {
  HostStream stream(steady_clock(), "test");
  std::vector<int> order;
  Call first([&order] { order.push_back(1); });
  Call second([&order] {
    std::this_thread::sleep_for(1ms);
    order.push_back(2);
  });
  HostEvent first_done;
  HostEvent second_done;
  stream.enqueue(first, {}, first_done);
  stream.enqueue(second, {}, second_done);
  EXPECT_EQ(error_of(second_done), "");
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_LE(first_done.timing().end_ns, second_done.timing().start_ns);
  EXPECT_GE(second_done.timing().end_ns - second_done.timing().start_ns, 1'000'000);
}

TEST(HostStream, WaitsForTheEventsOfOtherStreams) {
  HostStream producer(steady_clock(), "producer");
  HostStream consumer(steady_clock(), "consumer");
  int value = 0;
  int seen = 0;
  Call produce([&value] {
    std::this_thread::sleep_for(1ms);
    value = 7;
  });
  Call consume([&value, &seen] { seen = value; });
  HostEvent produced;
  HostEvent consumed;
  Event* const waits[] = {&produced};
  consumer.enqueue(consume, waits, consumed);
  producer.enqueue(produce, {}, produced);
  EXPECT_EQ(error_of(consumed), "");
  EXPECT_EQ(seen, 7);
}

TEST(HostStream, AFailureSkipsWhatWaitsForItAndNothingElse) {
  HostStream stream(steady_clock(), "test");
  int runs = 0;
  Call fail([] { throw Error(ErrorCode::DeviceFailure, "test", "out of order"); });
  Call count([&runs] { ++runs; });
  HostEvent failed;
  HostEvent skipped;
  HostEvent independent;
  Event* const waits[] = {&failed};
  stream.enqueue(fail, {}, failed);
  stream.enqueue(count, waits, skipped);
  stream.enqueue(count, {}, independent);
  EXPECT_EQ(error_of(failed), "out of order");
  EXPECT_EQ(error_of(skipped), "out of order");
  EXPECT_EQ(error_of(independent), "");
  EXPECT_EQ(runs, 1);
}

TEST(HostStream, AnyExceptionBecomesADeviceFailure) {
  HostStream stream(steady_clock(), "test");
  Call fail([] { throw std::runtime_error("bad luck"); });
  HostEvent failed;
  stream.enqueue(fail, {}, failed);
  EXPECT_EQ(error_of(failed), "bad luck");
  EXPECT_EQ(failed.error()->code(), ErrorCode::DeviceFailure);
}

TEST(HostStream, BlocksOnlyWhenItIsFull) {
  HostStream stream(steady_clock(), "test");
  HostEvent gate;
  Event* const waits[] = {&gate};
  std::atomic<int> runs = 0;
  Call count([&runs] { ++runs; });
  std::vector<HostEvent> done(2 * Stream::kMaxEnqueued);
  std::thread opener;
  for (std::size_t i = 0; i < done.size(); ++i) {
    if (i == Stream::kMaxEnqueued) {  // the next enqueue() would never return by itself
      EXPECT_EQ(runs, 0);
      opener = std::thread([&gate] { gate.signal({}); });
    }
    stream.enqueue(
        count, i == 0 ? std::span<Event* const>(waits) : std::span<Event* const>(), done[i]);
  }
  EXPECT_EQ(error_of(done.back()), "");
  EXPECT_EQ(runs, static_cast<int>(done.size()));
  opener.join();
}

TEST(HostStream, GivesUpWhatHasNotBegun) {
  HostStream stream(steady_clock(), "test");
  HostEvent never;
  HostEvent given_up;
  HostEvent behind_it;
  HostEvent later;
  Event* const waits[] = {&never};
  int runs = 0;
  Call count([&runs] { ++runs; });
  stream.enqueue(count, waits, given_up);
  stream.enqueue(count, {}, behind_it);
  stream.give_up();
  EXPECT_EQ(error_of(given_up), "given up before it began: device lost");
  EXPECT_EQ(error_of(behind_it), "given up before it began: device lost");
  stream.enqueue(count, {}, later);
  EXPECT_EQ(error_of(later), "");
  EXPECT_EQ(runs, 1);
}

TEST(HostStream, GivesUpWhatStandsBehindWorkThatHangs) {
  HostStream stream(steady_clock(), "test");
  std::atomic<bool> entered = false;
  std::atomic<bool> released = false;
  Call hang([&entered, &released] {
    entered = true;
    entered.notify_all();
    released.wait(false);
  });
  int runs = 0;
  Call count([&runs] { ++runs; });
  HostEvent hung;
  HostEvent behind_it;
  HostEvent later;
  stream.enqueue(hang, {}, hung);
  stream.enqueue(count, {}, behind_it);
  entered.wait(false);
  stream.give_up();
  EXPECT_EQ(error_of(behind_it), "given up before it began: device lost");
  EXPECT_FALSE(hung.is_signalled());
  stream.enqueue(count, {}, later);
  released = true;
  released.notify_all();
  EXPECT_EQ(error_of(hung), "");
  EXPECT_EQ(error_of(later), "");
  EXPECT_EQ(runs, 1);
}

}  // namespace
}  // namespace mtmi
