#include "mtmi/runtime/machinery.h"

#include <algorithm>
#include <utility>

#include "mtmi/core/memory_limit.h"

namespace mtmi::runtime {
namespace {

void check_descs(std::span<const TensorDesc> found,
                 const std::vector<TensorDesc>& planned,
                 const EngineUse& use) {
  if (!std::equal(found.begin(), found.end(), planned.begin(), planned.end())) {
    std::string message = "engine '" + use.engine + "' does not fit the plan: it has";
    for (const TensorDesc& desc : found) {
      message += " " + to_string(desc);
    }
    message += ", expected";
    for (const TensorDesc& desc : planned) {
      message += " " + to_string(desc);
    }
    throw Error(ErrorCode::InvalidModel, "runtime::build_machinery", message);
  }
}

Unit load_unit(const EngineUse& use,
               const Stage& stage,
               DeviceSet& devices,
               const EngineSource& engines) {
  Unit unit;
  unit.use = use;
  unit.device = &devices.open(use.device);
  EngineBytes engine = engines(use.engine);
  unit.executable = unit.device->load(engine.bytes, std::move(engine.owner));
  check_descs(unit.executable->inputs(), stage.inputs, use);
  check_descs(unit.executable->outputs(), stage.outputs, use);
  unit.stream = unit.device->make_stream();
  return unit;
}

std::unique_ptr<StageRunner> make_runner(const Plan& plan,
                                         std::size_t index,
                                         DeviceSet& devices,
                                         const EngineSource& engines) {
  const Stage& stage = plan.stages[index];
  try {
    auto runner = std::make_unique<StageRunner>();
    runner->units.push_back(load_unit(stage.use, stage, devices, engines));
    if (stage.stand_by) {
      runner->units.push_back(load_unit(*stage.stand_by, stage, devices, engines));
    }
    runner->reads = producers_of(plan, index);
    runner->behind = stages_behind(plan, index);
    return runner;
  } catch (const Error& error) {
    throw error.with_context("stage '" + stage.name + "' on " + stage.use.device);
  }
}

/// The device whose memory an edge lies in: its producer's, or its first reader's.
Device& home_of(const Edge& edge, const std::vector<std::unique_ptr<StageRunner>>& stages) {
  return *stages[edge.producer.value_or(edge.readers.empty() ? 0 : edge.readers.front().stage)]
              ->units.front()
              .device;
}

FrameSlot::Run bind_unit(const Plan& plan,
                         std::size_t stage,
                         const Unit& unit,
                         const FrameSlot& slot) {
  std::vector<Buffer*> inputs(plan.stages[stage].inputs.size());
  std::vector<Buffer*> outputs(plan.stages[stage].outputs.size());
  for (std::size_t i = 0; i < plan.edges.size(); ++i) {
    const Edge& edge = plan.edges[i];
    if (edge.producer == stage) {
      outputs[edge.port] = slot.buffers[i].get();
    }
    for (const Edge::Reader& reader : edge.readers) {
      if (reader.stage == stage) {
        inputs[reader.port] = slot.buffers[i].get();
      }
    }
  }
  return {.invocation = unit.executable->bind(inputs, outputs), .done = unit.device->make_event()};
}

std::unique_ptr<FrameSlot> make_slot(const Plan& plan,
                                     const std::vector<std::unique_ptr<StageRunner>>& stages) {
  auto slot = std::make_unique<FrameSlot>();
  for (const Edge& edge : plan.edges) {
    slot->buffers.push_back(home_of(edge, stages).allocate(size_bytes_of(edge.desc) + kStampBytes));
  }
  for (const std::size_t i : frame_inputs(plan)) {
    std::byte* const data = slot->buffers[i]->host_data();
    if (data == nullptr) {
      throw Error(
          ErrorCode::Unsupported,
          "runtime::build_machinery",
          "input '" + plan.edges[i].desc.name + "' lies in memory that the host cannot see");
    }
    slot->inputs.emplace_back(data, size_bytes_of(plan.edges[i].desc));
  }
  slot->runs.resize(plan.stages.size());
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    for (const Unit& unit : stages[i]->units) {
      slot->runs[i].push_back(bind_unit(plan, i, unit, *slot));
    }
  }
  slot->unit_of.resize(plan.stages.size(), kNotItsTurn);
  slot->vacated.signal({});
  return slot;
}

/// Asked for in one piece: many small buffers must not creep past the limit.
void require_slots(const Plan& plan, std::size_t num_slots) {
  std::size_t slot_bytes = 0;
  for (const Edge& edge : plan.edges) {
    slot_bytes += size_bytes_of(edge.desc) + kStampBytes;
  }
  require_memory(num_slots * slot_bytes,
                 "the pipeline (" + std::to_string(num_slots) + " frame slots)");
}

const Clock& common_clock(const std::vector<std::unique_ptr<StageRunner>>& stages) {
  const Unit& first = stages.front()->units.front();
  for (const auto& runner : stages) {
    for (const Unit& unit : runner->units) {
      if (&unit.device->clock() != &first.device->clock()) {
        throw Error(ErrorCode::Unsupported,
                    "runtime::build_machinery",
                    "'" + first.use.device + "' and '" + unit.use.device +
                        "' do not share a clock, so their times cannot be compared");
      }
    }
  }
  return first.device->clock();
}

}  // namespace

std::unique_ptr<Machinery> build_machinery(const Plan& plan,
                                           std::shared_ptr<DeviceSet> devices,
                                           const EngineSource& engines,
                                           std::size_t num_slots) {
  auto machinery = std::make_unique<Machinery>();
  machinery->devices = std::move(devices);
  for (std::size_t i = 0; i < plan.stages.size(); ++i) {
    machinery->stages.push_back(make_runner(plan, i, *machinery->devices, engines));
  }
  machinery->clock = &common_clock(machinery->stages);
  require_slots(plan, num_slots);
  for (std::size_t i = 0; i < num_slots; ++i) {
    machinery->slots.push_back(make_slot(plan, machinery->stages));
  }
  return machinery;
}

}  // namespace mtmi::runtime
