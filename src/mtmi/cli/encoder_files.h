// The encoder of a split network, ready to run on images.
#pragma once

#include <filesystem>
#include <memory>

#include "mtmi/calibration/runs.h"

namespace mtmi::cli {

/// The encoder in `file` as deploy would run it on the CPU, with the preprocessing of its model
/// card. Throws Error, naming the file.
[[nodiscard]] std::unique_ptr<calibration::Encoder> open_encoder(const Backend& cpu,
                                                                 const std::filesystem::path& file);

}  // namespace mtmi::cli
