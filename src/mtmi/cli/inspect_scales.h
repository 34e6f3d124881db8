// What mtmi inspect says of scales and calibration caches.
#pragma once

#include <filesystem>

#include "mtmi/cli/verb.h"

namespace mtmi::cli {

/// Prints every tensor with its scale. Throws what quant::read_scales() throws.
ExitCode inspect_scales(const std::filesystem::path& path, const CommonOptions& common);

}  // namespace mtmi::cli
