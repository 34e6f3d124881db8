#include "mtmi/eval/variant_spec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "mtmi/error.h"

namespace mtmi::eval {
namespace {

struct Flag {
  std::string_view name;
  bool VariantSpec::*member;
};

constexpr std::array kFlags{Flag{"aligned", &VariantSpec::aligned},
                            Flag{"depth8", &VariantSpec::int8_depth},
                            Flag{"truncate", &VariantSpec::truncate},
                            Flag{"equalized", &VariantSpec::equalized},
                            Flag{"feedback", &VariantSpec::feedback},
                            Flag{"bias", &VariantSpec::bias}};

[[noreturn]] void refuse(std::string_view text) {
  throw Error(
      ErrorCode::InvalidArgument,
      "eval::parse_variant",
      "got variant '" + std::string(text) +
          "', expected PRECISION[-METHOD][/IMAGES][+OPTION]...[@DEVICE] with f32, bf16, f16 or "
          "int8; entropy, minmax, percentile or mse; aligned, depth8, truncate, "
          "equalized, feedback or bias");
}

/// Cuts off what follows the last `mark`; nothing where there is none.
std::optional<std::string_view> take_behind(std::string_view& text, char mark) {
  const std::size_t at = text.rfind(mark);
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view behind = text.substr(at + 1);
  text = text.substr(0, at);
  return behind;
}

void set_option(VariantSpec& spec, std::string_view option, std::string_view text) {
  for (const Flag& flag : kFlags) {
    if (option == flag.name && !(spec.*flag.member)) {
      spec.*flag.member = true;
      return;
    }
  }
  refuse(text);
}

bool has_flags(const VariantSpec& spec) {
  return std::any_of(
      kFlags.begin(), kFlags.end(), [&spec](const Flag& flag) { return spec.*flag.member; });
}

std::size_t count_of(std::string_view digits, std::string_view text) {
  std::size_t count = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, count);
  if (error != std::errc() || stop != end || count == 0) {
    refuse(text);
  }
  return count;
}

quant::Method method_of(std::string_view name, std::string_view text) {
  for (const quant::Method method : {quant::Method::Entropy,
                                     quant::Method::MinMax,
                                     quant::Method::Percentile,
                                     quant::Method::Mse}) {
    if (to_string(method) == name) {
      return method;
    }
  }
  refuse(text);
}

}  // namespace

std::string to_string(const VariantSpec& spec) {
  std::string name(to_string(spec.precision));
  if (spec.precision == Precision::Int8) {
    name += "-" + std::string(quant::to_string(spec.method));
    name += spec.images > 0 ? "/" + std::to_string(spec.images) : "";
  }
  for (const Flag& flag : kFlags) {
    name += spec.*flag.member ? "+" + std::string(flag.name) : "";
  }
  return spec.backend == VariantSpec{}.backend ? name : name + "@" + spec.backend;
}

VariantSpec parse_variant(std::string_view text) {
  VariantSpec spec;
  std::string_view rest = text;
  if (const auto device = take_behind(rest, '@')) {
    spec.backend = *device;
  }
  while (const auto option = take_behind(rest, '+')) {
    set_option(spec, *option, text);
  }
  if (const auto images = take_behind(rest, '/')) {
    spec.images = count_of(*images, text);
  }
  if (const auto method = take_behind(rest, '-')) {
    spec.method = method_of(*method, text);
    if (rest != "int8") {
      refuse(text);
    }
  }
  const auto precision = parse_precision(rest);
  if (!precision || (*precision != Precision::Int8 && (spec.images > 0 || has_flags(spec)))) {
    refuse(text);
  }
  spec.precision = *precision;
  return spec;
}

std::vector<VariantSpec> all_variants() {
  std::vector<VariantSpec> specs;
  for (const char* name : {"bf16@cpu",
                           "f16",
                           "int8-entropy",
                           "int8-minmax",
                           "int8-percentile",
                           "int8-mse",
                           "int8-entropy+aligned",
                           "int8-entropy+depth8",
                           "int8-entropy+truncate",
                           "int8-entropy+equalized",
                           "int8-entropy+feedback",
                           "int8-entropy+bias",
                           "int8-entropy+equalized+feedback+bias"}) {
    specs.push_back(parse_variant(name));
  }
  return specs;
}

}  // namespace mtmi::eval
