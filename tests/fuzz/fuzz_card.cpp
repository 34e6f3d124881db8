// Any bytes as a model card: it is refused with a sentence, or read; and what is read is written as
// a text that reads to the same.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "one_sentence.h"

#include "mtmi/bundle/model_card.h"
#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/graph/text.h"

namespace {

const mtmi::Graph& network() {
  static const mtmi::Graph graph = mtmi::parse_text(R"(graph "net" {
    input %image: f32[1,3,8,8]
    %scores: f32[1,4,8,8] = Tanh(%image)
    %seg: s64[1,8,8] = ArgMax(%scores) {axis = 1, keepdims = 0}
    %depth: f32[1,1,8,8] = Sigmoid(%image)
    output %seg
    output %depth
  })");
  return graph;
}

void parse_and_print(std::string_view text) {
  const auto card = mtmi::bundle::parse_card(text, "fuzz.toml", network());
  const std::string printed = mtmi::bundle::to_toml(card);
  mtmi::fuzz::expect_no_refusal([&] {
    const auto again = mtmi::bundle::parse_card(printed, "fuzz.toml", network());
    MTMI_ASSERT(again.outputs == card.outputs);
    MTMI_ASSERT(again.inputs == card.inputs && again.name == card.name);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 26);
  mtmi::fuzz::expect_one_sentence([=] {
    parse_and_print({reinterpret_cast<const char*>(data), size});
  });
  return 0;
}
