#include "mtmi/eval/judge.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include <fmt/core.h>

#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/error.h"
#include "mtmi/eval/error_budget.h"
#include "mtmi/eval/evaluation.h"
#include "mtmi/eval/heads.h"
#include "mtmi/eval/network.h"
#include "mtmi/eval/pictures.h"
#include "mtmi/vision/image.h"

namespace mtmi::eval {
namespace {

/// Below this, intervals are too wide to trust.
constexpr std::size_t kFewScenes = 20;
/// On which the guilty are found where the gate says no.
constexpr std::size_t kBudgetScenes = 2;
/// Per head.
constexpr std::size_t kPictures = 4;

/// What the user lists; of "all" what this build has devices for.
std::vector<VariantSpec> specs_of(const JudgeOptions& options, const Registry& registry) {
  if (!options.all) {
    return options.variants;
  }
  std::vector<VariantSpec> specs;
  for (const VariantSpec& spec : all_variants()) {
    const std::vector<const Backend*> backends = registry.backends();
    const bool is_there = std::any_of(backends.begin(), backends.end(), [&](const Backend* b) {
      return b->name() == spec.backend;
    });
    if (is_there || spec.backend == kFakeQuant) {
      specs.push_back(spec);
    } else {
      log_info("variant '" + to_string(spec) + "' is left out: this build has no " + spec.backend);
    }
  }
  return specs;
}

/// How many images the INT8 variants for `backend` want to see, of `available` ones.
std::set<std::size_t> calibration_counts(std::span<const VariantSpec> specs,
                                         const std::string& backend,
                                         std::size_t available) {
  std::set<std::size_t> counts;
  for (const VariantSpec& spec : specs) {
    if (spec.precision != Precision::Int8 || spec.backend != backend) {
      continue;
    }
    if (spec.images > available) {
      throw Error(ErrorCode::InvalidArgument,
                  "eval::judge",
                  fmt::format("variant '{}' wants {} images to calibrate on; --images has {}",
                              to_string(spec),
                              spec.images,
                              available));
    }
    counts.insert(spec.images == 0 ? available : spec.images);
  }
  return counts;
}

/// The variant that pictures show beside float32: a judged one, else the last.
std::size_t shown_variant(const Verdict& verdict) {
  const std::vector<VariantRecord>& variants = verdict.evaluation.variants;
  for (std::size_t v = 1; v < variants.size(); ++v) {
    if (std::find(verdict.judged.begin(), verdict.judged.end(), variants[v].name) !=
        verdict.judged.end()) {
      return v;
    }
  }
  return variants.size() - 1;
}

/// A network, what it is measured on, and its heads as the devices take them. One use.
class Judge {
 public:
  /// Reads, calibrates and builds everything.
  Judge(const JudgeOptions& options, const Registry& registry, const ProgressFunction& progress);

  /// Measures, judges, looks for the guilty, and draws pictures.
  [[nodiscard]] Verdict run();

 private:
  void build_variants();
  Heads& heads_for(const VariantSpec& spec);
  [[nodiscard]] std::vector<std::string> judged() const;
  void find_guilty(Verdict& verdict);
  void add_budgets(const Heads& heads, const std::vector<HeadBuild>& builds, Verdict& verdict);
  void draw_pictures(const Verdict& verdict) const;
  void tell(const std::string& step, const std::string& part, std::size_t done, std::size_t total);

  const JudgeOptions& options_;
  const Registry& registry_;
  const ProgressFunction& progress_;
  SceneSet scenes_;
  bool is_bundle_;
  Network network_;
  std::vector<VariantSpec> specs_;
  Experiment experiment_;
  std::map<std::string, std::unique_ptr<Heads>> heads_;  // by backend, and equalised
};

Judge::Judge(const JudgeOptions& options,
             const Registry& registry,
             const ProgressFunction& progress)
    : options_(options),
      registry_(registry),
      progress_(progress),
      scenes_(options.scenes, options.count),
      is_bundle_(std::filesystem::is_directory(options.path)),
      network_(load_network(options.path, options.shapes, scenes_)),
      specs_(specs_of(options, registry)) {
  if (scenes_.size() < kFewScenes) {
    log_warning(fmt::format(
        "{} scenes only: the intervals say little below {}", scenes_.size(), kFewScenes));
  }
  experiment_ = {.card = network_.card,
                 .input = network_.input,
                 .input_shape = network_.input_shape,
                 .shared = make_shared_encoder(registry_, network_),
                 .variants = {make_float_variant(registry_, network_)}};
  if (is_bundle_) {
    experiment_.variants.push_back(make_bundle_variant(registry_, options.path));
  }
  build_variants();
}

/// Of all variants those that the devices take: a head may be refused in one precision only.
void Judge::build_variants() {
  std::vector<VariantSpec> built;
  for (const VariantSpec& spec : specs_) {
    try {
      experiment_.variants.push_back(heads_for(spec).build(spec));
      built.push_back(spec);
    } catch (const Error& error) {
      if (!options_.all || error.code() != ErrorCode::Unsupported) {
        throw;
      }
      log_warning("variant '" + to_string(spec) + "' is left out: " + error.what());
    }
  }
  specs_ = std::move(built);
}

Verdict Judge::run() {
  const auto show = [&](std::size_t done) { tell("scenes", "", done, scenes_.size()); };
  Verdict verdict = conclude(evaluate(scenes_, experiment_, show), network_.card, options_.limits);
  verdict.judged = judged();
  if (options_.budget_scenes > 0 || !failures_of(verdict).empty()) {
    find_guilty(verdict);
  }
  if (!options_.pictures.empty()) {
    draw_pictures(verdict);
  }
  return verdict;
}

/// The heads for the device of `spec`, calibrated if it needs that.
Heads& Judge::heads_for(const VariantSpec& spec) {
  std::unique_ptr<Heads>& heads = heads_[spec.backend + (spec.equalized ? "+equalized" : "")];
  if (!heads) {
    heads = std::make_unique<Heads>(registry_, network_, spec.backend);
  }
  if (spec.precision == Precision::Int8 && !heads->is_calibrated() && !options_.images.empty()) {
    const std::vector<std::filesystem::path> images = vision::list_images(options_.images);
    heads->tune_on(images, progress_);
    if (spec.equalized) {
      heads->equalize();
    }
    const std::set<std::size_t> counts = calibration_counts(specs_, spec.backend, images.size());
    heads->calibrate(
        images, counts, [&](std::size_t done) { tell("calibration", "", done, *counts.rbegin()); });
  }
  return *heads;
}

/// The bundle; without one the variants that were asked for, or of all the one that deploy builds.
std::vector<std::string> Judge::judged() const {
  if (is_bundle_) {
    return {"bundle"};
  }
  if (options_.all) {
    const std::string by_default = to_string(VariantSpec{});
    const auto& variants = experiment_.variants;
    const bool is_there = std::any_of(
        variants.begin(), variants.end(), [&](const Variant& v) { return v.name == by_default; });
    if (!is_there) {
      log_warning("the gate judges nothing: variant '" + by_default + "' is left out");
      return {};
    }
    return {by_default};
  }
  std::vector<std::string> names;
  for (const VariantSpec& spec : specs_) {
    names.push_back(to_string(spec));
  }
  return names;
}

/// Of the bundle, or of the first INT8 variant that fails, or of the first there is.
void Judge::find_guilty(Verdict& verdict) {
  if (is_bundle_) {
    const BundleHeads bundle = load_bundle_heads(registry_, network_, options_.path);
    add_budgets(bundle.heads, bundle.builds, verdict);
    return;
  }
  const std::vector<GateAnswer> failures = failures_of(verdict);
  const auto fails = [&](const VariantSpec& spec) {
    return std::any_of(failures.begin(), failures.end(), [&](const GateAnswer& answer) {
      return answer.variant == to_string(spec);
    });
  };
  const VariantSpec* wanted = nullptr;
  for (const VariantSpec& spec : specs_) {
    if (spec.precision == Precision::Int8 &&
        (wanted == nullptr || (fails(spec) && !fails(*wanted)))) {
      wanted = &spec;
    }
  }
  if (wanted == nullptr) {
    return;
  }
  const Heads& heads = heads_for(*wanted);
  std::vector<HeadBuild> builds;
  for (std::size_t h = 0; h < heads.heads().size(); ++h) {
    builds.push_back(heads.plan(h, *wanted));
  }
  add_budgets(heads, builds, verdict);
}

void Judge::add_budgets(const Heads& heads,
                        const std::vector<HeadBuild>& builds,
                        Verdict& verdict) {
  const std::size_t wanted = options_.budget_scenes > 0 ? options_.budget_scenes : kBudgetScenes;
  std::vector<PreparedScene> prepared;
  for (std::size_t i = 0; i < std::min(wanted, scenes_.size()); ++i) {
    prepared.push_back(prepare(scenes_, experiment_, i));
  }
  for (std::size_t h = 0; h < builds.size(); ++h) {
    if (builds[h].precision != Precision::Int8) {
      continue;
    }
    const auto show = [&](std::size_t done, std::size_t total) {
      tell("error budget", heads.heads()[h].name, done, total);
    };
    const LossMeter meter(heads, h, builds[h], prepared, network_.card);
    for (ErrorBudget& budget : meter.budget(show)) {
      verdict.budgets.push_back(std::move(budget));
    }
  }
}

/// Files OUTPUT-worst-1.png, ...: float32 beside the variant that is judged.
void Judge::draw_pictures(const Verdict& verdict) const {
  const std::size_t shown = shown_variant(verdict);
  const VariantRecord& record = verdict.evaluation.variants[shown];
  create_folder(options_.pictures);
  for (const HeadRecord& head : record.heads) {
    std::size_t rank = 0;
    for (const std::size_t scene : worst_scenes(head, kPictures)) {
      check_interrupt();
      const PreparedScene prepared = prepare(scenes_, experiment_, scene);
      std::vector<ShownVariant> variants;
      for (std::size_t v = 0; v < experiment_.variants.size(); ++v) {
        if (v == 0 || v == shown) {
          const Variant& variant = experiment_.variants[v];
          variants.push_back({.name = variant.name, .outputs = variant.model(prepared.values)});
        }
      }
      const std::string name = fmt::format("{}-worst-{}.png", file_name_of(head.output), ++rank);
      vision::write_png(
          options_.pictures / name,
          draw_comparison(
              prepared.scene, head.output, network_.card.outputs.at(head.output), variants));
    }
  }
}

void Judge::tell(const std::string& step,
                 const std::string& part,
                 std::size_t done,
                 std::size_t total) {
  progress_({.step = step,
             .part = part,
             .done = static_cast<std::int64_t>(done),
             .total = static_cast<std::int64_t>(total)});
}

}  // namespace

Verdict judge(const JudgeOptions& options,
              const Registry& registry,
              const ProgressFunction& progress) {
  return Judge(options, registry, progress).run();
}

}  // namespace mtmi::eval
