#include "mtmi/eval/heads.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "mtmi/bundle/manifest.h"
#include "mtmi/calibration/runs.h"
#include "mtmi/calibration/tuning_samples.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/error.h"
#include "mtmi/eval/head_runner.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/quant/alignment.h"
#include "mtmi/quant/calibrated_table.h"
#include "mtmi/quant/calibrator.h"
#include "mtmi/quant/rearranged.h"
#include "mtmi/quant/scale_file.h"

namespace mtmi::eval {
namespace {

/// Observations go by one name per tensor, and two heads may have tensors of one name.
std::string key_of(std::size_t head, const std::string& tensor) {
  return std::to_string(head) + ":" + tensor;
}

/// Encoder and heads in float32 over image files.
class HeadsOnImages : public quant::CalibrationImages {
 public:
  HeadsOnImages(const Backend& backend,
                const Network& network,
                std::span<const Head> heads,
                std::span<const std::filesystem::path> files)
      : files_(files),
        encoder_(backend,
                 passes::rewrite_for(network.parts.encoder, "cpu"),
                 network.card.inputs.at(network.input)) {
    for (const Head& head : heads) {
      heads_.push_back(std::make_unique<calibration::ObservedModel>(backend, head.graph));
    }
  }

  /// Of all heads, under the names of key_of().
  [[nodiscard]] std::vector<std::string> tensors() const {
    std::vector<std::string> keys;
    for (std::size_t h = 0; h < heads_.size(); ++h) {
      for (const std::string& name : heads_[h]->tensors()) {
        keys.push_back(key_of(h, name));
      }
    }
    return keys;
  }

  [[nodiscard]] std::size_t size() const override { return files_.size(); }

  [[nodiscard]] std::string name(std::size_t i) const override { return files_[i].string(); }

  [[nodiscard]] std::string digest(std::size_t i) override {
    return hash_hex(MappedFile(files_[i]).bytes());
  }

  void run(std::size_t i, const quant::TensorObserver& observe) override {
    const TensorMap features = encoder_.run(files_[i]);
    for (std::size_t h = 0; h < heads_.size(); ++h) {
      heads_[h]->run(features, [&](std::string_view name, const Tensor& tensor) {
        observe(key_of(h, std::string(name)), tensor);
      });
    }
  }

 private:
  std::span<const std::filesystem::path> files_;
  calibration::Encoder encoder_;
  std::vector<std::unique_ptr<calibration::ObservedModel>> heads_;
};

/// Adds what was seen of head number `head`.
void add_observations(std::size_t head,
                      const quant::Observations& seen,
                      const Graph& graph,
                      quant::Observations& sum) {
  for (const auto& [digest, count] : seen.images) {
    sum.images[digest] += count;
  }
  for (const std::string& name : quant::counted_tensors(graph)) {
    sum.tensors[name].merge(seen.tensors.find(key_of(head, name))->second);
  }
}

bool gives_depth(const split::Head& head, const bundle::ModelCard& card) {
  return std::any_of(head.results.begin(), head.results.end(), [&](const std::string& result) {
    const auto found = card.outputs.find(result);
    return found != card.outputs.end() && std::holds_alternative<bundle::DepthTask>(found->second);
  });
}

/// How a tensor travels between the CPU and a head elsewhere: INT8 and halves as a DLA reads them.
IoFormat format_of(const std::string& name, const HeadBuild& build) {
  if (build.precision == Precision::Int8) {
    if (const auto scale = build.scales.find(name); scale != build.scales.end()) {
      return {.dtype = DType::Int8, .layout = Layout::Chw32, .scale = scale->second};
    }
  }
  return {.dtype = DType::Float16, .layout = Layout::Chw16, .scale = 0.0F};
}

}  // namespace

Heads::Heads(const Registry& registry, const Network& network, std::string backend)
    : registry_(registry), network_(network), backend_(std::move(backend)) {
  for (const split::Head& head : network.parts.heads) {
    heads_.push_back({.name = head.name,
                      .graph = passes::rewrite_for(
                          head.graph, backend_ == kFakeQuant ? VariantSpec{}.backend : backend_),
                      .tail = head.tail,
                      .results = head.results,
                      .is_depth = gives_depth(head, network.card),
                      .seen = {}});
  }
}

Heads::Heads(const Registry& registry,
             const Network& network,
             std::string backend,
             std::vector<Head> heads)
    : registry_(registry),
      network_(network),
      backend_(std::move(backend)),
      heads_(std::move(heads)) {
  MTMI_ASSERT(heads_.size() == network_.parts.heads.size());
}

void Heads::tune_on(std::span<const std::filesystem::path> images,
                    const ProgressFunction& progress) {
  const Backend& cpu = registry_.backend("cpu");
  const std::vector<std::filesystem::path> files(images.begin(), images.end());
  const auto take = [&cpu, &network = network_, files, progress] {
    calibration::Encoder encoder(cpu,
                                 passes::rewrite_for(network.parts.encoder, "cpu"),
                                 network.card.inputs.at(network.input));
    return calibration::take_tuning_samples(calibration::features_of(files, encoder), progress);
  };
  tuner_ = std::make_shared<calibration::Tuner>(cpu, take, progress);
}

void Heads::equalize() {
  MTMI_ASSERT(tuner_ && !is_calibrated());
  for (Head& head : heads_) {
    head.graph = tuner_->equalize(std::move(head.graph));
  }
}

void Heads::calibrate(std::span<const std::filesystem::path> images,
                      const std::set<std::size_t>& counts,
                      const std::function<void(std::size_t done)>& progress) {
  std::size_t done = 0;
  quant::CalibratorOptions options;
  options.progress = [&](std::size_t more) { progress(done + more); };
  std::vector<quant::Observations> so_far(heads_.size());
  for (const std::size_t count : counts) {
    MTMI_ASSERT(count > done && count <= images.size());
    HeadsOnImages runner(
        registry_.backend("cpu"), network_, heads_, images.subspan(done, count - done));
    const quant::Observations seen = quant::observe_images(runner, runner.tensors(), "", options);
    for (std::size_t h = 0; h < heads_.size(); ++h) {
      add_observations(h, seen, heads_[h].graph, so_far[h]);
      quant::Observations& all = heads_[h].seen.insert_or_assign(count, so_far[h]).first->second;
      quant::add_rearranged(all, heads_[h].graph);
    }
    done = count;
  }
}

quant::ScaleTable Heads::scales(std::size_t head, const VariantSpec& spec) const {
  const Head& h = heads_[head];
  if (h.seen.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "eval::Heads::scales",
                "variant '" + to_string(spec) + "' needs images to calibrate on: give --images");
  }
  quant::ThresholdOptions options;
  options.method = spec.method;
  const auto seen = spec.images == 0 ? std::prev(h.seen.end()) : h.seen.find(spec.images);
  MTMI_ASSERT(seen != h.seen.end());
  quant::ScaleTable table = quant::find_scales(seen->second, h.graph, options).table;
  if (h.is_depth && !spec.int8_depth) {
    for (const ValueId output : h.graph.outputs()) {
      table.tensors.erase(h.graph.value(output).name);
    }
  }
  const auto mode = spec.aligned ? quant::AlignMode::Preferred : quant::AlignMode::Required;
  return quant::align(std::move(table), h.graph, mode).table;
}

HeadBuild Heads::plan(std::size_t head, const VariantSpec& spec) const {
  HeadBuild build{.precision = spec.precision, .scales = {}, .truncate = spec.truncate};
  if (spec.precision == Precision::Int8) {
    build.scales = quant::scales_of(scales(head, spec));
    const calibration::Corrections corrections{.feedback = spec.feedback, .bias = spec.bias};
    if (corrections.any()) {
      MTMI_ASSERT(tuner_);
      build.corrected = tuner_->correct(heads_[head].graph, build.scales, corrections);
    }
  }
  return build;
}

CompileOptions Heads::compile_options(const Head& head, const HeadBuild& build) const {
  CompileOptions options;
  options.precision = build.precision;
  options.scales = build.scales;
  const bool halves = build.precision == Precision::Int8 || build.precision == Precision::Float16;
  if (halves && backend_ != "cpu") {
    for (const std::span<const ValueId> ends : {head.graph.inputs(), head.graph.outputs()}) {
      for (const ValueId id : ends) {
        const std::string& name = head.graph.value(id).name;
        options.io.emplace(name, format_of(name, build));
      }
    }
  }
  return options;
}

Model Heads::build(std::size_t head, const HeadBuild& build) const {
  MTMI_ASSERT(head < heads_.size());
  const Head& h = heads_[head];
  const Graph& graph = build.corrected ? *build.corrected : h.graph;
  HeadRunner runner;
  try {
    runner.head =
        backend_ == kFakeQuant
            ? std::make_shared<Session>(
                  registry_.backend("cpu"), fake_quantize(graph, build.scales), CompileOptions{})
            : std::make_shared<Session>(
                  registry_.backend(backend_), graph, compile_options(h, build));
  } catch (const Error& error) {
    throw error.with_context("head '" + h.name + "' for " + backend_);
  }
  if (h.tail) {
    runner.tail = open_float_part(registry_, *h.tail);
  }
  if (build.truncate) {
    runner.truncated_inputs = input_scales(h.graph, build.scales);
  }
  return [runner = std::move(runner)](const TensorMap& values) { return runner.run(values); };
}

Model Heads::build_float(std::size_t head) const {
  MTMI_ASSERT(head < heads_.size());
  const split::Head& h = network_.parts.heads[head];
  const auto chain = std::make_shared<PartChain>();
  chain->add(open_float_part(registry_, h.graph));
  if (h.tail) {
    chain->add(open_float_part(registry_, *h.tail));
  }
  return [chain](const TensorMap& values) { return chain->run(values); };
}

Variant Heads::build(const VariantSpec& spec) const {
  std::vector<Model> models;
  for (std::size_t h = 0; h < heads_.size(); ++h) {
    models.push_back(build(h, plan(h, spec)));
  }
  return {.name = to_string(spec), .model = [models](const TensorMap& values) {
            TensorMap outputs;
            for (const Model& model : models) {
              outputs.merge(model(values));
            }
            return outputs;
          }};
}

std::optional<double> Heads::predicted_ms(std::size_t head, const HeadBuild& build) const {
  const Head& h = heads_[head];
  const Backend& backend = registry_.backend(backend_);
  const std::vector<NodeEstimate> nodes =
      backend.estimate(h.graph, backend.capabilities().front(), compile_options(h, build));
  if (nodes.empty()) {
    return std::nullopt;
  }
  double time_us = 0.0;
  for (const NodeEstimate& node : nodes) {
    time_us += node.time_us;
  }
  return time_us / 1000.0;
}

BundleHeads load_bundle_heads(const Registry& registry,
                              const Network& network,
                              const std::filesystem::path& folder) {
  const bundle::Manifest manifest = bundle::open_bundle(folder);
  std::string backend;
  std::vector<Head> heads;
  std::vector<HeadBuild> builds;
  for (const split::Head& head : network.parts.heads) {
    Head& built = heads.emplace_back(Head{.name = head.name,
                                          .graph = head.graph,
                                          .tail = head.tail,
                                          .results = head.results,
                                          .is_depth = gives_depth(head, network.card),
                                          .seen = {}});
    HeadBuild& build = builds.emplace_back(
        HeadBuild{.precision = Precision::Float32, .scales = {}, .truncate = false});
    for (const bundle::Part& part : manifest.parts) {
      const std::string on = parse_device_name(part.device).backend;
      const auto scales = part.scales.find("json");
      if (part.kind != bundle::PartKind::Head || part.head != head.name ||
          scales == part.scales.end() || (!backend.empty() && backend != on)) {
        continue;
      }
      backend = on;
      built.graph = passes::rewrite_for(onnx::read_model(folder / part.model.path).graph, on);
      build.precision = Precision::Int8;
      build.scales = quant::scales_of(quant::read_scales(folder / scales->second.path).table);
      for (const TensorDesc& output : part.outputs) {
        if (output.dtype != DType::Int8) {
          build.scales.erase(output.name);
        }
      }
    }
  }
  return {.heads = Heads(registry, network, backend.empty() ? "cpu" : backend, std::move(heads)),
          .builds = std::move(builds)};
}

}  // namespace mtmi::eval
