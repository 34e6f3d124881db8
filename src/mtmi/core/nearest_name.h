// What a mistyped name was meant to be.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace mtmi {

/// The one of `names` that takes the fewest letters inserted, removed or replaced to get from
/// `text`, the first of several; empty where that would be two thirds of the name or more.
[[nodiscard]] std::string nearest_name(std::string_view text, std::span<const std::string> names);

}  // namespace mtmi
