// The work of `mtmi eval`, and of the gate of `mtmi deploy --scenes`.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "mtmi/cli/error_budget.h"
#include "mtmi/cli/eval_heads.h"
#include "mtmi/cli/eval_network.h"
#include "mtmi/cli/eval_tables.h"
#include "mtmi/cli/variant_spec.h"
#include "mtmi/cli/verb.h"
#include "mtmi/device/registry.h"
#include "mtmi/eval/evaluation.h"

namespace mtmi::cli {

struct EvalOptions {
  std::string path;                   ///< ONNX file or bundle
  std::string scenes;                 ///< folder
  std::size_t count = 0;              ///< the first of them; 0: all
  std::vector<std::string> shapes;    ///< as load_graph() takes them
  std::vector<std::string> variants;  ///< names, or "all" alone
  std::vector<std::string> images;    ///< that INT8 is calibrated on: files or folders
  /// On which error budgets are measured; 0: only where the gate says no.
  std::size_t budget_scenes = 0;
  eval::GateLimits limits;
  std::string pictures;  ///< folder; empty: none
};

/// A network, what it is measured on, and its heads as the devices take them. One use.
class EvalRun {
 public:
  /// Reads, calibrates and builds everything, so that what cannot be built is said before anything
  /// is measured. Throws Error, UsageError. `options`, `common` and `registry` outlive it.
  EvalRun(const EvalOptions& options, const CommonOptions& common, const Registry& registry);

  /// Measures, judges, looks for the guilty, and draws pictures.
  [[nodiscard]] EvalResult run();

 private:
  EvalHeads& heads_for(const VariantSpec& spec);
  [[nodiscard]] std::vector<std::string> judged() const;
  void find_guilty(EvalResult& result);
  void add_budgets(const EvalHeads& heads,
                   const std::vector<HeadBuild>& builds,
                   EvalResult& result);
  void draw_pictures(const EvalResult& result) const;

  const EvalOptions& options_;
  const CommonOptions& common_;
  const Registry& registry_;
  eval::SceneSet scenes_;
  bool is_bundle_;
  EvalNetwork network_;
  std::vector<VariantSpec> specs_;
  eval::Experiment experiment_;
  std::map<std::string, std::unique_ptr<EvalHeads>> heads_;  // by backend
};

}  // namespace mtmi::cli
