// Any bytes as a target file: it is refused with a sentence, or read; and what is read is written
// as a text that reads to the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "one_sentence.h"

#include "mtmi/bundle/target_file.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 26);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  mtmi::fuzz::expect_one_sentence([text] {
    const mtmi::Target target = mtmi::bundle::parse_target(text, "fuzz.toml");
    mtmi::fuzz::expect_no_refusal([&target] {
      const std::string printed = mtmi::bundle::to_toml(target);
      MTMI_ASSERT(mtmi::bundle::parse_target(printed, "fuzz.toml") == target);
    });
  });
  return 0;
}
