#include "mtmi/backends/cpu/cpu_device.h"

#include <array>

#include "mtmi/backends/common_host/host_executable.h"
#include "mtmi/backends/common_int8/make_step.h"
#include "mtmi/backends/cpu/capability.h"
#include "mtmi/backends/cpu/step.h"
#include "mtmi/device/host_event.h"
#include "mtmi/error.h"

namespace mtmi::cpu {

std::span<const MemoryKind> CpuDevice::memory_kinds() const noexcept {
  static constexpr std::array kKinds{MemoryKind::Host};
  return kKinds;
}

namespace {

/// INT8 kernels of every instruction set give the same bits: the best that `isa` allows.
Int8Isa int8_isa(Isa isa) {
  return isa == Isa::Avx512 ? best_int8_isa() : isa == Isa::Avx2 ? Int8Isa::Avx2 : Int8Isa::Generic;
}

}  // namespace

std::unique_ptr<Executable> make_executable(Engine engine,
                                            Isa isa,
                                            std::shared_ptr<const void> owner) {
  const bool int8 = engine.precision == Precision::Int8;
  const auto make = [isa, int8](const Graph& graph, NodeId id) {
    return int8 ? int8::make_step(graph, id, int8_isa(isa)) : make_step(graph, id, isa);
  };
  return std::make_unique<host::HostExecutable>(std::move(engine), make, std::move(owner));
}

std::unique_ptr<Executable> CpuDevice::load(std::span<const std::byte> bytes,
                                            std::shared_ptr<const void> owner) {
  Engine engine = read_engine(bytes, owner);
  if (engine.backend != "cpu") {
    throw Error(ErrorCode::InvalidModel,
                "cpu::CpuDevice::load",
                "the engine was built for " + engine.backend + ", not for cpu");
  }
  const Isa isa = require_isa(engine.capability);
  return make_executable(std::move(engine), isa, std::move(owner));
}

std::unique_ptr<Buffer> CpuDevice::allocate(std::size_t size_bytes) {
  return std::make_unique<HostBuffer>(size_bytes);
}

std::unique_ptr<Stream> CpuDevice::make_stream() {
  return std::make_unique<HostStream>(clock(), "cpu:0");
}

std::unique_ptr<Event> CpuDevice::make_event() {
  return std::make_unique<HostEvent>();
}

}  // namespace mtmi::cpu
