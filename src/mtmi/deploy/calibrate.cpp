#include "mtmi/deploy/calibrate.h"

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "mtmi/deploy/build.h"
#include "mtmi/deploy/hand_off.h"
#include "mtmi/deploy/int8_error.h"
#include "mtmi/deploy/observe.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/device/convert.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/quant/alignment.h"
#include "mtmi/quant/calibrated_table.h"
#include "mtmi/quant/calibration_cache.h"
#include "mtmi/quant/graph_hash.h"
#include "mtmi/quant/qdq_writer.h"
#include "mtmi/quant/scale_file.h"
#include "mtmi/runtime/session.h"

namespace mtmi::deploy {
namespace {

constexpr int kFormat = 1;

using Scales = std::map<std::string, float>;

/// What the backend gets: outputs that stay in FP16 have no scale.
Scales built_scales(const quant::ScaleTable& table, const std::vector<std::string>& half_values) {
  Scales scales = quant::scales_of(table);
  for (const std::string& output : half_values) {
    scales.erase(output);
  }
  return scales;
}

/// How good a head is with some scales.
struct Trial {
  double sqnr_db = std::numeric_limits<double>::infinity();
  double predicted_ms = 0.0;
};

/// Tries scales on a head's device.
class Trials {
 public:
  Trials(const StepStore& store,
         const Part& head,
         const Graph& graph,
         const CalibrateInputs& inputs)
      : head_(head),
        graph_(graph),
        inputs_(inputs),
        backend_(inputs.registry->backend(backend_of(head))) {
    const Backend& cpu = inputs.registry->backend("cpu");
    const Part& encoder = *inputs.encoder;
    Session encode(cpu, load_part(store.path_of(encoder.model), backend_of(encoder)), {});
    Session reference(cpu, graph, {});
    for (std::size_t i = 0; i < inputs.samples->count(); ++i) {
      features_.push_back(encode.run(inputs.samples->load(i)));
      expected_.push_back(reference.run(features_.back()));
    }
  }

  [[nodiscard]] Trial run(const Scales& scales) const {
    CompileOptions options;
    options.precision = Precision::Int8;
    options.scales = scales;
    for (const auto ids : {graph_.inputs(), graph_.outputs()}) {
      for (const ValueId id : ids) {
        const std::string& name = graph_.value(id).name;
        options.io.emplace(name, quantized_format(graph_.type(id), name, scales));
      }
    }
    Session session(backend_, graph_, options, parse_device_name(*head_.target.device).index);
    Int8Error error;
    for (std::size_t i = 0; i < features_.size(); ++i) {
      const TensorMap got = session.run(features_[i]);
      for (const TensorDesc& desc : session.outputs()) {
        const Tensor& expected = expected_[i].at(desc.name);
        if (expected.dtype() == DType::Float32) {
          error.add_values(expected, to_real(got.at(desc.name), desc.scale));
        }
      }
    }
    Trial trial;
    trial.sqnr_db = error.sqnr_db().value_or(trial.sqnr_db);
    trial.predicted_ms = predict_ms(backend_, graph_, best_capability(backend_, head_), options);
    return trial;
  }

 private:
  const Part& head_;
  const Graph& graph_;
  const CalibrateInputs& inputs_;
  const Backend& backend_;
  std::vector<TensorMap> features_;
  std::vector<TensorMap> expected_;
};

/// What was decided, and what to say of it.
struct Decision {
  quant::Alignment alignment;
  std::vector<std::string> notes;
};

/// What calibration has to say, but of outputs whose ranges nobody uses.
std::vector<std::string> warnings_of(const quant::CalibratedTable& found,
                                     const std::vector<std::string>& half_values) {
  std::vector<std::string> warnings;
  for (const std::string& warning : found.warnings) {
    const bool is_unused =
        std::any_of(half_values.begin(), half_values.end(), [&](const std::string& output) {
          return warning.find("'" + output + "'") != std::string::npos;
        });
    if (!is_unused) {
      warnings.push_back(warning);
    }
  }
  return warnings;
}

/// What a change of scale costs, as far as the counts tell.
std::string describe(const quant::ScaleChange& change, const quant::Observations& seen) {
  const quant::Histogram& histogram = seen.tensors.at(change.tensor);
  std::string cost;
  if (!quant::is_dead(histogram)) {
    const double before = quant::sqnr_db(histogram, quant::kSteps * change.from);
    const double after = quant::sqnr_db(histogram, quant::kSteps * change.to);
    cost = fmt::format(", signal to noise {:.1f} -> {:.1f} dB", before, after);
  }
  return fmt::format("'{}' shares the range of '{}' ({}): scale {:.6g} -> {:.6g}{}",
                     change.tensor,
                     change.widest,
                     change.rule,
                     change.from,
                     change.to,
                     cost);
}

/// Whether preferred groups share, too.
Decision decide(const quant::ScaleTable& table,
                const Graph& graph,
                const CalibrateInputs& inputs,
                const StepStore& store,
                const Part& head) {
  Decision decision{.alignment = quant::align(table, graph, quant::AlignMode::Required),
                    .notes = {}};
  quant::Alignment preferred = quant::align(table, graph, quant::AlignMode::Preferred);
  const Scales required_scales = built_scales(decision.alignment.table, inputs.half_values);
  const Scales preferred_scales = built_scales(preferred.table, inputs.half_values);
  if (required_scales == preferred_scales) {
    return decision;
  }
  const Trials trials(store, head, graph, inputs);
  const Trial without = trials.run(required_scales);
  const Trial with = trials.run(preferred_scales);
  const bool is_slower = with.predicted_ms > without.predicted_ms;
  const bool take = !is_slower && with.sqnr_db >= without.sqnr_db;
  decision.notes.push_back(
      fmt::format("one range across a Resize was tried and {}: {:.2f} dB and {:.3f} ms with it, "
                  "{:.2f} dB and {:.3f} ms without (modelled time)",
                  take ? "kept" : "dropped",
                  with.sqnr_db,
                  with.predicted_ms,
                  without.sqnr_db,
                  without.predicted_ms));
  if (take) {
    decision.alignment = std::move(preferred);
  }
  return decision;
}

StepKey key_of(const Part& head, const CalibrateInputs& inputs, quant::Method method) {
  const Backend& backend = inputs.registry->backend(backend_of(head));
  StepKey key("calibrate", head.name, kFormat);
  key.add("observations", inputs.observations.hash);
  key.add("head", head.model.hash).add("encoder", inputs.encoder->model.hash);
  key.add("method", std::string(quant::to_string(method)));
  key.add("backend", backend_of(head)).add("capability", best_capability(backend, head).name);
  for (const std::string& output : inputs.half_values) {
    key.add("half", output);
  }
  for (const std::string& hash : inputs.sample_hashes) {
    key.add("sample", hash);
  }
  if (inputs.corrections.feedback) {
    key.add("weights", "feedback");
  }
  if (inputs.corrections.bias) {
    key.add("bias", "corrected");
  }
  return key;
}

void write_scales(StepWriter& writer,
                  const Part& head,
                  const Graph& graph,
                  const quant::ScaleTable& table,
                  const Scales& built) {
  const std::string& name = head.name;
  writer.add_file(
      "cache", "scales", name, ".cache", quant::to_calibration_cache(table, graph, dla::Version()));
  writer.add_file("json", "scales", name, ".json", quant::to_json(table));
  writer.add_file("qdq",
                  "scales",
                  name + "_qdq",
                  ".onnx",
                  onnx::serialize_model(quant::insert_qdq(graph, built)));
}

}  // namespace

CalibratedHead calibrate_head(StepStore& store, const Part& head, const CalibrateInputs& inputs) {
  const quant::Method method = quant::parse_method(head.target.calibration.value_or("entropy"));
  const StepResult result = store.run(key_of(head, inputs, method), [&](StepWriter& writer) {
    Graph graph = load_part(store.path_of(head.model), backend_of(head));
    const quant::Observations seen =
        observations_of(store.path_of(inputs.observations), head.name, graph);
    quant::CalibratedTable found = quant::find_scales(seen, graph, {.method = method});
    Decision decision = decide(found.table, graph, inputs, store, head);
    std::vector<std::string> notes = warnings_of(found, inputs.half_values);
    notes.insert(notes.end(), decision.notes.begin(), decision.notes.end());
    for (const quant::ScaleChange& change : decision.alignment.changes) {
      notes.push_back(describe(change, seen));
    }
    quant::ScaleTable& table = decision.alignment.table;
    const Scales built = built_scales(table, inputs.half_values);
    if (inputs.corrections.any()) {
      graph = inputs.tuner->correct(std::move(graph), built, inputs.corrections);
      table.graph_hash = quant::graph_hash(graph);
      add_model(writer, head.name, graph);
    }
    write_scales(writer, head, graph, table, built);
    writer.set_facts(nlohmann::json({{"notes", notes}}).dump());
  });
  std::map<std::string, bundle::HashedFile> scale_files = result.files;
  std::optional<bundle::HashedFile> model;
  if (auto found = scale_files.extract("model")) {
    model = std::move(found.mapped());
  }
  const quant::ScaleTable table = quant::read_scales(store.path_of(result.file("json"))).table;
  return {.scales = built_scales(table, inputs.half_values),
          .files = scale_files,
          .model = model,
          .notes = nlohmann::json::parse(result.facts).at("notes").get<std::vector<std::string>>()};
}

}  // namespace mtmi::deploy
