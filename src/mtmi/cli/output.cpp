#include "mtmi/cli/output.h"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace mtmi::cli {

void print(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_json(const nlohmann::json& document) {
  print(document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace mtmi::cli
