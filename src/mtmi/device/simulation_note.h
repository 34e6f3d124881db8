// The words that stand beside results of simulated devices.
#pragma once

#include <string>
#include <vector>

namespace mtmi {

/// A sentence, without a full stop, that says which of `devices` ("dla_sim:0") are simulated, and
/// by what; empty where none is.
[[nodiscard]] std::string simulation_note(const std::vector<std::string>& devices);

/// The same as a line of a terminal; empty where none is simulated.
[[nodiscard]] std::string simulation_line(const std::vector<std::string>& devices);

}  // namespace mtmi
