#include "mtmi/deploy/deploy.h"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/folder_lock.h"
#include "mtmi/core/log.h"
#include "mtmi/deploy/build.h"
#include "mtmi/deploy/bundle_manifest.h"
#include "mtmi/deploy/check.h"
#include "mtmi/deploy/cut.h"
#include "mtmi/deploy/hand_off.h"
#include "mtmi/deploy/int8_heads.h"
#include "mtmi/deploy/known_hashes.h"
#include "mtmi/deploy/limits.h"
#include "mtmi/deploy/measured_times.h"
#include "mtmi/deploy/rewrite.h"
#include "mtmi/deploy/samples.h"
#include "mtmi/deploy/simplify.h"
#include "mtmi/deploy/source.h"
#include "mtmi/deploy/step_store.h"
#include "mtmi/deploy/target_checks.h"
#include "mtmi/deploy/verify.h"
#include "mtmi/error.h"

namespace mtmi::deploy {
namespace {

// What INT8 heads are compared with float32 on.
constexpr std::size_t kAgreementImages = 4;

/// One deploy from the first step to the last.
class Deploy {
 public:
  Deploy(const DeployOptions& options, const Registry& registry, const ProgressFunction& progress)
      : options_(options),
        registry_(registry),
        progress_(progress),
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
    require_fitting_limits(options_.target, parts_, outline, simplified, source);
    require_fitting_stand_bys(options_.target, parts_);
    for (Part& part : parts_) {
      rewrite(cut, simplified, part);
    }
    require_kept_tensors(options_.target, parts_, store_);
    Samples samples(source, simplified, options_.images, kAgreementImages);
    prepare_int8(source, simplified, outline, samples);
    const HandOffs hand_offs = plan_hand_offs(outline, parts_, options_.target.rounding);
    note_sharing(hand_offs);
    build(hand_offs);
    deployment_.manifest =
        begin_manifest(store_, source, simplified, outline, hand_offs, options_.target);
    for (const BuiltPart& part : built_) {
      deployment_.manifest.parts.push_back(entry_of(part));
    }
    Verifier verifier(store_, source, samples, hashes_, registry_);
    verify(verifier, outline, simplified);
    finish(verifier);
    return std::move(deployment_);
  }

 private:
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

  void prepare_int8(Source& source,
                    const Simplified& simplified,
                    const Outline& outline,
                    Samples& samples) {
    const Int8Inputs inputs{.store = store_,
                            .registry = registry_,
                            .options = options_,
                            .images = {.source = &source,
                                       .simplified = &simplified,
                                       .images = &options_.images,
                                       .hashes = &hashes_},
                            .outline = outline,
                            .samples = samples,
                            .progress = progress_};
    for (std::string& note : prepare_int8_heads(inputs, parts_)) {
      deployment_.notes.push_back(std::move(note));
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
        note_agreement(verifier.agree(chain, head, depths_among(head.results, simplified)),
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
      write_manifest(store_, deployment_.manifest);
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

  const DeployOptions& options_;
  const Registry& registry_;
  const ProgressFunction& progress_;
  StepStore store_;
  KnownHashes hashes_;
  MeasuredTimes times_;
  std::vector<Part> parts_;
  std::vector<BuiltPart> built_;
  Deployment deployment_;
};

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
