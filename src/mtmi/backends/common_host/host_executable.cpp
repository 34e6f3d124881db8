#include "mtmi/backends/common_host/host_executable.h"

#include <algorithm>
#include <chrono>

#include "mtmi/backends/common_host/storage.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/error.h"

namespace mtmi::host {
namespace {

std::size_t index_of(ValueId id) {
  return static_cast<std::size_t>(id);
}

/// Graph inputs and outputs stand in the order of the engine's descriptors.
void check_interface(const Engine& engine) {
  const auto same = [&engine](std::span<const ValueId> ids, const std::vector<TensorDesc>& descs) {
    return std::equal(ids.begin(),
                      ids.end(),
                      descs.begin(),
                      descs.end(),
                      [&engine](ValueId id, const TensorDesc& desc) {
                        const TensorType type = engine.graph.type(id);
                        return static_cast<std::size_t>(type.shape.num_elements()) *
                                   size_of(type.dtype) ==
                               size_bytes_of(desc);
                      });
  };
  if (!same(engine.graph.inputs(), engine.inputs) ||
      !same(engine.graph.outputs(), engine.outputs)) {
    throw Error(ErrorCode::InvalidModel,
                "host::HostExecutable",
                "the engine contradicts itself: its inputs and outputs are not its graph's; build "
                "it again");
  }
}

}  // namespace

/// The pointers of one frame slot.
class HostExecutableInvocation final : public HostInvocation {
 public:
  HostExecutableInvocation(HostExecutable& executable, std::vector<std::byte*> data)
      : executable_(executable), data_(std::move(data)) {}

  void run() override { executable_.run(data_); }

 private:
  HostExecutable& executable_;
  std::vector<std::byte*> data_;
};

HostExecutable::HostExecutable(Engine engine,
                               const MakeStep& make_step,
                               std::shared_ptr<const void> owner)
    : engine_(std::move(engine)), owner_(std::move(owner)) {
  check_interface(engine_);
  make_steps(make_step);

  const Graph& graph = engine_.graph;
  arena_ = Arena(engine_.arena_bytes, "the intermediates of the engine");
  for (const ValueId id : graph.values()) {
    fixed_.resize(std::max(fixed_.size(), index_of(id) + 1), nullptr);
    if (const auto& constant = graph.value(id).constant) {
      fixed_[index_of(id)] = const_cast<std::byte*>(constant->bytes().data());  // never written
    }
  }
  for (const Placement& placement : engine_.placements) {
    fixed_[index_of(placement.value)] = arena_.data() + placement.offset;
  }
}

void HostExecutable::make_steps(const MakeStep& make_step) {
  const Graph& graph = engine_.graph;
  std::size_t scratch_bytes = 0;
  std::size_t shared_bytes = 0;
  for (const NodeId id : graph.order()) {
    const Node& node = graph.node(id);
    PlannedStep planned{.node = id, .step = nullptr, .observed = {}};
    for (const ValueId output : node.outputs) {
      if (output != kNoValue &&
          std::find(engine_.observed.begin(), engine_.observed.end(), graph.value(output).name) !=
              engine_.observed.end()) {
        planned.observed.push_back(output);
      }
    }
    if (node.op != kViewOp) {
      planned.step = make_step(graph, id);
      scratch_bytes = std::max(scratch_bytes, planned.step->scratch_bytes());
      shared_bytes = std::max(shared_bytes, planned.step->shared_bytes());
    }
    if (planned.step || !planned.observed.empty()) {
      steps_.push_back(std::move(planned));
    }
  }
  scratch_bytes = (scratch_bytes + 63) / 64 * 64;
  const int num_slots = std::min(thread_pool().num_threads(), 64);
  shared_ = Arena(shared_bytes, "the working memory of the engine");
  scratch_memory_ = Arena(scratch_bytes * static_cast<std::size_t>(num_slots),
                          "the working memory of the engine\'s threads");
  scratch_ = std::make_unique<ScratchSlots>(scratch_memory_.data(), scratch_bytes, num_slots);
}

std::unique_ptr<Invocation> HostExecutable::bind(std::span<Buffer* const> inputs,
                                                 std::span<Buffer* const> outputs) {
  check_host_buffers(engine_.inputs, inputs, "input");
  check_host_buffers(engine_.outputs, outputs, "output");
  const Graph& graph = engine_.graph;
  const Storage storage(graph);
  std::vector<std::byte*> data = fixed_;  // roots; views follow
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    data[index_of(graph.inputs()[i])] = inputs[i]->host_data();
  }
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    data[index_of(storage.root(graph.outputs()[i]))] = outputs[i]->host_data();
  }
  for (const ValueId id : graph.values()) {
    data[index_of(id)] = data[index_of(storage.root(id))];
  }
  return std::make_unique<HostExecutableInvocation>(*this, std::move(data));
}

void HostExecutable::observe(const PlannedStep& planned, std::span<std::byte* const> data) const {
  for (const ValueId id : planned.observed) {
    const TensorType type = engine_.graph.type(id);
    observer_(engine_.graph.value(id).name,
              Tensor::wrap(type.dtype, type.shape, data[index_of(id)], nullptr));
  }
}

void HostExecutable::run(std::span<std::byte* const> data) {
  using Clock = std::chrono::steady_clock;
  const Frame frame(data, thread_pool(), *scratch_, shared_.data());
  for (const PlannedStep& planned : steps_) {
    check_interrupt();  // one run of a large network may take minutes
    const auto start = step_timer_ ? Clock::now() : Clock::time_point();
    if (planned.step) {
      planned.step->run(frame);
    }
    if (step_timer_) {
      step_timer_(engine_.graph.node(planned.node), (Clock::now() - start).count());
    }
    if (observer_) {
      observe(planned, data);
    }
  }
}

}  // namespace mtmi::host
