#include "mtmi/graph/text_literal.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

#include "mtmi/core/half.h"

namespace mtmi::text {
namespace {

/// Bits of the NaN that is written "nan"; any other is written as its bits.
template <class T>
constexpr std::uint64_t kUsualNan = 0;
template <>
constexpr std::uint64_t kUsualNan<float> = 0x7fc00000U;
template <>
constexpr std::uint64_t kUsualNan<double> = 0x7ff8000000000000U;
template <>
constexpr std::uint64_t kUsualNan<Float16> = 0x7e00U;
template <>
constexpr std::uint64_t kUsualNan<BFloat16> = 0x7fc0U;

template <class T>
std::uint64_t bits_of(T value) {
  if constexpr (sizeof(T) == 2) {
    return value.bits;
  } else if constexpr (sizeof(T) == 4) {
    return std::bit_cast<std::uint32_t>(value);
  } else {
    return std::bit_cast<std::uint64_t>(value);
  }
}

template <class T>
T from_bits(std::uint64_t bits) {
  if constexpr (sizeof(T) == 2) {
    return T{static_cast<std::uint16_t>(bits)};
  } else if constexpr (sizeof(T) == 4) {
    return std::bit_cast<T>(static_cast<std::uint32_t>(bits));
  } else {
    return std::bit_cast<T>(bits);
  }
}

template <class T>
std::string number(T value) {
  std::array<char, 40> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return {buffer.data(), result.ptr};
}

std::string hexadecimal(std::uint64_t bits) {
  std::array<char, 20> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), bits, 16);
  return "0x" + std::string(buffer.data(), result.ptr);
}

template <class T>
std::string float_element(T value) {
  if constexpr (sizeof(T) == 2) {
    const float widened = to_float(value);
    if (!std::isnan(widened)) {
      return number(widened);
    }
  } else if (!std::isnan(value)) {
    return number(value);
  }
  return bits_of(value) == kUsualNan<T> ? "nan" : hexadecimal(bits_of(value));
}

template <class T>
std::optional<T> parse_number(std::string_view word) noexcept {
  if (!word.empty() && word[0] == '+') {
    word.remove_prefix(1);
  }
  T value{};
  const char* end = word.data() + word.size();
  const auto result = std::from_chars(word.data(), end, value);
  // result_out_of_range: an over- or underflowing literal would not print as itself.
  return result.ec == std::errc() && result.ptr == end ? std::optional(value) : std::nullopt;
}

template <class T>
std::optional<T> parse_float_element(std::string_view word) noexcept {
  if (word.starts_with("0x")) {
    std::uint64_t bits = 0;
    const char* end = word.data() + word.size();
    const auto result = std::from_chars(word.data() + 2, end, bits, 16);
    const bool fits = sizeof(T) == 8 || bits >> (8 * sizeof(T) % 64) == 0;
    return result.ec == std::errc() && result.ptr == end && fits ? std::optional(from_bits<T>(bits))
                                                                 : std::nullopt;
  }
  if (word == "nan") {
    return from_bits<T>(kUsualNan<T>);
  }
  if constexpr (std::is_same_v<T, double>) {
    return parse_number<double>(word);
  } else {
    const std::optional<float> value = parse_number<float>(word);
    if constexpr (std::is_same_v<T, float>) {
      return value;
    } else if constexpr (std::is_same_v<T, Float16>) {
      return value ? std::optional(to_float16(*value)) : std::nullopt;
    } else {
      return value ? std::optional(to_bfloat16(*value)) : std::nullopt;
    }
  }
}

template <class T>
bool store(const std::optional<T>& value, Tensor& tensor, std::int64_t index) {
  if (value) {
    tensor.data<T>()[static_cast<std::size_t>(index)] = *value;
  }
  return value.has_value();
}

std::optional<bool> parse_bool(std::string_view word) noexcept {
  if (word == "0" || word == "1") {
    return word == "1";
  }
  return std::nullopt;
}

}  // namespace

bool is_word_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '/' || c == '-' || c == '+';
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (c == '\n') {
      result += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      constexpr std::string_view kDigits = "0123456789abcdef";
      result += {'\\', 'x', kDigits[byte >> 4U], kDigits[byte & 15U]};
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string name_literal(std::string_view name) {
  const bool is_word = !name.empty() && std::all_of(name.begin(), name.end(), is_word_character);
  return is_word ? std::string(name) : quoted(name);
}

std::string float_literal(float value) {
  const std::string digits = float_element(value);
  return digits.find_first_of(".enx") == std::string::npos ? digits + ".0" : digits;
}

std::string element_literal(const Tensor& tensor, std::int64_t index) {
  const auto i = static_cast<std::size_t>(index);
  switch (tensor.dtype()) {
    case DType::Float32:
      return float_element(tensor.data<float>()[i]);
    case DType::Float16:
      return float_element(tensor.data<Float16>()[i]);
    case DType::BFloat16:
      return float_element(tensor.data<BFloat16>()[i]);
    case DType::Float64:
      return float_element(tensor.data<double>()[i]);
    case DType::Int8:
      return number(int{tensor.data<std::int8_t>()[i]});
    case DType::UInt8:
      return number(int{tensor.data<std::uint8_t>()[i]});
    case DType::Int32:
      return number(tensor.data<std::int32_t>()[i]);
    case DType::Int64:
      return number(tensor.data<std::int64_t>()[i]);
    case DType::Bool:
      return tensor.bytes()[i] != std::byte{0} ? "1" : "0";
  }
  return {};
}

std::optional<std::int64_t> parse_int(std::string_view word) noexcept {
  return parse_number<std::int64_t>(word);
}

std::optional<float> parse_float(std::string_view word) noexcept {
  return parse_float_element<float>(word);
}

bool parse_element(std::string_view word, Tensor& tensor, std::int64_t index) {
  switch (tensor.dtype()) {
    case DType::Float32:
      return store(parse_float_element<float>(word), tensor, index);
    case DType::Float16:
      return store(parse_float_element<Float16>(word), tensor, index);
    case DType::BFloat16:
      return store(parse_float_element<BFloat16>(word), tensor, index);
    case DType::Float64:
      return store(parse_float_element<double>(word), tensor, index);
    case DType::Int8:
      return store(parse_number<std::int8_t>(word), tensor, index);
    case DType::UInt8:
      return store(parse_number<std::uint8_t>(word), tensor, index);
    case DType::Int32:
      return store(parse_number<std::int32_t>(word), tensor, index);
    case DType::Int64:
      return store(parse_number<std::int64_t>(word), tensor, index);
    case DType::Bool:
      return store(parse_bool(word), tensor, index);
  }
  return false;
}

}  // namespace mtmi::text
