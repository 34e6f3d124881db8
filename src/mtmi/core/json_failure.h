// What is wrong with a JSON text, in one sentence of our own.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace mtmi {

/// Of what nlohmann::json has thrown while `text` was parsed or read: "line 3, column 7 is no
/// JSON", "there is no 'heads' in it". The parser's own texts are for programmers.
[[nodiscard]] std::string describe_json_failure(const std::exception& failure,
                                                std::string_view text);

}  // namespace mtmi
