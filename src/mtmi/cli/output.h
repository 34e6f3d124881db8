// Results on stdout.
#pragma once

#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "mtmi/cli/sizes.h"

namespace mtmi::cli {

/// As it is.
void print(std::string_view text);

/// The one document of --json, indented, with a line feed at its end. Text that is not UTF-8 (names
/// out of a damaged file) is printed with replacement characters.
void print_json(const nlohmann::json& document);

}  // namespace mtmi::cli
