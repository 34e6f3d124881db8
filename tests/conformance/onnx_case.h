// One case of the ONNX project's node tests: a small model, and outputs for given inputs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mtmi::conformance {

struct OnnxCase {
  std::string name;  ///< "test_abs"
  std::filesystem::path folder;
  std::vector<std::string> operators;  ///< of its nodes, without Constant, sorted
};

/// The cases below `root`, sorted by name; none if there is no such folder.
[[nodiscard]] std::vector<OnnxCase> find_cases(const std::filesystem::path& root);

/// What is done to a model before it is run.
enum class Treatment {
  None,        ///< the interpreter runs what was read
  Simplified,  ///< shapes are bound, then all passes run
  Written,     ///< shapes are bound, then it is written, at opset 13 if that can be, and read again
};

/// Reads the model, treats it, runs it on every data set and compares. Returns what is wrong, or
/// "". Throws nothing.
[[nodiscard]] std::string run_case(const OnnxCase& onnx_case, Treatment treatment);

}  // namespace mtmi::conformance
