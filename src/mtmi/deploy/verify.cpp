#include "mtmi/deploy/verify.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/core/agreement.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/deploy/int8_error.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/device/convert.h"
#include "mtmi/runtime/session.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 3;

/// Labels may differ where scores tie, so two images do; each runs the unoptimised network.
constexpr std::size_t kVerifiedSamples = 2;

/// What a part is made from in a form.
void add_part(StepKey& key, const BuiltPart& part, Form form) {
  if (form == Form::Built) {
    key.add("engine", part.built.engine.hash).add("on", backend_of(part.part));
  } else {
    key.add("model", float_model_of(part.part).hash);
  }
}

const BuiltPart& head_of(const Chain& chain) {
  return *chain[chain.size() > 1 ? 1 : 0];
}

std::unique_ptr<Session> open_built(const StepStore& store,
                                    const Registry& registry,
                                    const BuiltPart& part) {
  const MappedFile engine(store.path_of(part.built.engine));
  const DeviceName device = parse_device_name(*part.part.target.device);
  return std::make_unique<Session>(
      registry.backend(device.backend).open(device.index), engine.bytes(), engine.owner());
}

std::unique_ptr<Session> open_float(const StepStore& store,
                                    const Registry& registry,
                                    const Part& part) {
  return std::make_unique<Session>(registry.backend("cpu"),
                                   load_part(store.path_of(float_model_of(part)), backend_of(part)),
                                   CompileOptions());
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

const TensorDesc* find_desc(const Chain& chain, const std::string& name) {
  for (const BuiltPart* part : chain) {
    for (const TensorDesc& desc : part->built.outputs) {
      if (desc.name == name) {
        return &desc;
      }
    }
  }
  return nullptr;
}

/// The tensor `name` of what a chain gave, in real numbers.
Tensor real_value(const TensorMap& values, const Chain& chain, const std::string& name, Form form) {
  const TensorDesc* desc = form == Form::Built ? find_desc(chain, name) : nullptr;
  return to_real(values.find(name)->second, desc == nullptr ? 0.0F : desc->scale);
}

TensorMap real_values(const TensorMap& values,
                      const Chain& chain,
                      const std::vector<std::string>& names,
                      Form form) {
  TensorMap real;
  for (const std::string& name : names) {
    real.emplace(name, real_value(values, chain, name, form));
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

nlohmann::json to_json(const bundle::Verified& v) {
  const auto number = [](const std::optional<double>& value) {
    return value ? nlohmann::json(*value) : nlohmann::json();
  };
  return {{"output", v.output},
          {"type", v.type},
          {"bit_equal", v.bit_equal},
          {"relative_difference", v.relative_difference},
          {"equal_fraction", v.equal_fraction},
          {"quantized", v.quantized},
          {"sqnr_db", number(v.sqnr_db)},
          {"relative_change", number(v.relative_change)}};
}

bundle::Verified parse_verified(const nlohmann::json& json) {
  const auto number = [&json](const char* key) {
    const nlohmann::json& value = json.at(key);
    return value.is_null() ? std::nullopt : std::optional(value.get<double>());
  };
  return {.output = json.at("output").get<std::string>(),
          .type = json.at("type").get<std::string>(),
          .bit_equal = json.at("bit_equal").get<bool>(),
          .relative_difference = json.at("relative_difference").get<double>(),
          .equal_fraction = json.at("equal_fraction").get<double>(),
          .quantized = json.at("quantized").get<bool>(),
          .sqnr_db = number("sqnr_db"),
          .relative_change = number("relative_change")};
}

/// How one output of an INT8 head agrees, over samples.
class OutputError {
 public:
  OutputError(std::string output, bool is_depth) : is_depth_(is_depth) {
    verified_.output = std::move(output);
    verified_.bit_equal = true;
    verified_.quantized = true;
  }

  void add(const Tensor& expected, const Tensor& got) {
    const Agreement agreement = compare(expected, got);
    verified_.type = to_string(expected.dtype());
    verified_.bit_equal = verified_.bit_equal && agreement.bit_equal;
    verified_.relative_difference =
        std::max(verified_.relative_difference, agreement.relative_difference());
    equal_ += agreement.count - agreement.different;
    count_ += agreement.count;
    if (expected.dtype() == DType::Float32) {
      error_.add_values(expected, got);
    }
  }

  [[nodiscard]] bundle::Verified result(const std::optional<double>& sqnr_db) const {
    bundle::Verified verified = verified_;
    verified.equal_fraction =
        count_ == 0 ? 1.0 : static_cast<double>(equal_) / static_cast<double>(count_);
    verified.sqnr_db = sqnr_db;
    if (is_depth_) {
      verified.relative_change = error_.relative_change();
    }
    return verified;
  }

 private:
  bundle::Verified verified_;
  bool is_depth_;
  Int8Error error_;
  std::int64_t equal_ = 0;
  std::int64_t count_ = 0;
};

}  // namespace

Verifier::Verifier(StepStore& store,
                   Source& source,
                   Samples& samples,
                   KnownHashes& hashes,
                   const Registry& registry)
    : store_(store), source_(source), samples_(samples), hashes_(hashes), registry_(registry) {}

std::vector<Checked> Verifier::verify(const Chain& chain,
                                      const std::vector<std::string>& results,
                                      Form form) {
  const std::size_t samples = std::min(samples_.count(), kVerifiedSamples);
  StepKey key(form == Form::Built ? "verify" : "prove", head_of(chain).part.name, kFormat);
  key.add("network", source_.hash());
  for (const BuiltPart* part : chain) {
    add_part(key, *part, form);
  }
  for (const std::string& result : results) {
    key.add("output", result);
  }
  for (const std::string& hash : samples_.hashes(hashes_, samples)) {
    key.add("sample", hash);
  }
  const StepResult result = store_.run(key, [&](StepWriter& writer) {
    const Graph reference = with_outputs(source_.graph(), results);
    const std::vector<TensorMap> got = run(chain, form, samples);
    std::vector<Checked> outputs;
    for (std::size_t i = 0; i < samples; ++i) {
      const TensorMap real = real_values(got[i], chain, results, form);
      for (const auto& found : compare_with_network(reference, i, real)) {
        merge(outputs, found);
      }
    }
    writer.set_facts(to_json(outputs));
  });
  return parse_outputs(result.facts);
}

std::vector<bundle::Verified> Verifier::agree(const Chain& chain,
                                              const HeadOutline& head,
                                              const std::vector<std::string>& depths) {
  const std::size_t samples = samples_.count();
  StepKey key("agree", head.name, kFormat);
  for (const BuiltPart* part : chain) {
    add_part(key, *part, Form::Built);
    add_part(key, *part, Form::Float32);
  }
  for (const std::string& depth : depths) {
    key.add("depth", depth);
  }
  for (const std::string& hash : samples_.hashes(hashes_, samples)) {
    key.add("sample", hash);
  }
  const StepResult result = store_.run(key, [&](StepWriter& writer) {
    const std::vector<TensorMap> expected = run(chain, Form::Float32, samples);
    const std::vector<TensorMap> got = run(chain, Form::Built, samples);
    nlohmann::json list = nlohmann::json::array();
    for (const std::string& name : head.results) {
      Int8Error before_tail;
      for (const std::string& output : before_tail_of(head, name)) {
        for (std::size_t i = 0; i < samples; ++i) {
          const Tensor want = real_value(expected[i], chain, output, Form::Float32);
          if (want.dtype() == DType::Float32) {
            before_tail.add_values(want, real_value(got[i], chain, output, Form::Built));
          }
        }
      }
      OutputError error(name, std::find(depths.begin(), depths.end(), name) != depths.end());
      for (std::size_t i = 0; i < samples; ++i) {
        error.add(real_value(expected[i], chain, name, Form::Float32),
                  real_value(got[i], chain, name, Form::Built));
      }
      list.push_back(to_json(error.result(before_tail.sqnr_db())));
    }
    writer.set_facts(list.dump());
  });
  std::vector<bundle::Verified> verified;
  for (const nlohmann::json& json : nlohmann::json::parse(result.facts)) {
    verified.push_back(parse_verified(json));
  }
  return verified;
}

const TensorMap& Verifier::expected(std::size_t i) {
  if (expected_.size() <= i) {
    CompileOptions plain;
    plain.optimize = false;
    Session reference(registry_.backend("cpu"), source_.graph(), plain);
    while (expected_.size() < std::min(samples_.count(), std::max(i + 1, kVerifiedSamples))) {
      check_interrupt();
      TensorMap outputs = reference.run(samples_.load(expected_.size()));
      for (auto& [name, tensor] : outputs) {
        tensor = to_real(tensor, 0.0F);
      }
      expected_.push_back(std::move(outputs));
    }
  }
  return expected_[i];
}

std::vector<ops::OutputAgreement> Verifier::compare_with_network(const Graph& reference,
                                                                 std::size_t sample,
                                                                 const TensorMap& got) {
  const auto run_scores = [&](const Graph& scores) {
    CompileOptions plain;
    plain.optimize = false;
    return Session(registry_.backend("cpu"), scores, plain).run(samples_.load(sample));
  };
  return ops::compare_outputs(reference, expected(sample), got, run_scores);
}

std::vector<TensorMap> Verifier::handed_over(const BuiltPart& encoder,
                                             Form form,
                                             std::size_t samples) {
  std::vector<TensorMap>& known = handed_over_[form];
  const std::size_t first = known.size();
  for (std::size_t i = first; i < samples; ++i) {
    known.push_back(samples_.load(i));
  }
  if (first < known.size()) {
    run(encoder, form, std::span(known).subspan(first));
  }
  return {known.begin(), known.begin() + static_cast<std::ptrdiff_t>(samples)};
}

std::vector<TensorMap> Verifier::run(const Chain& chain, Form form, std::size_t samples) {
  std::vector<TensorMap> values = handed_over(*chain.front(), form, samples);
  for (std::size_t i = 1; i < chain.size(); ++i) {
    run(*chain[i], form, values);
  }
  return values;
}

void Verifier::run(const BuiltPart& part, Form form, std::span<TensorMap> values) {
  const std::unique_ptr<Session> session = form == Form::Built
                                               ? open_built(store_, registry_, part)
                                               : open_float(store_, registry_, part.part);
  double shortest_ms = std::numeric_limits<double>::infinity();
  for (TensorMap& map : values) {
    check_interrupt();
    session->set_inputs(map);
    const Timing timing = session->run_again();
    shortest_ms = std::min(shortest_ms, static_cast<double>(timing.end_ns - timing.start_ns) / 1e6);
    for (auto& [name, tensor] : session->get_outputs()) {
      map.insert_or_assign(name, std::move(tensor));
    }
  }
  if (form == Form::Built) {
    const auto [known, is_new] = measured_ms_.emplace(part.part.name, shortest_ms);
    known->second = std::min(known->second, shortest_ms);
  }
}

}  // namespace mtmi::deploy
