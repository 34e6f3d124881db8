// Any bytes as an image, and, as checksums keep those out, as a PNG whose checksums are right: it
// is refused with a sentence, or read; and what is read, written, is the same.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "one_sentence.h"
#include <zlib.h>

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/vision/image.h"

namespace {

using Bytes = std::span<const std::byte>;

constexpr std::size_t kSignatureSize = 8;
constexpr std::size_t kChunkFrame = 12;  // length, type, checksum

std::size_t big_endian(Bytes bytes) {
  std::size_t value = 0;
  for (const std::byte byte : bytes.first(4)) {
    value = value << 8 | std::to_integer<std::size_t>(byte);
  }
  return value;
}

/// `bytes` with the checksum of each chunk that is whole.
std::vector<std::byte> with_right_checksums(Bytes bytes) {
  std::vector<std::byte> png(bytes.begin(), bytes.end());
  std::size_t at = kSignatureSize;
  while (at + kChunkFrame <= png.size()) {
    const std::size_t length = big_endian(bytes.subspan(at));
    if (length > png.size() - at - kChunkFrame) {
      break;
    }
    const auto* type_and_data = reinterpret_cast<const Bytef*>(png.data() + at + 4);
    const uLong checksum = crc32(0, type_and_data, static_cast<uInt>(length + 4));
    for (std::size_t i = 0; i < 4; ++i) {
      png[at + 8 + length + i] = static_cast<std::byte>(checksum >> (24 - 8 * i) & 0xFFU);
    }
    at += kChunkFrame + length;
  }
  return png;
}

template <class Raster>
void read_and_write(Bytes bytes, Raster (*decode)(Bytes, const std::string&)) {
  mtmi::fuzz::expect_one_sentence([=] {
    const Raster image = decode(bytes, "fuzz.png");
    const auto file = mtmi::vision::encode_png(image, mtmi::vision::PngEffort::Fast);
    mtmi::fuzz::expect_no_refusal([&] { MTMI_ASSERT(decode(file, "fuzz.png") == image); });
  });
}

void read(Bytes bytes) {
  read_and_write(bytes, &mtmi::vision::decode_image);
  read_and_write(bytes, &mtmi::vision::decode_gray8);
  read_and_write(bytes, &mtmi::vision::decode_gray16);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mtmi::set_memory_limit(std::size_t{1} << 28);
  const auto bytes = std::as_bytes(std::span(data, size));
  read(bytes);
  read(with_right_checksums(bytes));
  return 0;
}
