// ONNX files to graphs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "mtmi/graph/graph.h"

namespace mtmi::onnx {

/// What an ONNX file says.
struct OnnxModel {
  Graph graph;             ///< every operator in its opset-21 meaning; no types but of inputs and
                           ///< constants
  std::int64_t opset = 0;  ///< of the file, before the upgrade
  std::int64_t ir_version = 0;
  std::string producer;  ///< "pytorch 2.11.0", or empty
  std::map<std::string, std::string> metadata;
  std::map<std::string, int> operators;  ///< how many nodes of each the file has, Constant included
  /// Files with tensors that were read, relative to the model's folder, sorted.
  std::vector<std::string> external_files;
};

/// Reads a model of at most 2 GiB and the files with external data beside it (any size; inside the
/// model's folder only). Names of nodes and values are kept; Constant nodes become constants, and
/// so do inputs that have an initializer.
///
/// Throws Error(Io) if a file cannot be read, Error(InvalidModel) if it is damaged or contradicts
/// itself, Error(Unsupported) for what mtmi has not: other domains, functions, subgraphs, element
/// types, operators, versions of operators. Every message begins with the file and names the node.
[[nodiscard]] OnnxModel read_model(const std::filesystem::path& path);

/// The same from memory, where external data is refused and no file is named.
[[nodiscard]] OnnxModel parse_model(std::span<const std::byte> bytes);

}  // namespace mtmi::onnx
