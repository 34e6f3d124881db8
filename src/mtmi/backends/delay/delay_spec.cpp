#include "mtmi/backends/delay/delay_spec.h"

#include <memory>
#include <string_view>

#include <nlohmann/json.hpp>

#include "mtmi/core/hash.h"
#include "mtmi/core/json_failure.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

using nlohmann::json;

json to_json(const DelaySpec& spec) {
  json faults = json::array();
  for (const DelayFaultAt& fault : spec.faults) {
    faults.push_back({{"fault", static_cast<int>(fault.fault)},
                      {"run", fault.run},
                      {"from_then_on", fault.from_then_on}});
  }
  return {{"duration_ns", spec.duration_ns},
          {"faults", std::move(faults)},
          {"check_inputs", spec.check_inputs}};
}

/// Unlike get<T>(), it refuses fractions, by a json::exception.
std::int64_t read_integer(const json& value) {
  return value.get_ref<const json::number_integer_t&>();
}

void read_json(const json& object, DelaySpec& spec) {
  spec.duration_ns = read_integer(object.at("duration_ns"));
  spec.check_inputs = object.at("check_inputs").get<bool>();
  for (const json& fault : object.at("faults")) {
    const std::int64_t kind = read_integer(fault.at("fault"));
    if (kind < 0 || kind > static_cast<std::int64_t>(DelayFault::Hang)) {
      throw Error(ErrorCode::InvalidModel, "delay::read_delay_engine", "unknown fault");
    }
    spec.faults.push_back({.fault = static_cast<DelayFault>(kind),
                           .run = read_integer(fault.at("run")),
                           .from_then_on = fault.at("from_then_on").get<bool>()});
  }
}

}  // namespace

std::vector<std::byte> make_delay_engine(const DelaySpec& spec) {
  const std::string text = to_json(spec).dump();
  const auto bytes = std::as_bytes(std::span(text));
  Engine engine;
  engine.backend = "delay";
  engine.capability = "delay";
  engine.inputs = spec.inputs;
  engine.outputs = spec.outputs;
  engine.blob.assign(bytes.begin(), bytes.end());
  engine.content_hash = hash_hex(bytes);
  return write_engine(engine);
}

DelaySpec read_delay_engine(std::span<const std::byte> bytes) {
  const Engine engine = read_engine(bytes, nullptr);
  if (engine.backend != "delay") {
    throw Error(ErrorCode::InvalidModel,
                "delay::read_delay_engine",
                "the engine was built for " + engine.backend + ", not for delay");
  }
  DelaySpec spec;
  spec.inputs = engine.inputs;
  spec.outputs = engine.outputs;
  const std::string_view text(reinterpret_cast<const char*>(engine.blob.data()),
                              engine.blob.size());
  try {
    read_json(json::parse(text), spec);
  } catch (const json::exception& error) {
    throw Error(ErrorCode::InvalidModel,
                "delay::read_delay_engine",
                "damaged delay engine: " + describe_json_failure(error, text));
  }
  return spec;
}

}  // namespace mtmi
