#include "mtmi/cli/model_files.h"

#include <algorithm>
#include <utility>

#include "mtmi/cli/sizes.h"
#include "mtmi/cli/usage_error.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/file.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/npy.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/device/engine_file.h"
#include "mtmi/error.h"
#include "mtmi/onnx/reader.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/vision/image.h"
#include "mtmi/vision/preprocess.h"

namespace mtmi::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidArgument, "cli::model_files", message);
}

std::string list_of(std::span<const TensorDesc> descs) {
  std::string names;
  for (const TensorDesc& desc : descs) {
    names += (names.empty() ? "" : ", ") + desc.name;
  }
  return names;
}

std::unique_ptr<Session> open_engine(const Registry& registry,
                                     const MappedFile& file,
                                     const OpenOptions& options) {
  const DeviceName name = parse_device_name(options.device);
  return std::make_unique<Session>(
      registry.backend(name.backend).open(name.index), file.bytes(), file.owner());
}

std::unique_ptr<Session> compile(const Registry& registry,
                                 const std::filesystem::path& path,
                                 const OpenOptions& options) {
  const DeviceName name = parse_device_name(options.device);
  CompileOptions compile_options;
  compile_options.precision = parse_precision_option(options.precision);
  if (compile_options.precision == Precision::Int8) {
    throw UsageError(path.string() +
                     ": int8 needs scales, which belong to an engine: make it with `mtmi build "
                     "--precision int8 --scales PREFIX.json` and give that");
  }
  compile_options.observe = options.observe;
  Graph graph = load_graph(path, options.shapes);
  try {
    // Observed intermediates are the file's own: no pass may take them away.
    if (options.observe.empty()) {
      graph = passes::rewrite_for(std::move(graph), name.backend);
    }
    return std::make_unique<Session>(
        registry.backend(name.backend), graph, compile_options, name.index);
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

bool is_npy(std::span<const std::byte> bytes) {
  constexpr std::string_view kMagic = "\x93NUMPY";
  return bytes.size() >= kMagic.size() &&
         std::equal(kMagic.begin(), kMagic.end(), bytes.begin(), [](char c, std::byte b) {
           return static_cast<std::byte>(c) == b;
         });
}

vision::Image fit(const vision::Image& image, const std::filesystem::path& path, const Shape& s) {
  try {
    return vision::fit_image(
        image, static_cast<int>(s[2]), static_cast<int>(s[3]), vision::SizePolicy::Refuse);
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

Tensor preprocess_image(const MappedFile& file,
                        const std::filesystem::path& path,
                        const TensorDesc& desc) {
  const Shape& s = desc.shape;
  if (s.rank() != 4 || s[0] != 1 || s[1] != 3 || desc.dtype != DType::Float32) {
    refuse("input '" + desc.name + "' is " + to_string(desc) +
           "; an image fits f32[1,3,H,W] only: give an .npy file");
  }
  const vision::Image image = vision::decode_image(file.bytes(), path.string());
  const vision::Image fitted = fit(image, path, s);
  Tensor tensor(DType::Float32, s);
  vision::preprocess(fitted, vision::Preprocessing{}, tensor.data<float>());
  return tensor;
}

}  // namespace

passes::InputShapes parse_input_shapes(const std::vector<std::string>& arguments) {
  passes::InputShapes shapes;
  for (const std::string& argument : arguments) {
    auto [name, dims] = parse_assignment(argument);
    if (!shapes.emplace(name, parse_dims(dims)).second) {
      throw UsageError("input '" + name + "' is given twice");
    }
  }
  return shapes;
}

Precision parse_precision_option(const std::string& text) {
  const auto precision = parse_precision(text);
  MTMI_ASSERT(precision);
  return *precision;
}

Graph make_static(Graph graph,
                  const std::filesystem::path& path,
                  const passes::InputShapes& shapes) {
  check_interrupt();
  return passes::specialize(std::move(graph), shapes, path);
}

Graph load_graph(const std::filesystem::path& path, const std::vector<std::string>& shapes) {
  const passes::InputShapes by_name = parse_input_shapes(shapes);
  return make_static(onnx::read_model(path).graph, path, by_name);
}

void refuse_options_of_a_bundle(const OpenOptions& options) {
  const OpenOptions defaults;
  if (options.device != defaults.device || options.precision != defaults.precision) {
    throw UsageError(
        "a bundle's target says where its parts run: leave out --device and --precision");
  }
}

std::unique_ptr<Session> open_session(const Registry& registry,
                                      const std::filesystem::path& path,
                                      const OpenOptions& options) {
  const MappedFile file(path);
  if (!is_engine(file.bytes())) {
    return compile(registry, path, options);
  }
  try {
    return open_engine(registry, file, options);
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

Tensor load_tensor(const std::filesystem::path& path, const TensorDesc& desc) {
  const MappedFile file(path);
  return is_npy(file.bytes()) ? read_npy(path) : preprocess_image(file, path, desc);
}

void require_input_files(const std::vector<std::string>& assignments) {
  for (const std::string& text : assignments) {
    const bool is_named = text.find('=') != std::string::npos;
    (void)MappedFile(is_named ? parse_assignment(text).second : text);
  }
}

TensorMap load_inputs(const std::vector<std::string>& assignments,
                      std::span<const TensorDesc> descs) {
  TensorMap tensors;
  for (const std::string& text : assignments) {
    const bool is_named = text.find('=') != std::string::npos;
    if (!is_named && descs.size() != 1) {
      refuse("got '" + text + "', expected NAME=FILE: the inputs are " + list_of(descs));
    }
    const auto [name, file] =
        is_named ? parse_assignment(text) : std::pair(descs.front().name, text);
    const auto desc = std::find_if(
        descs.begin(), descs.end(), [&name = name](const auto& d) { return d.name == name; });
    if (desc == descs.end()) {
      refuse("there is no input '" + name + "': the inputs are " + list_of(descs));
    }
    if (!tensors.emplace(name, load_tensor(file, *desc)).second) {
      throw UsageError("input '" + name + "' is given twice");
    }
  }
  for (const TensorDesc& desc : descs) {
    if (!tensors.contains(desc.name)) {
      refuse("no tensor for input '" + desc.name + "': give --input " + desc.name + "=FILE");
    }
  }
  return tensors;
}

std::vector<TensorDesc> input_descs(const Bundle& bundle) {
  std::vector<TensorDesc> descs;
  for (const InputInfo& input : bundle.inputs()) {
    descs.push_back({.name = input.tensor.name,
                     .dtype = input.tensor.dtype,
                     .shape = input.tensor.shape,
                     .layout = Layout::Linear,
                     .scale = input.tensor.scale});
  }
  return descs;
}

TensorMap random_inputs(std::span<const TensorDesc> descs, std::uint64_t seed) {
  TensorMap tensors;
  for (const TensorDesc& desc : descs) {
    tensors.emplace(desc.name, random_tensor(desc.dtype, desc.shape, seed++));
  }
  return tensors;
}

}  // namespace mtmi::cli
