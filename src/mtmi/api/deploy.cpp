#include "mtmi/api/deploy.h"

#include <algorithm>
#include <map>
#include <set>
#include <span>
#include <utility>

#include "mtmi/bundle/target_file.h"
#include "mtmi/core/file.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/interrupt.h"
#include "mtmi/core/log.h"
#include "mtmi/core/unique_names.h"
#include "mtmi/device/convert.h"
#include "mtmi/error.h"
#include "mtmi/graph/random_inputs.h"
#include "mtmi/onnx/writer.h"
#include "mtmi/ops/output_agreement.h"
#include "mtmi/passes/simplify.h"
#include "mtmi/runtime/session.h"
#include "mtmi/split/split.h"
#include "mtmi/version.h"

namespace mtmi {
namespace {

constexpr double kTolerance = 1e-3;
constexpr std::size_t kHashDigits = 12;

[[noreturn]] void refuse(ErrorCode code, const std::string& message) {
  throw Error(code, "api::deploy", message);
}

/// A part before it is written: what it is, and what runs it.
struct Draft {
  bundle::PartKind kind = bundle::PartKind::Encoder;
  std::string name;
  std::string head;
  Graph graph;  ///< rewritten for its device
  PartTarget target;
  std::string capability;
  std::shared_ptr<const std::vector<std::byte>> engine;
};

split::Split split_or_keep(const Graph& graph, const std::vector<std::string>& cut) {
  if (graph.outputs().size() > 1 || !cut.empty()) {
    return split::split_graph(graph, {.cut = cut, .tail = {}});
  }
  split::Split whole;
  whole.encoder = graph;
  whole.feature_results.push_back(graph.value(graph.outputs().front()).name);
  return whole;
}

/// What pays on the part's device; inputs and outputs stay.
Graph rewrite_for(const Graph& graph, const PartTarget& part) {
  passes::SimplifyOptions options;
  options.target =
      passes::parse_target(parse_device_name(*part.device).backend).value_or(passes::Target::Any);
  return passes::simplify(graph, options).graph;
}

std::vector<Draft> draft_parts(const split::Split& split, const Target& target) {
  std::vector<Draft> drafts;
  const auto add = [&drafts](bundle::PartKind kind,
                             const std::string& name,
                             const std::string& head,
                             const Graph& graph,
                             PartTarget part) {
    drafts.push_back({.kind = kind,
                      .name = name,
                      .head = head,
                      .graph = rewrite_for(graph, part),
                      .target = std::move(part),
                      .capability = "",
                      .engine = nullptr});
  };
  add(bundle::PartKind::Encoder, "encoder", "", split.encoder, encoder_target(target));
  std::vector<std::string> heads;
  for (std::size_t i = 0; i < split.heads.size(); ++i) {
    const split::Head& head = split.heads[i];
    heads.push_back(head.name);
    add(bundle::PartKind::Head,
        head.name,
        head.name,
        head.graph,
        head_target(target, i, head.name));
    if (head.tail) {
      PartTarget tail;
      tail.device = target.tail_device;
      tail.precision = Precision::Float32;
      add(bundle::PartKind::Tail, head.name + "_tail", head.name, *head.tail, tail);
    }
  }
  if (const auto unknown = unknown_heads(target, heads); !unknown.empty()) {
    std::string known;
    for (const std::string& head : heads) {
      known += " " + head;
    }
    refuse(ErrorCode::InvalidArgument,
           "target '" + target.name + "' speaks of head '" + unknown.front() +
               "'; the network's heads are:" + known);
  }
  return drafts;
}

/// Maps that the CPU hands to the CPU lie channels-last, as its kernels want them: no part then
/// turns them around. Nothing where a feature meets another device.
std::map<std::string, IoFormat> hand_off_formats(const split::Split& split,
                                                 const std::vector<Draft>& drafts) {
  const bool all_on_cpu = std::all_of(drafts.begin(), drafts.end(), [](const Draft& draft) {
    return parse_device_name(*draft.target.device).backend == "cpu";
  });
  std::map<std::string, IoFormat> formats;
  const auto add = [&](const Graph& producer, const std::string& name) {
    const TensorType type = producer.type(*producer.find_value(name));
    const bool is_result =
        std::find(split.feature_results.begin(), split.feature_results.end(), name) !=
        split.feature_results.end();
    if (all_on_cpu && !is_result && type.dtype == DType::Float32 && type.shape.rank() == 4) {
      formats.emplace(name, IoFormat{.dtype = type.dtype, .layout = Layout::Hwc, .scale = 0.0F});
    }
  };
  for (const std::string& feature : split.features) {
    add(split.encoder, feature);
  }
  for (const split::Head& head : split.heads) {
    for (const ValueId end : head.tail ? head.graph.outputs() : std::span<const ValueId>()) {
      const std::string& name = head.graph.value(end).name;
      // What is a result as well stays as it is.
      if (std::find(head.results.begin(), head.results.end(), name) == head.results.end()) {
        add(head.graph, name);
      }
    }
  }
  return formats;
}

void build(Draft& draft, const std::map<std::string, IoFormat>& formats, const Registry& registry) {
  const Backend& backend = registry.backend(parse_device_name(*draft.target.device).backend);
  const std::vector<Capability> capabilities = backend.capabilities();
  if (capabilities.empty()) {
    refuse(ErrorCode::Unsupported,
           "part '" + draft.name + "': device '" + *draft.target.device +
               "' compiles for nothing on this machine");
  }
  CompileOptions options;
  options.precision = *draft.target.precision;
  for (const auto& [value, format] : formats) {
    const auto id = draft.graph.find_value(value);
    if (id && (draft.graph.is_input(*id) || draft.graph.is_output(*id))) {
      options.io.emplace(value, format);
    }
  }
  try {
    draft.engine = std::make_shared<const std::vector<std::byte>>(
        backend.compile(draft.graph, capabilities.front(), options));
  } catch (const Error& e) {
    throw e.with_context("part '" + draft.name + "' for " + *draft.target.device);
  }
  draft.capability = capabilities.front().name;
}

/// Everything that the built parts make from `inputs`, in real numbers.
TensorMap run_built(const std::vector<Draft>& drafts,
                    const Registry& registry,
                    TensorMap values,
                    std::vector<bundle::Part>& parts) {
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    check_interrupt();
    const DeviceName name = parse_device_name(*drafts[i].target.device);
    const std::span<const std::byte> engine = *drafts[i].engine;
    Session session(registry.backend(name.backend).open(name.index), engine, drafts[i].engine);
    parts[i].inputs.assign(session.inputs().begin(), session.inputs().end());
    parts[i].outputs.assign(session.outputs().begin(), session.outputs().end());
    TensorMap outputs = session.run(values);
    for (const TensorDesc& desc : session.outputs()) {
      values.insert_or_assign(desc.name, to_real(outputs.at(desc.name), desc.scale));
    }
  }
  return values;
}

TensorMap in_real_numbers(TensorMap tensors) {
  for (auto& [name, tensor] : tensors) {
    tensor = to_real(tensor, 0.0F);
  }
  return tensors;
}

/// The worse of two.
void merge(bundle::Verified& into, const Agreement& agreement) {
  into.bit_equal = into.bit_equal && agreement.bit_equal;
  into.relative_difference = std::max(into.relative_difference, agreement.relative_difference());
  into.equal_fraction = std::min(into.equal_fraction, agreement.equal_fraction);
}

std::vector<bundle::Verified> verify(const DeployOptions& options,
                                     const std::vector<Draft>& drafts,
                                     const Registry& registry,
                                     std::vector<bundle::Part>& parts) {
  const Graph& whole = options.graph;
  std::vector<bundle::Verified> verified;
  for (const ValueId output : whole.outputs()) {
    verified.push_back({.output = whole.value(output).name,
                        .type = std::string(to_string(whole.type(output).dtype)),
                        .bit_equal = true,
                        .relative_difference = 0.0,
                        .equal_fraction = 1.0});
  }
  CompileOptions plain;
  plain.optimize = false;
  Session reference(registry.backend("cpu"), whole, plain);
  const std::vector<TensorMap> samples =
      options.samples.empty() ? std::vector{random_inputs(whole, 0)} : options.samples;
  for (const TensorMap& sample : samples) {
    const TensorMap got = run_built(drafts, registry, sample, parts);
    const auto outputs = ops::compare_outputs(
        whole, in_real_numbers(reference.run(sample)), got, [&](const Graph& scores) {
          return Session(registry.backend("cpu"), scores, plain).run(sample);
        });
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const auto& [output, dtype, agreement] = outputs[i];
      merge(verified[i], agreement);
      if (!agrees(agreement, dtype, kTolerance)) {
        refuse(ErrorCode::InvalidModel,
               "output '" + output + "' of the built parts is not the network's: " +
                   describe(agreement, dtype) + "; nothing is written");
      }
    }
  }
  return verified;
}

/// Writes the file under a name that holds its hash.
bundle::HashedFile store(const std::filesystem::path& folder,
                         const std::string& stem,
                         const std::string& suffix,
                         std::span<const std::byte> bytes) {
  const std::string hash = hash_hex(bytes);
  bundle::HashedFile file{.path = stem + "-" + hash.substr(0, kHashDigits) + suffix, .hash = hash};
  write_file(folder / file.path, bytes);
  return file;
}

bundle::HashedFile store(const std::filesystem::path& folder,
                         const std::string& stem,
                         const std::string& suffix,
                         std::string_view text) {
  return store(folder, stem, suffix, std::as_bytes(std::span(text)));
}

std::string onnx_bytes(const Graph& graph) {
  return onnx::serialize_model(passes::expand_for_onnx(graph));
}

/// The files of the bundle that the folder holds already; none where it holds no sound one.
std::vector<bundle::HashedFile> files_of_old_bundle(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "manifest.json";
  if (!std::filesystem::exists(path)) {
    return {};
  }
  try {
    return bundle::files_of(bundle::parse_manifest(MappedFile(path).text(), path.string()));
  } catch (const Error& e) {
    log_verbose(std::string("the old bundle's files are left: ") + e.what());
    return {};
  }
}

/// Only what an older bundle made: the folder may hold other files of the user.
void remove_unused(const std::filesystem::path& folder,
                   const std::vector<bundle::HashedFile>& old_files,
                   const bundle::Manifest& manifest) {
  std::set<std::string> used;
  for (const bundle::HashedFile& file : bundle::files_of(manifest)) {
    used.insert(file.path);
  }
  for (const bundle::HashedFile& file : old_files) {
    if (!used.contains(file.path)) {
      std::error_code ignored;  // what cannot be removed does no harm
      std::filesystem::remove(folder / file.path, ignored);
    }
  }
}

}  // namespace

bundle::Manifest deploy(const DeployOptions& options,
                        const Registry& registry,
                        DeployProgress progress) {
  progress("simplify");
  const Graph simplified = passes::simplify(options.graph).graph;
  progress("split");
  const split::Split split = split_or_keep(simplified, options.cut);
  std::vector<Draft> drafts = draft_parts(split, options.target);
  const std::map<std::string, IoFormat> formats = hand_off_formats(split, drafts);
  for (Draft& draft : drafts) {
    check_interrupt();
    progress("build " + draft.name + " for " + *draft.target.device);
    build(draft, formats, registry);
  }
  bundle::Manifest manifest;
  for (const Draft& draft : drafts) {
    bundle::Part part;
    part.kind = draft.kind;
    part.name = draft.name;
    part.head = draft.head;
    part.device = *draft.target.device;
    part.capability = draft.capability;
    part.precision = to_string(*draft.target.precision);
    manifest.parts.push_back(std::move(part));
  }
  progress("verify");
  manifest.verified = verify(options, drafts, registry, manifest.parts);
  progress("write " + options.folder.string());
  UniqueNames names;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    bundle::Part& part = manifest.parts[i];
    const std::string stem = names.take(part.name, "part '" + part.name + "'");
    part.model = store(options.folder, "parts/" + stem, ".onnx", onnx_bytes(drafts[i].graph));
    part.engine = store(options.folder, "engines/" + stem, ".engine", *drafts[i].engine);
  }
  manifest.mtmi_version = version();
  manifest.network = options.card.name;
  manifest.source_hash = hash_hex(MappedFile(options.model).bytes());
  manifest.simplified = store(options.folder, "parts/whole", ".onnx", onnx_bytes(simplified));
  manifest.card = store(options.folder, "parts/card", ".toml", bundle::to_toml(options.card));
  manifest.target = store(options.folder, "parts/target", ".toml", bundle::to_toml(options.target));
  manifest.features = split.features;
  manifest.feature_results = split.feature_results;
  manifest.hand_off_bytes = split.hand_off_bytes;
  const std::vector<bundle::HashedFile> old_files = files_of_old_bundle(options.folder);
  write_file(options.folder / "manifest.json", bundle::to_json(manifest));
  remove_unused(options.folder, old_files, manifest);
  return manifest;
}

}  // namespace mtmi
