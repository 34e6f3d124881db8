// The declare functions of all verbs, one per cmd_<verb>.cpp. Private to cli/.
#pragma once

#include "mtmi/cli/verb.h"

namespace mtmi::cli {

Action declare_bench(CLI::App& app);
Action declare_build(CLI::App& app);
Action declare_calibrate(CLI::App& app);
Action declare_check(CLI::App& app);
Action declare_compare(CLI::App& app);
Action declare_deploy(CLI::App& app);
Action declare_devices(CLI::App& app);
Action declare_eval(CLI::App& app);
Action declare_features(CLI::App& app);
Action declare_infer(CLI::App& app);
Action declare_inspect(CLI::App& app);
Action declare_model(CLI::App& app);
Action declare_report(CLI::App& app);
Action declare_run(CLI::App& app);
Action declare_scenes(CLI::App& app);
Action declare_simplify(CLI::App& app);
Action declare_split(CLI::App& app);
Action declare_visualize(CLI::App& app);

}  // namespace mtmi::cli
