// Any bytes as a bundle's manifest, and, as its hash of itself keeps those out, with the hash that
// it should have: it is refused with a sentence, or read; and what is read is written as a text
// that reads to the same.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "one_sentence.h"
#include <nlohmann/json.hpp>

#include "mtmi/bundle/manifest.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/memory_limit.h"

namespace {

/// `text` with the hash as to_json() gives it, or as it is where it is no object.
std::string with_right_hash(std::string_view text) {
  nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) {
    return std::string(text);
  }
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  json.erase("hash");
  const std::string hashed = json.dump(2, ' ', false, kReplace) + "\n";
  json["hash"] = mtmi::hash_hex(std::as_bytes(std::span(hashed)));
  return json.dump(2, ' ', false, kReplace);
}

void read(std::string_view text) {
  mtmi::fuzz::expect_one_sentence([text] {
    const auto manifest = mtmi::bundle::parse_manifest(text, "manifest.json");
    const std::string printed = mtmi::bundle::to_json(manifest);
    mtmi::fuzz::expect_no_refusal(
        [&] { MTMI_ASSERT(mtmi::bundle::parse_manifest(printed, "manifest.json") == manifest); });
    MTMI_ASSERT(!mtmi::bundle::files_of(manifest).empty());
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 26);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read(text);
  read(with_right_hash(text));
  return 0;
}
