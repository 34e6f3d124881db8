// What `mtmi eval` prints: tables for people, a document for machines.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "mtmi/eval/verdict.h"

namespace mtmi::cli {

/// What the gate says no to, as sentences, with the three most guilty tensors where there is a
/// budget.
[[nodiscard]] std::vector<std::string> gate_sentences(const eval::Verdict& result);

/// One row per variant: the figure of each head, what it lost, and whether that is noise.
[[nodiscard]] std::string variant_table(const eval::Verdict& result);

/// All measures of depth, one row per variant and head; empty without depth heads.
[[nodiscard]] std::string depth_table(const eval::Verdict& result);

/// IoU by class, one column per variant; empty without segmentation heads.
[[nodiscard]] std::string class_table(const eval::Verdict& result);

/// All tables, and what the gate says; IoU by class where it is wanted.
[[nodiscard]] std::string to_text(const eval::Verdict& result, bool classes);

/// Everything.
[[nodiscard]] nlohmann::json to_json(const eval::Verdict& result);

}  // namespace mtmi::cli
