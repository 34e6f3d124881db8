// Any bytes as an engine file, and, as checksums keep those out, as the sections of a file whose
// checksums are right: it is refused with a sentence, or read.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "one_sentence.h"

#include "mtmi/core/memory_limit.h"
#include "mtmi/device/engine_container.h"
#include "mtmi/device/engine_file.h"

namespace {

using mtmi::fuzz::expect_one_sentence;

void read(std::span<const std::byte> bytes) {
  expect_one_sentence([=] { static_cast<void>(mtmi::read_engine(bytes, nullptr)); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 30);
  const auto bytes = std::as_bytes(std::span(data, size));
  read(bytes);
  // The first byte says how much of the rest is weights.
  if (size > 1) {
    const auto rest = bytes.subspan(1);
    const std::size_t weights = std::min<std::size_t>(data[0], rest.size());
    mtmi::engine_container::Contents contents;
    contents.content_hash = std::string(32, '0');
    contents.sections[0] = rest.subspan(weights);
    contents.sections[1] = rest.first(weights);
    const std::vector<std::byte> file = mtmi::engine_container::pack(contents);
    read(file);
  }
  return 0;
}
