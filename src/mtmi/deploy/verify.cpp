#include "mtmi/deploy/verify.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/agreement.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/device/convert.h"
#include "mtmi/ops/output_agreement.h"
#include "mtmi/runtime/session.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

StepKey key_of(const Source& source,
               const std::vector<const BuiltPart*>& chain,
               const std::vector<std::string>& results,
               const std::vector<std::string>& sample_hashes) {
  StepKey key("verify", chain[chain.size() > 1 ? 1 : 0]->part.name, kFormat);
  key.add("network", source.hash());
  for (const BuiltPart* part : chain) {
    key.add("engine", part->built.engine.hash).add("on", backend_of(part->part));
  }
  for (const std::string& result : results) {
    key.add("output", result);
  }
  for (const std::string& hash : sample_hashes) {
    key.add("sample", hash);
  }
  return key;
}

std::string to_json(const std::vector<Checked>& outputs) {
  nlohmann::json list = nlohmann::json::array();
  for (const Checked& output : outputs) {
    const bundle::Verified& v = output.verified;
    list.push_back({{"output", v.output},
                    {"type", v.type},
                    {"bit_equal", v.bit_equal},
                    {"relative_difference", v.relative_difference},
                    {"equal_fraction", v.equal_fraction},
                    {"within_tolerance", output.within_tolerance},
                    {"found", output.found}});
  }
  return list.dump();
}

std::vector<Checked> parse_outputs(const std::string& text) {
  std::vector<Checked> outputs;
  for (const nlohmann::json& json : nlohmann::json::parse(text)) {
    Checked& output = outputs.emplace_back();
    output.verified.output = json.at("output").get<std::string>();
    output.verified.type = json.at("type").get<std::string>();
    output.verified.bit_equal = json.at("bit_equal").get<bool>();
    output.verified.relative_difference = json.at("relative_difference").get<double>();
    output.verified.equal_fraction = json.at("equal_fraction").get<double>();
    output.within_tolerance = json.at("within_tolerance").get<bool>();
    output.found = json.at("found").get<std::string>();
  }
  return outputs;
}

/// The worse of what one output gave on several samples.
void merge(std::vector<Checked>& outputs, const ops::OutputAgreement& found) {
  const Agreement& agreement = found.agreement;
  auto output = std::find_if(outputs.begin(), outputs.end(), [&found](const Checked& checked) {
    return checked.verified.output == found.output;
  });
  if (output == outputs.end()) {
    output = outputs.emplace(outputs.end());
    output->verified.output = found.output;
    output->verified.type = to_string(found.dtype);
    output->verified.bit_equal = true;
  }
  bundle::Verified& v = output->verified;
  v.bit_equal = v.bit_equal && agreement.bit_equal;
  v.relative_difference = std::max(v.relative_difference, agreement.relative_difference());
  v.equal_fraction = std::min(v.equal_fraction, agreement.equal_fraction);
  if (output->within_tolerance) {  // what is said is said of the first that is not
    output->within_tolerance = agrees(agreement, found.dtype, kTolerance);
    output->found = describe(agreement, found.dtype);
  }
}

/// The outputs `results` in real numbers.
TensorMap real_results(const TensorMap& values,
                       const std::vector<const BuiltPart*>& chain,
                       const std::vector<std::string>& results) {
  TensorMap real;
  for (const BuiltPart* part : chain) {
    for (const TensorDesc& desc : part->built.outputs) {
      if (std::find(results.begin(), results.end(), desc.name) != results.end()) {
        real.insert_or_assign(desc.name, to_real(values.at(desc.name), desc.scale));
      }
    }
  }
  return real;
}

/// `graph` with these of its outputs alone.
Graph with_outputs(Graph graph, const std::vector<std::string>& names) {
  std::vector<ValueId> outputs;
  for (const std::string& name : names) {
    outputs.push_back(graph.find_value(name).value());
  }
  graph.set_outputs(std::move(outputs));
  return graph;
}

}  // namespace

Verifier::Verifier(StepStore& store, Source& source, Samples& samples, const Registry& registry)
    : store_(store), source_(source), samples_(samples), registry_(registry) {}

std::vector<Checked> Verifier::verify(const std::vector<const BuiltPart*>& chain,
                                      const std::vector<std::string>& results,
                                      const std::vector<std::string>& sample_hashes) {
  const StepKey key = key_of(source_, chain, results, sample_hashes);
  const StepResult result = store_.run(key, [&](StepWriter& writer) {
    std::vector<TensorMap> values = handed_over(*chain.front());
    for (std::size_t i = 1; i < chain.size(); ++i) {
      run(*chain[i], values);
    }
    writer.set_facts(to_json(compare_results(values, chain, results)));
  });
  return parse_outputs(result.facts);
}

const std::vector<TensorMap>& Verifier::expected() {
  if (expected_.empty()) {
    CompileOptions plain;
    plain.optimize = false;
    Session reference(registry_.backend("cpu"), source_.graph(), plain);
    for (std::size_t i = 0; i < samples_.count(); ++i) {
      check_interrupt();
      TensorMap outputs = reference.run(samples_.load(i));
      for (auto& [name, tensor] : outputs) {
        tensor = to_real(tensor, 0.0F);
      }
      expected_.push_back(std::move(outputs));
    }
  }
  return expected_;
}

const std::vector<TensorMap>& Verifier::handed_over(const BuiltPart& encoder) {
  if (handed_over_.empty()) {
    for (std::size_t i = 0; i < samples_.count(); ++i) {
      handed_over_.push_back(samples_.load(i));
    }
    run(encoder, handed_over_);
  }
  return handed_over_;
}

void Verifier::run(const BuiltPart& part, std::vector<TensorMap>& values) {
  const MappedFile engine(store_.path_of(part.built.engine));
  const DeviceName device = parse_device_name(*part.part.target.device);
  Session session(
      registry_.backend(device.backend).open(device.index), engine.bytes(), engine.owner());
  double shortest_ms = std::numeric_limits<double>::infinity();
  for (TensorMap& map : values) {
    check_interrupt();
    session.set_inputs(map);
    const Timing timing = session.run_again();
    shortest_ms = std::min(shortest_ms, static_cast<double>(timing.end_ns - timing.start_ns) / 1e6);
    for (auto& [name, tensor] : session.get_outputs()) {
      map.insert_or_assign(name, std::move(tensor));
    }
  }
  measured_ms_.insert_or_assign(part.part.name, shortest_ms);
}

std::vector<Checked> Verifier::compare_results(const std::vector<TensorMap>& got,
                                               const std::vector<const BuiltPart*>& chain,
                                               const std::vector<std::string>& results) {
  const Graph reference = with_outputs(source_.graph(), results);
  CompileOptions plain;
  plain.optimize = false;
  std::vector<Checked> outputs;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const TensorMap real = real_results(got[i], chain, results);
    const auto run_scores = [&](const Graph& scores) {
      return Session(registry_.backend("cpu"), scores, plain).run(samples_.load(i));
    };
    for (const auto& found : ops::compare_outputs(reference, expected()[i], real, run_scores)) {
      merge(outputs, found);
    }
  }
  return outputs;
}

}  // namespace mtmi::deploy
