#include "mtmi/backends/delay/delay_executable.h"

#include <cstring>
#include <stdexcept>
#include <thread>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/device/host_buffer.h"
#include "mtmi/device/host_stream.h"
#include "mtmi/error.h"

namespace mtmi::delay {
namespace {

[[noreturn]] void fail(const std::string& message) {
  throw Error(ErrorCode::DeviceFailure, "delay::DelayExecutable", message);
}

std::uint64_t mark_of(Buffer& buffer, std::size_t offset = 0) {
  std::uint64_t mark = 0;
  const std::size_t size = std::min(sizeof(mark), buffer.size_bytes() - offset);
  std::memcpy(&mark, buffer.host_data() + offset, size);
  return mark;
}

void fill_with(Buffer& buffer, std::uint64_t mark) {
  for (std::size_t offset = 0; offset < buffer.size_bytes(); offset += sizeof(mark)) {
    const std::size_t size = std::min(sizeof(mark), buffer.size_bytes() - offset);
    std::memcpy(buffer.host_data() + offset, &mark, size);
  }
}

}  // namespace

class DelayInvocation final : public HostInvocation {
 public:
  DelayInvocation(DelayExecutable& executable,
                  std::span<Buffer* const> inputs,
                  std::span<Buffer* const> outputs)
      : executable_(executable),
        inputs_(inputs.begin(), inputs.end()),
        outputs_(outputs.begin(), outputs.end()) {}

  void run() override {
    const std::uint64_t mark = begin();
    std::this_thread::sleep_for(std::chrono::nanoseconds(executable_.spec_.duration_ns));
    end(mark);
  }

  [[nodiscard]] Timing run_timed(std::int64_t ready_ns, const Clock& clock) override {
    if (executable_.time_ == DelayTime::Real) {
      return HostInvocation::run_timed(ready_ns, clock);
    }
    end(begin());
    return {.start_ns = ready_ns, .end_ns = ready_ns + executable_.spec_.duration_ns};
  }

 private:
  std::uint64_t begin() {
    const std::int64_t run = executable_.runs_++;
    for (const DelayFaultAt& at : executable_.spec_.faults) {
      if (run == at.run || (at.from_then_on && run > at.run)) {
        raise(at.fault, run);
      }
    }
    const std::uint64_t mark = inputs_.empty() ? 0 : mark_of(*inputs_.front());
    check_inputs(mark);
    return mark;
  }

  void end(std::uint64_t mark) {
    check_inputs(mark);
    for (Buffer* const output : outputs_) {
      fill_with(*output, mark);
    }
  }

  void raise(DelayFault fault, std::int64_t run) {
    const std::string message = "run " + std::to_string(run) + " was told to ";
    if (fault == DelayFault::Throw) {
      throw std::runtime_error(message + "throw");
    }
    if (fault == DelayFault::Hang) {
      executable_.control_->wait();
      fail(message + "hang");
    }
    fail(message + "fail");
  }

  void check_inputs(std::uint64_t mark) {
    for (std::size_t i = 0; executable_.spec_.check_inputs && i < inputs_.size(); ++i) {
      // Whole words only: the mark of a shorter rest is cut.
      Buffer& input = *inputs_[i];
      for (std::size_t at = 0; at + sizeof(mark) <= input.size_bytes(); at += sizeof(mark)) {
        if (mark_of(input, at) != mark) {
          fail("input '" + executable_.spec_.inputs[i].name + "' holds the mark " +
               std::to_string(mark_of(input, at)) + " at byte " + std::to_string(at) +
               ", expected " + std::to_string(mark));
        }
      }
    }
  }

  DelayExecutable& executable_;
  std::vector<Buffer*> inputs_;
  std::vector<Buffer*> outputs_;
};

DelayExecutable::DelayExecutable(DelaySpec spec,
                                 DelayTime time,
                                 std::shared_ptr<DelayControl> control)
    : spec_(std::move(spec)), time_(time), control_(std::move(control)) {}

std::unique_ptr<Invocation> DelayExecutable::bind(std::span<Buffer* const> inputs,
                                                  std::span<Buffer* const> outputs) {
  check_host_buffers(spec_.inputs, inputs, "input");
  check_host_buffers(spec_.outputs, outputs, "output");
  return std::make_unique<DelayInvocation>(*this, inputs, outputs);
}

}  // namespace mtmi::delay
