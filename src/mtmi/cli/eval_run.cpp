#include "mtmi/cli/eval_run.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/core.h>

#include "mtmi/cli/progress.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/error.h"
#include "mtmi/eval/pictures.h"
#include "mtmi/vision/image.h"

namespace mtmi::cli {
namespace {

/// Below this, intervals are too wide to trust.
constexpr std::size_t kFewScenes = 20;
/// On which the guilty are found where the gate says no.
constexpr std::size_t kBudgetScenes = 2;
/// Per head.
constexpr std::size_t kPictures = 4;

bool wants_all(const EvalOptions& options) {
  return options.variants == std::vector<std::string>{"all"};
}

/// What the user lists; of "all" what this build has devices for.
std::vector<VariantSpec> specs_of(const EvalOptions& options, const Registry& registry) {
  std::vector<VariantSpec> specs;
  if (!wants_all(options)) {
    for (const std::string& name : options.variants) {
      specs.push_back(parse_variant(name));
    }
    return specs;
  }
  for (const VariantSpec& spec : all_variants()) {
    const std::vector<const Backend*> backends = registry.backends();
    const bool is_there = std::any_of(backends.begin(), backends.end(), [&](const Backend* b) {
      return b->name() == spec.backend;
    });
    if (is_there || spec.backend == kSimulatedByPairs) {
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
                  "cli::eval",
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
std::size_t shown_variant(const EvalResult& result) {
  const std::vector<eval::VariantRecord>& variants = result.evaluation.variants;
  for (std::size_t v = 1; v < variants.size(); ++v) {
    if (std::find(result.judged.begin(), result.judged.end(), variants[v].name) !=
        result.judged.end()) {
      return v;
    }
  }
  return variants.size() - 1;
}

}  // namespace

EvalRun::EvalRun(const EvalOptions& options, const CommonOptions& common, const Registry& registry)
    : options_(options),
      common_(common),
      registry_(registry),
      scenes_(options.scenes, options.count),
      is_bundle_(std::filesystem::is_directory(options.path)),
      network_(load_eval_network(options.path, options.shapes, scenes_)),
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
  for (const VariantSpec& spec : specs_) {
    experiment_.variants.push_back(heads_for(spec).build(spec));
  }
}

EvalResult EvalRun::run() {
  EvalResult result;
  {
    Progress progress("scenes", static_cast<std::int64_t>(scenes_.size()), common_);
    const auto show = [&](std::size_t done) { progress.update(static_cast<std::int64_t>(done)); };
    result = conclude(eval::evaluate(scenes_, experiment_, show), network_.card, options_.limits);
  }
  result.judged = judged();
  if (options_.budget_scenes > 0 || !failures_of(result).empty()) {
    find_guilty(result);
  }
  if (!options_.pictures.empty()) {
    draw_pictures(result);
  }
  return result;
}

/// The heads for the device of `spec`, calibrated if it needs that.
EvalHeads& EvalRun::heads_for(const VariantSpec& spec) {
  std::unique_ptr<EvalHeads>& heads = heads_[spec.backend];
  if (!heads) {
    heads = std::make_unique<EvalHeads>(registry_, network_, spec.backend);
  }
  if (spec.precision == Precision::Int8 && !heads->is_calibrated() && !options_.images.empty()) {
    const std::vector<std::filesystem::path> paths(options_.images.begin(), options_.images.end());
    const std::vector<std::filesystem::path> images = vision::list_images(paths);
    const std::set<std::size_t> counts = calibration_counts(specs_, spec.backend, images.size());
    Progress progress("calibration", static_cast<std::int64_t>(*counts.rbegin()), common_);
    heads->calibrate(images, counts, [&](std::size_t done) {
      progress.update(static_cast<std::int64_t>(done));
    });
  }
  return *heads;
}

/// The bundle; without one the variants that were asked for, or of all the one that deploy builds.
std::vector<std::string> EvalRun::judged() const {
  if (is_bundle_) {
    return {"bundle"};
  }
  if (wants_all(options_)) {
    return {to_string(VariantSpec{})};
  }
  std::vector<std::string> names;
  for (const VariantSpec& spec : specs_) {
    names.push_back(to_string(spec));
  }
  return names;
}

/// Of the bundle, or of the first INT8 variant that fails, or of the first there is.
void EvalRun::find_guilty(EvalResult& result) {
  if (is_bundle_) {
    const BundleHeads bundle = load_bundle_heads(registry_, network_, options_.path);
    add_budgets(bundle.heads, bundle.builds, result);
    return;
  }
  const std::vector<eval::GateAnswer> failures = failures_of(result);
  const auto fails = [&](const VariantSpec& spec) {
    return std::any_of(failures.begin(), failures.end(), [&](const eval::GateAnswer& answer) {
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
  const EvalHeads& heads = heads_for(*wanted);
  std::vector<HeadBuild> builds;
  for (std::size_t h = 0; h < heads.heads().size(); ++h) {
    builds.push_back(heads.plan(h, *wanted));
  }
  add_budgets(heads, builds, result);
}

void EvalRun::add_budgets(const EvalHeads& heads,
                          const std::vector<HeadBuild>& builds,
                          EvalResult& result) {
  const std::size_t wanted = options_.budget_scenes > 0 ? options_.budget_scenes : kBudgetScenes;
  std::vector<eval::PreparedScene> prepared;
  for (std::size_t i = 0; i < std::min(wanted, scenes_.size()); ++i) {
    prepared.push_back(eval::prepare(scenes_, experiment_, i));
  }
  for (std::size_t h = 0; h < builds.size(); ++h) {
    if (builds[h].precision != Precision::Int8) {
      continue;
    }
    std::optional<Progress> progress;
    const auto show = [&](std::size_t done, std::size_t total) {
      if (!progress) {
        progress.emplace(
            "error budget of " + heads.heads()[h].name, static_cast<std::int64_t>(total), common_);
      }
      progress->update(static_cast<std::int64_t>(done));
    };
    for (ErrorBudget& budget : measure_budget(heads, h, builds[h], prepared, network_.card, show)) {
      result.budgets.push_back(std::move(budget));
    }
  }
}

/// Files OUTPUT-worst-1.png, ...: float32 beside the variant that is judged.
void EvalRun::draw_pictures(const EvalResult& result) const {
  const std::size_t shown = shown_variant(result);
  const eval::VariantRecord& record = result.evaluation.variants[shown];
  create_folder(options_.pictures);
  for (const eval::HeadRecord& head : record.heads) {
    std::size_t rank = 0;
    for (const std::size_t scene : eval::worst_scenes(head, kPictures)) {
      check_interrupt();
      const eval::PreparedScene prepared = eval::prepare(scenes_, experiment_, scene);
      std::vector<eval::ShownVariant> variants;
      for (std::size_t v = 0; v < experiment_.variants.size(); ++v) {
        if (v == 0 || v == shown) {
          const eval::Variant& variant = experiment_.variants[v];
          variants.push_back({.name = variant.name, .outputs = variant.model(prepared.values)});
        }
      }
      const std::string name = fmt::format("{}-worst-{}.png", file_name_of(head.output), ++rank);
      vision::write_png(
          std::filesystem::path(options_.pictures) / name,
          eval::draw_comparison(
              prepared.scene, head.output, network_.card.outputs.at(head.output), variants));
    }
  }
}

}  // namespace mtmi::cli
