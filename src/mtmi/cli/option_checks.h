// Which texts options take: what is wrong with one is said before the verb begins.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class Validator;
}

// CLI11's own ranges let "nan" pass, and print the largest double.
namespace mtmi::cli {

/// A whole number in decimal digits, from `low` to `high`.
[[nodiscard]] CLI::Validator whole_number(
    std::uint64_t low, std::uint64_t high = std::numeric_limits<std::uint64_t>::max());

/// A finite number from `low` to `high`.
[[nodiscard]] CLI::Validator finite_number(double low,
                                           double high = std::numeric_limits<double>::max());

/// One of `names`; of a name that is nearly one, that one is offered.
[[nodiscard]] CLI::Validator one_of(std::vector<std::string> names);

/// What `parse` takes: the Error that it throws for others is what is wrong with them.
[[nodiscard]] CLI::Validator parsed_by(std::function<void(const std::string&)> parse);

/// f32, bf16, f16 or int8.
[[nodiscard]] CLI::Validator precision_name();

/// HEIGHTxWIDTH, as parse_pixel_size() takes it.
[[nodiscard]] CLI::Validator pixel_size();

/// NAME=DIMS, as parse_assignment() and parse_dims() take it.
[[nodiscard]] CLI::Validator input_shape();

/// A device of this machine, or one that this build is known to leave out: what needs it says why.
[[nodiscard]] CLI::Validator device_name();

/// All of `text` as a finite number; nothing if it is none.
[[nodiscard]] std::optional<double> parse_finite(std::string_view text);

}  // namespace mtmi::cli
