// Any bytes as an .npy file: it is refused with a sentence, or read; and what is read, written, is
// the same.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "one_sentence.h"

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/core/npy.h"

namespace {

void read_and_write(std::span<const std::byte> bytes) {
  const mtmi::Tensor tensor = mtmi::parse_npy(bytes);
  std::string file = mtmi::npy_header(tensor);
  file.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.size_bytes());
  mtmi::fuzz::expect_no_refusal([&] {
    const mtmi::Tensor again = mtmi::parse_npy(std::as_bytes(std::span(file)));
    MTMI_ASSERT(mtmi::bitwise_equal(tensor, again));
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 30);
  mtmi::fuzz::expect_one_sentence([=] { read_and_write(std::as_bytes(std::span(data, size))); });
  return 0;
}
