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

using Bytes = std::span<std::byte>;

// The mark of a rest shorter than eight bytes is cut.
std::uint64_t mark_of(Bytes bytes) {
  std::uint64_t mark = 0;
  std::memcpy(&mark, bytes.data(), std::min(sizeof(mark), bytes.size()));
  return mark;
}

void fill_with(Bytes bytes, std::uint64_t mark) {
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(mark)) {
    std::memcpy(bytes.data() + at, &mark, std::min(sizeof(mark), bytes.size() - at));
  }
}

/// Buffers may be larger than the tensors in them.
std::vector<Bytes> tensors_in(std::span<Buffer* const> buffers,
                              const std::vector<TensorDesc>& descs) {
  std::vector<Bytes> tensors;
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    tensors.emplace_back(buffers[i]->host_data(), size_bytes_of(descs[i]));
  }
  return tensors;
}

}  // namespace

class DelayInvocation final : public HostInvocation {
 public:
  DelayInvocation(DelayExecutable& executable,
                  std::span<Buffer* const> inputs,
                  std::span<Buffer* const> outputs)
      : executable_(executable),
        inputs_(tensors_in(inputs, executable.spec_.inputs)),
        outputs_(tensors_in(outputs, executable.spec_.outputs)) {}

  void run() override {
    const std::uint64_t mark = begin();
    std::this_thread::sleep_for(std::chrono::nanoseconds(executable_.spec_.duration_ns));
    end(mark);
  }

  [[nodiscard]] Timing run_timed(std::int64_t ready_ns, const Clock& clock) override {
    if (!clock.is_virtual()) {
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
    const std::uint64_t mark = inputs_.empty() ? 0 : mark_of(inputs_.front());
    check_inputs(mark);
    return mark;
  }

  void end(std::uint64_t mark) {
    check_inputs(mark);
    for (const Bytes output : outputs_) {
      fill_with(output, mark);
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
      for (std::size_t at = 0; at + sizeof(mark) <= inputs_[i].size(); at += sizeof(mark)) {
        if (const std::uint64_t found = mark_of(inputs_[i].subspan(at)); found != mark) {
          fail("input '" + executable_.spec_.inputs[i].name + "' holds the mark " +
               std::to_string(found) + " at byte " + std::to_string(at) + ", expected " +
               std::to_string(mark));
        }
      }
    }
  }

  DelayExecutable& executable_;
  std::vector<Bytes> inputs_;
  std::vector<Bytes> outputs_;
};

DelayExecutable::DelayExecutable(DelaySpec spec, std::shared_ptr<DelayControl> control)
    : spec_(std::move(spec)), control_(std::move(control)) {}

std::unique_ptr<Invocation> DelayExecutable::bind(std::span<Buffer* const> inputs,
                                                  std::span<Buffer* const> outputs) {
  check_host_buffers(spec_.inputs, inputs, "input");
  check_host_buffers(spec_.outputs, outputs, "output");
  return std::make_unique<DelayInvocation>(*this, inputs, outputs);
}

}  // namespace mtmi::delay
