// Any bytes as the text of a graph: it is refused with a sentence, or parsed; and what is parsed
// prints to a text that parses to the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "one_sentence.h"

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/graph/text.h"

namespace {

std::string full_text(const mtmi::Graph& graph) {
  mtmi::TextOptions options;
  options.max_constant_elements = -1;
  return mtmi::to_text(graph, options);
}

void parse_and_print(std::string_view text) {
  const std::string printed = full_text(mtmi::parse_text(text));
  mtmi::fuzz::expect_no_refusal(
      [&printed] { MTMI_ASSERT(full_text(mtmi::parse_text(printed)) == printed); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 26);
  mtmi::fuzz::expect_one_sentence([=] {
    parse_and_print({reinterpret_cast<const char*>(data), size});
  });
  return 0;
}
