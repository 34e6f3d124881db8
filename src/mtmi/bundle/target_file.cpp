#include "mtmi/bundle/target_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/core.h>

#include "mtmi/bundle/toml_reader.h"
#include "mtmi/core/file.h"
#include "mtmi/device/registry.h"
#include "mtmi/error.h"

namespace mtmi::bundle {
namespace {

/// What stands in targets/*.toml, so that the names work wherever mtmi is installed.
constexpr std::array<std::pair<std::string_view, std::string_view>, 2> kBuiltIn{{
    {"host", R"(encoder = "cpu"
heads = ["dla_sim:0", "dla_sim:1"]

[head_defaults]
precision = "int8"
fallback = "cpu"
)"},
    {"cpu", R"(encoder = "cpu"
heads = ["cpu"]
)"},
}};

/// How ranges may be found (quant/scale_table.h).
constexpr std::array<std::string_view, 4> kMethods{"entropy", "minmax", "percentile", "mse"};

constexpr std::int64_t kMaxMilliseconds = 24LL * 3600 * 1000;

void check_name(const TomlReader& reader, const char* key, const std::string& device) {
  try {
    static_cast<void>(parse_device_name(device));
  } catch (const Error&) {
    reader.refuse(key, "a device as in \"cpu\" or \"dla_sim:1\"");
  }
}

void check_device(const TomlReader& reader,
                  const char* key,
                  const std::string& device,
                  const DeviceCheck& check) {
  check_name(reader, key, device);
  try {
    if (check) {
      check(device, std::nullopt);
    }
  } catch (const Error& e) {
    throw reader.locate(key, e);
  }
}

std::optional<std::string> get_device(TomlReader& reader,
                                      const char* key,
                                      const DeviceCheck& check) {
  std::optional<std::string> device = reader.get_string(key);
  if (device) {
    check_device(reader, key, *device, check);
  }
  return device;
}

/// The keys that the encoder, [heads] and [head.NAME] have in common.
void read_part(TomlReader& reader, PartTarget& part, const DeviceCheck& check) {
  part.device = get_device(reader, "device", check);
  part.stand_by = get_device(reader, "stand_by", check);
  part.timeout_ms = reader.get_integer("timeout_ms", 1, kMaxMilliseconds);
  if (const auto name = reader.get_string("precision")) {
    part.precision = parse_precision(*name);
    if (!part.precision) {
      reader.refuse("precision", "f32, bf16, f16 or int8");
    }
  }
}

std::optional<std::string> get_calibration(TomlReader& reader) {
  std::optional<std::string> method = reader.get_string("calibration");
  if (method && std::find(kMethods.begin(), kMethods.end(), *method) == kMethods.end()) {
    reader.refuse("calibration", "entropy, minmax, percentile or mse");
  }
  return method;
}

std::optional<DType> get_output(TomlReader& reader) {
  const std::optional<std::string> name = reader.get_string("output");
  if (!name) {
    return std::nullopt;
  }
  if (*name != "int8" && *name != "f16") {
    reader.refuse("output", "int8 or f16");
  }
  return *name == "int8" ? DType::Int8 : DType::Float16;
}

std::optional<double> get_limit(TomlReader& reader, const char* key) {
  const std::optional<double> limit = reader.get_number(key);
  if (limit && !(*limit >= 0.0)) {
    reader.refuse(key, "a number >= 0");
  }
  return limit;
}

PartTarget read_head(TomlReader reader, const DeviceCheck& check) {
  PartTarget part;
  read_part(reader, part, check);
  if (const auto every = reader.get_integer("every", 1, 1000)) {
    part.every = static_cast<int>(*every);
  }
  part.fallback = get_device(reader, "fallback", check);
  part.calibration = get_calibration(reader);
  part.output = get_output(reader);
  part.keep_float = reader.get_strings("keep_float").value_or(std::vector<std::string>());
  part.limits.max_labels_changed = get_limit(reader, "max_labels_changed");
  part.limits.max_depth_change = get_limit(reader, "max_depth_change");
  part.limits.min_sqnr = get_limit(reader, "min_sqnr");
  reader.finish();
  return part;
}

/// encoder = "cpu", or a table [encoder].
void read_encoder(TomlReader& top, PartTarget& encoder, const DeviceCheck& check) {
  if (top.is_string("encoder")) {
    encoder.device = get_device(top, "encoder", check);
  } else if (auto table = top.get_table("encoder")) {
    read_part(*table, encoder, check);
    table->finish();
  }
}

/// The line of the setting that is refused by itself, or of the table where it is all together.
void check_settings(const TomlReader& devices,
                    const std::string& device,
                    const TomlReader& table,
                    const DeviceOptions& settings,
                    const DeviceCheck& check) {
  try {
    check(device, settings);
    return;
  } catch (const Error& e) {
    for (const auto& [key, value] : settings) {
      try {
        check(device, DeviceOptions{{key, value}});
      } catch (const Error& of_one) {
        throw table.locate(key.c_str(), of_one);
      }
    }
    throw devices.locate(device.c_str(), e);
  }
}

/// [device."dla_sim:0"], by the names that the registry uses.
std::map<std::string, DeviceOptions> read_devices(TomlReader& top, const DeviceCheck& check) {
  std::map<std::string, DeviceOptions> devices;
  if (auto table = top.get_table("device")) {
    for (auto& [name, reader] : table->all_tables()) {
      check_name(*table, name.c_str(), name);
      DeviceOptions settings = reader.all_scalars();
      if (check) {
        check_settings(*table, name, reader, settings, check);
      }
      devices.emplace(to_string(parse_device_name(name)), std::move(settings));
    }
  }
  return devices;
}

void append(std::string& text, const char* key, const std::string& value) {
  text += std::string(key) + " = " + value + "\n";
}

void append_limit(std::string& text, const char* key, const std::optional<double>& limit) {
  if (limit) {
    append(text, key, fmt::format("{}", *limit));
  }
}

std::string part_to_toml(const PartTarget& part) {
  std::string text;
  if (part.device) {
    append(text, "device", toml_string(*part.device));
  }
  if (part.precision) {
    append(text, "precision", toml_string(to_string(*part.precision)));
  }
  if (part.stand_by) {
    append(text, "stand_by", toml_string(*part.stand_by));
  }
  if (part.timeout_ms) {
    append(text, "timeout_ms", std::to_string(*part.timeout_ms));
  }
  if (part.every) {
    append(text, "every", std::to_string(*part.every));
  }
  if (part.fallback) {
    append(text, "fallback", toml_string(*part.fallback));
  }
  if (part.calibration) {
    append(text, "calibration", toml_string(*part.calibration));
  }
  if (part.output) {
    append(text, "output", *part.output == DType::Int8 ? "\"int8\"" : "\"f16\"");
  }
  if (!part.keep_float.empty()) {
    std::string names;
    for (const std::string& name : part.keep_float) {
      names += (names.empty() ? "" : ", ") + toml_string(name);
    }
    append(text, "keep_float", "[" + names + "]");
  }
  append_limit(text, "max_labels_changed", part.limits.max_labels_changed);
  append_limit(text, "max_depth_change", part.limits.max_depth_change);
  append_limit(text, "min_sqnr", part.limits.min_sqnr);
  return text;
}

}  // namespace

Target parse_target(std::string_view text, const std::string& file, const DeviceCheck& check) {
  const toml::table table = parse_toml(text, file);
  TomlReader top(table, file, "");
  Target target;
  target.name = top.get_string("name").value_or(std::filesystem::path(file).stem().string());
  read_encoder(top, target.encoder, check);
  if (const auto devices = top.get_strings("heads")) {
    target.head_devices = *devices;
    for (const std::string& device : *devices) {
      check_device(top, "heads", device, check);
    }
  }
  if (auto defaults = top.get_table("head_defaults")) {
    target.head_defaults = read_head(*defaults, check);
  }
  if (auto heads = top.get_table("head")) {
    for (auto& [name, reader] : heads->all_tables()) {
      target.heads.emplace(name, read_head(std::move(reader), check));
    }
  }
  target.devices = read_devices(top, check);
  target.tail_device = get_device(top, "tails", check).value_or(target.tail_device);
  if (const auto rounding = top.get_string("rounding")) {
    const auto parsed = parse_rounding(*rounding);
    if (!parsed) {
      top.refuse("rounding", "even or truncate");
    }
    target.rounding = *parsed;
  }
  target.dump = top.get_bool("dump").value_or(target.dump);
  target.queue = static_cast<int>(top.get_integer("queue", 1, 1024).value_or(target.queue));
  target.deadline_ms = top.get_integer("deadline_ms", 1, kMaxMilliseconds);
  target.freshness_ms = top.get_integer("freshness_ms", 1, kMaxMilliseconds);
  if (const auto policy = top.get_string("policy")) {
    const auto parsed = parse_queue_policy(*policy);
    if (!parsed) {
      top.refuse("policy", "block, drop-oldest or latest-only");
    }
    target.policy = *parsed;
  }
  top.finish();
  return target;
}

Target read_target(const std::string& name_or_path, const DeviceCheck& check) {
  const auto built_in = std::find_if(kBuiltIn.begin(), kBuiltIn.end(), [&](const auto& entry) {
    return entry.first == name_or_path;
  });
  if (built_in != kBuiltIn.end()) {
    return parse_target(built_in->second, name_or_path, check);
  }
  const bool is_path =
      name_or_path.find('/') != std::string::npos || name_or_path.ends_with(".toml");
  if (!is_path) {
    std::string names;
    for (const std::string& name : built_in_targets()) {
      names += " " + name;
    }
    throw Error(ErrorCode::InvalidArgument,
                "bundle::read_target",
                "there is no target '" + name_or_path + "'; built in are:" + names +
                    "; a file is named by its path, as in ./" +
                    std::filesystem::path(name_or_path).stem().string() + ".toml");
  }
  return parse_target(MappedFile(name_or_path).text(), name_or_path, check);
}

std::string to_toml(const Target& target) {
  std::string text;
  append(text, "name", toml_string(target.name));
  std::string devices;
  for (const std::string& device : target.head_devices) {
    devices += (devices.empty() ? "" : ", ") + toml_string(device);
  }
  append(text, "heads", "[" + devices + "]");
  append(text, "tails", toml_string(target.tail_device));
  append(text, "rounding", toml_string(to_string(target.rounding)));
  append(text, "dump", target.dump ? "true" : "false");
  append(text, "policy", toml_string(to_string(target.policy)));
  append(text, "queue", std::to_string(target.queue));
  if (target.deadline_ms) {
    append(text, "deadline_ms", std::to_string(*target.deadline_ms));
  }
  if (target.freshness_ms) {
    append(text, "freshness_ms", std::to_string(*target.freshness_ms));
  }
  text += "\n[encoder]\n" + part_to_toml(target.encoder);
  text += "\n[head_defaults]\n" + part_to_toml(target.head_defaults);
  for (const auto& [name, part] : target.heads) {
    text += "\n[head." + toml_string(name) + "]\n" + part_to_toml(part);
  }
  for (const auto& [name, options] : target.devices) {
    text += "\n[device." + toml_string(name) + "]\n";
    for (const auto& [key, value] : options) {
      append(text, toml_string(key).c_str(), toml_string(value));
    }
  }
  return text;
}

std::vector<std::string> built_in_targets() {
  std::vector<std::string> names;
  for (const auto& [name, text] : kBuiltIn) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace mtmi::bundle
