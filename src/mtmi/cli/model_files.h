// Models and tensors as the command line names them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "mtmi/bundle.h"
#include "mtmi/core/tensor_map.h"
#include "mtmi/device/registry.h"
#include "mtmi/graph/graph.h"
#include "mtmi/passes/specialize.h"
#include "mtmi/runtime/session.h"

namespace mtmi::cli {

/// The shapes that "NAME=1,3,640,640" arguments give to dynamic inputs.
/// Throws UsageError.
[[nodiscard]] passes::InputShapes parse_input_shapes(const std::vector<std::string>& arguments);

/// Pre: `text` is one that precision_name() of option_checks.h takes, as options have it.
[[nodiscard]] Precision parse_precision_option(const std::string& text);

/// `graph`, which was read from `path`, with every shape known. Throws Error, naming the file.
[[nodiscard]] Graph make_static(Graph graph,
                                const std::filesystem::path& path,
                                const passes::InputShapes& shapes);

/// make_static() of the graph in an ONNX file, for shapes as parse_input_shapes() takes them.
[[nodiscard]] Graph load_graph(const std::filesystem::path& path,
                               const std::vector<std::string>& shapes);

/// How a model is brought to run.
struct OpenOptions {
  std::string device = "cpu";
  std::string precision = "f32";
  std::vector<std::string> shapes;   ///< of dynamic inputs, as load_graph() takes them
  std::vector<std::string> observe;  ///< intermediates, for ONNX files
};

/// For verbs that take bundles, too. Throws UsageError if `options` names a device or a precision.
void refuse_options_of_a_bundle(const OpenOptions& options);

/// An ONNX file, rewritten (passes::rewrite_for(), unless something is observed) and compiled for
/// the device, or an engine, loaded on it. Throws Error; what it says names the file.
[[nodiscard]] std::unique_ptr<Session> open_session(const Registry& registry,
                                                    const std::filesystem::path& path,
                                                    const OpenOptions& options);

/// The tensor in a file for the input `desc`: an `.npy` file, or an image, which is preprocessed as
/// ImageNet's networks expect (RGB, mean and deviation of each channel) and must have the input's
/// size. Throws Error, naming the file.
[[nodiscard]] Tensor load_tensor(const std::filesystem::path& path, const TensorDesc& desc);

/// Whether the files of "NAME=FILE" and "FILE" arguments are there, before a model is compiled for
/// them. Throws Error(Io), naming the file.
void require_input_files(const std::vector<std::string>& assignments);

/// The tensors of "NAME=FILE" arguments, one for every input of `descs`; "FILE" alone will do where
/// there is one input. Throws Error(InvalidArgument) for a name that is no input, and for an input
/// without a tensor.
[[nodiscard]] TensorMap load_inputs(const std::vector<std::string>& assignments,
                                    std::span<const TensorDesc> descs);

/// What goes into a bundle.
[[nodiscard]] std::vector<TensorDesc> input_descs(const Bundle& bundle);

/// Seeded random tensors for all inputs.
[[nodiscard]] TensorMap random_inputs(std::span<const TensorDesc> descs, std::uint64_t seed);

}  // namespace mtmi::cli
