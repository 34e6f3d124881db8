// Words of the text form: names, strings and numbers. Private to text_*.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mtmi/tensor.h"

namespace mtmi::text {

/// Whether `c` may stand in a name, number or keyword without quotes.
[[nodiscard]] bool is_word_character(char c) noexcept;

/// `text` in double quotes; `"`, `\` and control characters escaped as \", \\, \n and \xHH.
[[nodiscard]] std::string quoted(std::string_view text);

/// `name` as it is where it is a word, quoted otherwise.
[[nodiscard]] std::string name_literal(std::string_view name);

/// The shortest digits that read back as the same float, always with '.', 'e', "inf" or "nan".
[[nodiscard]] std::string float_literal(float value);

/// Element `index` of `tensor`, so that parse_element() gives the same bits.
[[nodiscard]] std::string element_literal(const Tensor& tensor, std::int64_t index);

/// The number that all of `word` is, or nothing.
[[nodiscard]] std::optional<std::int64_t> parse_int(std::string_view word) noexcept;
[[nodiscard]] std::optional<float> parse_float(std::string_view word) noexcept;

/// Sets element `index` of `tensor` from a word. False, changing nothing, where the word is no
/// number of that type.
[[nodiscard]] bool parse_element(std::string_view word, Tensor& tensor, std::int64_t index);

}  // namespace mtmi::text
