#include "mtmi/runtime/session.h"

#include <utility>

#include "mtmi/device/convert.h"
#include "mtmi/error.h"

namespace mtmi {

// Members die in reverse order: the invocation before buffers and executable, all before the
// device.
struct Session::State {
  std::unique_ptr<Device> owned_device;
  std::unique_ptr<Executable> executable;
  std::vector<std::unique_ptr<Buffer>> inputs;
  std::vector<std::unique_ptr<Buffer>> outputs;
  std::unique_ptr<Invocation> invocation;
  std::unique_ptr<Event> done;
  std::unique_ptr<Stream> stream;
  std::size_t memory_bytes = 0;
  std::chrono::nanoseconds timeout = std::chrono::minutes(10);

  void prepare(Device& device, std::unique_ptr<Executable> loaded) {
    executable = std::move(loaded);
    const std::vector<Buffer*> in = allocate(device, executable->inputs(), inputs);
    const std::vector<Buffer*> out = allocate(device, executable->outputs(), outputs);
    invocation = executable->bind(in, out);
    done = device.make_event();
    stream = device.make_stream();
    memory_bytes += executable->scratch_bytes();
  }

 private:
  std::vector<Buffer*> allocate(Device& device,
                                std::span<const TensorDesc> descs,
                                std::vector<std::unique_ptr<Buffer>>& buffers) {
    std::vector<Buffer*> views;
    for (const TensorDesc& desc : descs) {
      buffers.push_back(device.allocate(size_bytes_of(desc)));
      if (buffers.back()->host_data() == nullptr) {
        throw Error(ErrorCode::Unsupported,
                    "runtime::Session",
                    std::string(device.name()) + ": its memory is not visible to the host");
      }
      memory_bytes += buffers.back()->size_bytes();
      views.push_back(buffers.back().get());
    }
    return views;
  }
};

Session::Session(const Backend& backend,
                 const Graph& graph,
                 const CompileOptions& options,
                 int index)
    : state_(std::make_unique<State>()) {
  const std::vector<Capability> capabilities = backend.capabilities();
  if (capabilities.empty() || backend.device_count() == 0) {
    throw Error(ErrorCode::Unsupported,
                "runtime::Session",
                "this machine has no device '" + std::string(backend.name()) + "'");
  }
  state_->owned_device = backend.open(index);
  Device& device = *state_->owned_device;
  state_->prepare(device, backend.compile_and_load(graph, capabilities.front(), options, device));
}

Session::Session(Device& device,
                 std::span<const std::byte> engine,
                 std::shared_ptr<const void> owner)
    : state_(std::make_unique<State>()) {
  state_->prepare(device, device.load(engine, std::move(owner)));
}

Session::Session(std::unique_ptr<Device> device,
                 std::span<const std::byte> engine,
                 std::shared_ptr<const void> owner)
    : state_(std::make_unique<State>()) {
  state_->owned_device = std::move(device);
  state_->prepare(*state_->owned_device, state_->owned_device->load(engine, std::move(owner)));
}

Session::~Session() = default;

std::span<const TensorDesc> Session::inputs() const noexcept {
  return state_->executable->inputs();
}

std::span<const TensorDesc> Session::outputs() const noexcept {
  return state_->executable->outputs();
}

TensorMap Session::run(const TensorMap& inputs) {
  set_inputs(inputs);
  run_again();
  return get_outputs();
}

void Session::set_inputs(const TensorMap& inputs) {
  const std::span<const TensorDesc> descs = this->inputs();
  for (std::size_t i = 0; i < descs.size(); ++i) {
    const auto it = inputs.find(descs[i].name);
    if (it == inputs.end()) {
      throw Error(ErrorCode::InvalidArgument,
                  "runtime::Session",
                  "no tensor for input '" + descs[i].name + "'");
    }
    Buffer& buffer = *state_->inputs[i];
    write_format(it->second, descs[i], {buffer.host_data(), buffer.size_bytes()});
  }
}

Timing Session::run_again() {
  state_->done->reset();
  state_->stream->enqueue(*state_->invocation, {}, *state_->done);
  if (!state_->done->wait_for(state_->timeout)) {
    throw Error(ErrorCode::Timeout, "runtime::Session", "the device gave no answer in time");
  }
  if (state_->done->error()) {
    throw *state_->done->error();
  }
  return state_->done->timing();
}

TensorMap Session::get_outputs() const {
  TensorMap tensors;
  const std::span<const TensorDesc> descs = outputs();
  for (std::size_t i = 0; i < descs.size(); ++i) {
    Buffer& buffer = *state_->outputs[i];
    tensors.emplace(descs[i].name,
                    read_format({buffer.host_data(), buffer.size_bytes()}, descs[i]));
  }
  return tensors;
}

void Session::set_observer(IntermediateObserver observer) {
  state_->executable->set_observer(std::move(observer));
}

std::size_t Session::memory_bytes() const noexcept {
  return state_->memory_bytes;
}

void Session::set_timeout(std::chrono::nanoseconds timeout) noexcept {
  state_->timeout = timeout;
}

}  // namespace mtmi
