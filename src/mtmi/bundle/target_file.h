// Target files: TOML that says which stage runs where (docs/targets.md).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mtmi/plan/target.h"

namespace mtmi::bundle {

/// Refuses a device that a part is to run on, or `settings` that a table [device] gives one, by
/// throwing an Error.
using DeviceCheck =
    std::function<void(const std::string& device, const std::optional<DeviceOptions>& settings)>;

/// The target in `text`. `file` names it in errors, which name the line: unknown keys, values out
/// of range and unknown devices are refused. Throws Error(InvalidModel).
/// What `check` throws is thrown with file and line in front.
[[nodiscard]] Target parse_target(std::string_view text,
                                  const std::string& file,
                                  const DeviceCheck& check = {});

/// The target of a built-in name ("cpu") or a file (anything with a '/' or ending in ".toml").
/// Throws Error(InvalidArgument) listing the built-in ones, Error(Io), and as parse_target().
[[nodiscard]] Target read_target(const std::string& name_or_path, const DeviceCheck& check = {});

/// The text of a target, which parse_target() reads back as the same value.
[[nodiscard]] std::string to_toml(const Target& target);

/// The names of the built-in targets.
[[nodiscard]] std::vector<std::string> built_in_targets();

}  // namespace mtmi::bundle
