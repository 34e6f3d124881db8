// The encoder of a split network, ready to run on images.
#pragma once

#include <memory>

#include "mtmi/calibration/runs.h"
#include "mtmi/cli/split_folder.h"

namespace mtmi::cli {

/// The encoder of `split` as deploy would run it on the CPU, with the preprocessing of its model
/// card. Throws Error, naming the file, also where it does not give a feature of the split.
[[nodiscard]] std::unique_ptr<calibration::Encoder> open_encoder(const Backend& cpu,
                                                                 const SplitFolder& split);

}  // namespace mtmi::cli
