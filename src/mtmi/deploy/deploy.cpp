#include "mtmi/deploy/deploy.h"

#include <algorithm>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "mtmi/bundle/target_file.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/log.h"
#include "mtmi/deploy/build.h"
#include "mtmi/deploy/calibrate.h"
#include "mtmi/deploy/check.h"
#include "mtmi/deploy/cut.h"
#include "mtmi/deploy/folder_lock.h"
#include "mtmi/deploy/hand_off.h"
#include "mtmi/deploy/known_hashes.h"
#include "mtmi/deploy/limits.h"
#include "mtmi/deploy/measured_times.h"
#include "mtmi/deploy/observe.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/deploy/samples.h"
#include "mtmi/deploy/simplify.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/deploy/verify.h"
#include "mtmi/error.h"
#include "mtmi/version.h"

namespace mtmi::deploy {
namespace {

// What INT8 heads are compared with float32 on.
constexpr std::size_t kAgreementImages = 4;
constexpr int kTargetFormat = 1;

void require_known_heads(const Target& target, const Outline& outline) {
  std::vector<std::string> heads;
  std::string known;
  for (const HeadOutline& head : outline.heads) {
    heads.push_back(head.name);
    known += " " + head.name;
  }
  if (const auto unknown = unknown_heads(target, heads); !unknown.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "deploy::deploy",
                "target '" + target.name + "' speaks of head '" + unknown.front() +
                    "'; the network's heads are:" + known);
  }
}

/// Encoder, then each head and its tail, as the target wants them.
std::vector<Part> list_parts(const Outline& outline, const Target& target) {
  std::vector<Part> parts;
  const auto add =
      [&parts](bundle::PartKind kind, std::string name, std::string head, PartTarget wanted) {
        Part& part = parts.emplace_back();
        part.kind = kind;
        part.name = std::move(name);
        part.head = std::move(head);
        part.target = std::move(wanted);
      };
  add(bundle::PartKind::Encoder, "encoder", "", encoder_target(target));
  for (std::size_t i = 0; i < outline.heads.size(); ++i) {
    const HeadOutline& head = outline.heads[i];
    add(bundle::PartKind::Head, head.name, head.name, head_target(target, i, head.name));
    if (head.has_tail) {
      PartTarget tail;
      tail.device = target.tail_device;
      tail.precision = Precision::Float32;
      add(bundle::PartKind::Tail, head.name + "_tail", head.name, tail);
    }
  }
  return parts;
}

bundle::HashedFile store_target(StepStore& store, const Target& target) {
  const std::string text = bundle::to_toml(target);
  StepKey key("target", "", kTargetFormat);
  key.add("text", text);
  return store
      .run(key,
           [&text](StepWriter& writer) {
             writer.add_file("target", "parts", "target", ".toml", text);
           })
      .file("target");
}

std::vector<std::string> depths_of(const HeadOutline& head, const Simplified& simplified) {
  std::vector<std::string> depths;
  for (const std::string& result : head.results) {
    const auto task = simplified.tasks.find(result);
    if (task != simplified.tasks.end() && task->second == "depth") {
      depths.push_back(result);
    }
  }
  return depths;
}

/// Whether a result of the head in `network` is of integers.
bool gives_labels(const HeadOutline& head, const Graph& network) {
  return std::any_of(head.results.begin(), head.results.end(), [&network](const auto& name) {
    const auto result = network.find_value(name);
    return result && !is_floating_point(network.type(*result).dtype);
  });
}

/// Pre: the part is of a head.
const HeadOutline& outline_of(const Part& part, const Outline& outline) {
  const auto head = std::find_if(outline.heads.begin(),
                                 outline.heads.end(),
                                 [&part](const HeadOutline& h) { return h.name == part.head; });
  MTMI_ASSERT(head != outline.heads.end());
  return *head;
}

/// What of an INT8 head stays in FP16: what its target names, and its outputs where it is asked
/// for, or where it gives depth, whose few steps of INT8 near and far would cost more than all the
/// rest.
std::vector<std::string> half_outputs(const Part& part,
                                      const Outline& outline,
                                      const Simplified& simplified) {
  const HeadOutline& head = outline_of(part, outline);
  const bool is_depth = !depths_of(head, simplified).empty();
  const DType output = part.target.output.value_or(is_depth ? DType::Float16 : DType::Int8);
  std::vector<std::string> halves = part.target.keep_float;
  if (output == DType::Float16) {
    halves.insert(halves.end(), head.outputs.begin(), head.outputs.end());
  }
  return halves;
}

/// One deploy from the first step to the last.
class Deploy {
 public:
  Deploy(const DeployOptions& options, const Registry& registry, const ProgressFunction& progress)
      : options_(options),
        registry_(registry),
        store_(options.folder, progress),
        hashes_(options.folder / "state" / "inputs.json"),
        times_(options.folder / "state" / "times.json") {
    if (options.rehash) {
      hashes_.forget();
    }
  }

  Deployment run() {
    Source source(options_, store_, hashes_);
    const Simplified simplified = simplify_network(store_, source);
    Cut cut(store_, simplified.model, options_.cut);
    const Outline& outline = cut.outline();
    require_known_heads(options_.target, outline);
    parts_ = list_parts(outline, options_.target);
    require_fitting_limits(source, simplified, outline);
    require_fitting_stand_bys();
    for (Part& part : parts_) {
      rewrite(cut, simplified, part);
    }
    require_kept_tensors();
    Samples samples(source, simplified, options_.images, kAgreementImages);
    calibrate(source, simplified, outline, samples);
    const HandOffs hand_offs = plan_hand_offs(outline, parts_, options_.target.rounding);
    note_sharing(hand_offs);
    build(hand_offs);
    fill_manifest(source, simplified, outline, hand_offs);
    Verifier verifier(store_, source, samples, hashes_, registry_);
    verify(verifier, outline, simplified);
    finish(verifier);
    return std::move(deployment_);
  }

 private:
  /// A limit that judges nothing would pass for a gate that was passed.
  void require_fitting_limits(Source& source,
                              const Simplified& simplified,
                              const Outline& outline) const {
    if (!has_limits(options_.target)) {
      return;
    }
    std::vector<LimitedHead> heads;
    for (const Part& part : parts_) {
      if (part.kind == bundle::PartKind::Head) {
        const HeadOutline& head = outline_of(part, outline);
        heads.push_back({.name = head.name,
                         .is_narrow = is_narrow(part) || is_narrow(parts_.front()),
                         .has_labels = gives_labels(head, source.graph()),
                         .has_depth = !depths_of(head, simplified).empty()});
      }
    }
    if (const std::string idle = find_idle_limit(options_.target, heads); !idle.empty()) {
      throw Error(ErrorCode::InvalidArgument,
                  "deploy::deploy",
                  "target '" + options_.target.name + "': " + idle);
    }
  }

  /// The bundle would be refused when it runs: a stand-by takes over with the same engine.
  void require_fitting_stand_bys() const {
    for (const Part& part : parts_) {
      if (part.target.stand_by &&
          parse_device_name(*part.target.stand_by).backend != backend_of(part)) {
        throw Error(ErrorCode::InvalidArgument,
                    "deploy::deploy",
                    "target '" + options_.target.name + "': '" + part.name + "' runs on " +
                        *part.target.device + ", and its stand_by " + *part.target.stand_by +
                        " is of another kind, which does not take the same engine");
      }
    }
  }

  /// What is to stay in FP16 is there: of one head's tensors all, of those for all heads each in
  /// one.
  void require_kept_tensors() const {
    std::set<std::string> missing;
    std::set<std::string> found;
    for (const Part& part : parts_) {
      if (!is_int8(part) || part.target.keep_float.empty()) {
        continue;
      }
      const Graph graph = load_part(store_.path_of(part.model), backend_of(part));
      const auto own = options_.target.heads.find(part.head);
      const bool is_own = own != options_.target.heads.end() && !own->second.keep_float.empty();
      for (const std::string& name : part.target.keep_float) {
        if (graph.find_value(name)) {
          found.insert(name);
        } else if (is_own) {
          refuse_kept_tensor(name, "head '" + part.head + "' has no tensor");
        } else {
          missing.insert(name);
        }
      }
    }
    for (const std::string& name : missing) {
      if (!found.contains(name)) {
        refuse_kept_tensor(name, "no head has a tensor");
      }
    }
  }

  [[noreturn]] void refuse_kept_tensor(const std::string& name, const std::string& finding) const {
    throw Error(ErrorCode::InvalidArgument,
                "deploy::deploy",
                "target '" + options_.target.name + "': keep_float: " + finding + " '" + name +
                    "' as it is built");
  }

  /// For its device, or for the fallback where that refuses it.
  void rewrite(Cut& cut, const Simplified& simplified, Part& part) {
    part.model = rewrite_part(store_, cut, part);
    const std::string refusal = refusal_of(part, simplified);
    if (refusal.empty()) {
      return;
    }
    const std::string sentence = std::string(bundle::to_string(part.kind)) + " '" + part.name +
                                 "' on " + *part.target.device + ": " + refusal;
    if (!part.target.fallback) {
      throw Error(ErrorCode::Unsupported, "deploy::deploy", sentence);
    }
    part.fallback = refusal;
    part.target.device = part.target.fallback;
    part.target.precision = Precision::Float32;
    part.model = rewrite_part(store_, cut, part);
    deployment_.notes.push_back(sentence + "; it runs on " + *part.target.device +
                                " in float32 instead");
  }

  /// Why the part cannot run as the target wants; empty: it can.
  std::string refusal_of(const Part& part, const Simplified& simplified) {
    if (is_int8(part) && !simplified.takes_one_image) {
      return "INT8 is calibrated on images, and the network does not take one image";
    }
    if (is_int8(part) && options_.images.empty()) {
      return "INT8 is calibrated on images, and there are none";
    }
    const bool takes_all = backend_of(part) == "cpu" && !is_int8(part);
    return takes_all ? "" : find_refusal(store_, registry_, part);
  }

  void calibrate(Source& source,
                 const Simplified& simplified,
                 const Outline& outline,
                 Samples& samples) {
    std::vector<const Part*> heads;
    const ObserveInputs images{.source = &source,
                               .simplified = &simplified,
                               .images = &options_.images,
                               .hashes = &hashes_};
    Tuning tuning(store_, registry_, images, parts_.front());
    for (Part& part : parts_) {
      if (is_int8(part)) {
        if (options_.equalize) {
          part.model = tuning.equalize(part);
        }
        heads.push_back(&part);
      }
    }
    if (heads.empty()) {
      if (options_.equalize || options_.corrections.any()) {
        deployment_.notes.emplace_back("no head runs in INT8: there are no weights to tune");
      }
      return;
    }
    CalibrateInputs inputs;
    inputs.registry = &registry_;
    inputs.observations = observe_heads(store_, registry_, images, parts_.front(), heads);
    inputs.corrections = options_.corrections;
    inputs.tuning = &tuning;
    inputs.encoder = &parts_.front();
    inputs.samples = &samples;
    inputs.sample_hashes = samples.hashes(hashes_, samples.count());
    for (Part& part : parts_) {
      if (is_int8(part)) {
        inputs.half_outputs = half_outputs(part, outline, simplified);
        CalibratedHead calibrated = calibrate_head(store_, part, inputs);
        part.scales = std::move(calibrated.scales);
        part.scale_files = std::move(calibrated.files);
        if (calibrated.model) {
          part.float_model = std::exchange(part.model, *calibrated.model);
        }
        for (const std::string& note : calibrated.notes) {
          deployment_.notes.push_back("head '" + part.name + "': " + note);
        }
      }
    }
  }

  void note_sharing(const HandOffs& hand_offs) {
    for (const SharedFeature& shared : hand_offs.written_more_than_once) {
      const std::string note = describe_sharing(shared);
      if (!note.empty()) {
        deployment_.notes.push_back(note);
      }
    }
  }

  void build(const HandOffs& hand_offs) {
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      built_.push_back({.part = parts_[i],
                        .built = build_part(store_, registry_, parts_[i], hand_offs.parts[i])});
    }
  }

  void fill_manifest(const Source& source,
                     const Simplified& simplified,
                     const Outline& outline,
                     const HandOffs& hand_offs) {
    bundle::Manifest& manifest = deployment_.manifest;
    manifest.mtmi_version = version();
    manifest.network = simplified.network;
    manifest.source_hash = source.hash();
    manifest.simplified = simplified.model;
    manifest.card = simplified.card;
    manifest.target = store_target(store_, options_.target);
    manifest.features = outline.features;
    manifest.feature_results = outline.feature_results;
    manifest.hand_off_bytes = hand_offs.bytes;
    for (const BuiltPart& part : built_) {
      manifest.parts.push_back({.kind = part.part.kind,
                                .name = part.part.name,
                                .head = part.part.head,
                                .model = part.part.model,
                                .engine = part.built.engine,
                                .device = *part.part.target.device,
                                .capability = part.built.capability,
                                .precision = std::string(to_string(*part.part.target.precision)),
                                .fallback = part.part.fallback,
                                .predicted_ms = part.built.predicted_ms,
                                .scales = part.part.scale_files,
                                .inputs = part.built.inputs,
                                .outputs = part.built.outputs});
    }
  }

  void verify(Verifier& verifier, const Outline& outline, const Simplified& simplified) {
    const BuiltPart* encoder = &built_.front();
    MTMI_ASSERT(encoder->part.kind == bundle::PartKind::Encoder);
    for (const HeadOutline& head : outline.heads) {
      Chain chain{encoder};
      for (const BuiltPart& part : built_) {
        if (!part.part.head.empty() && part.part.head == head.name) {
          chain.push_back(&part);
        }
      }
      if (std::any_of(
              chain.begin(), chain.end(), [](const auto* p) { return is_narrow(p->part); })) {
        note_proof(verifier.verify(chain, head.results, Form::Float32));
        note_agreement(verifier.agree(chain, head, depths_of(head, simplified)),
                       chain[1]->part.target.limits);
      } else {
        note(verifier.verify(chain, head.results, Form::Built));
      }
    }
    if (!outline.feature_results.empty()) {
      const Form form = is_narrow(encoder->part) ? Form::Float32 : Form::Built;
      note(verifier.verify({encoder}, outline.feature_results, form));
    }
  }

  void note(const std::vector<Checked>& outputs) {
    for (const Checked& output : outputs) {
      deployment_.manifest.verified.push_back(output.verified);
    }
    note_proof(outputs);
  }

  void note_proof(const std::vector<Checked>& outputs) {
    for (const Checked& output : outputs) {
      if (!output.within_tolerance) {
        deployment_.refusals.push_back(
            "output '" + output.verified.output +
            "' of the built parts is not the network's: " + output.found);
      }
    }
  }

  void note_agreement(const std::vector<bundle::Verified>& outputs, const AgreementLimits& limits) {
    for (const bundle::Verified& output : outputs) {
      deployment_.manifest.verified.push_back(output);
      const std::vector<std::string> beyond = beyond_limits(output, limits);
      deployment_.refusals.insert(deployment_.refusals.end(), beyond.begin(), beyond.end());
    }
  }

  /// The manifest makes a bundle of what lies in the folder.
  void finish(const Verifier& verifier) {
    for (const BuiltPart& part : built_) {
      times_.update(part.part.name, part.built.engine.hash, verifier.measured_ms());
    }
    deployment_.measured_ms = times_.by_part();
    if (deployment_.refusals.empty()) {
      write_manifest();
      store_.remove_unused();
    }
    remember();
    deployment_.findings = store_.findings();
    deployment_.steps_made = store_.made();
    deployment_.steps_found = store_.found();
  }

  /// What only makes the next deploy faster is not missed in a folder in which nothing was to be
  /// written, and perhaps nothing can be.
  void remember() {
    try {
      hashes_.save();
      times_.save();
    } catch (const Error& e) {
      if (store_.made() > 0) {
        throw;
      }
      log_verbose(e.what());
    }
  }

  void write_manifest() {
    const std::filesystem::path path = options_.folder / "manifest.json";
    const std::string text = bundle::to_json(deployment_.manifest);
    if (std::filesystem::is_regular_file(path)) {
      const MappedFile old(path);
      if (old.text() == text) {
        return;
      }
      try {
        (void)bundle::parse_manifest(old.text(), path.string());
      } catch (const Error&) {
        store_.report(path.string() + ": edited, damaged or of another version; written again");
      }
    }
    write_file(path, text);
  }

  const DeployOptions& options_;
  const Registry& registry_;
  StepStore store_;
  KnownHashes hashes_;
  MeasuredTimes times_;
  std::vector<Part> parts_;
  std::vector<BuiltPart> built_;
  Deployment deployment_;
};

/// Somebody else's manifest.json is not written over. One of ours that is damaged stands beside the
/// steps that made it.
void require_own_manifest(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "manifest.json";
  if (!std::filesystem::exists(path)) {
    return;
  }
  const MappedFile file(path);
  const bool is_damaged = !nlohmann::json::accept(file.text());
  const bool has_steps = std::filesystem::is_directory(folder / "steps");
  if (!bundle::is_manifest(file.text()) && !(is_damaged && has_steps)) {
    throw Error(ErrorCode::InvalidArgument,
                "deploy::deploy",
                path.string() +
                    ": not of a bundle: it would be overwritten, so give the bundle a "
                    "folder of its own");
  }
}

}  // namespace

Deployment deploy(const DeployOptions& options,
                  const Registry& registry,
                  const ProgressFunction& progress) {
  require_own_manifest(options.folder);
  create_folder(options.folder);
  try {
    const FolderLock lock(options.folder);
    return Deploy(options, registry, progress).run();
  } catch (...) {
    std::error_code ignored;  // goes only if nothing was done
    std::filesystem::remove(options.folder, ignored);
    throw;
  }
}

}  // namespace mtmi::deploy
