#include "mtmi/vision/deflate.h"

#include <memory>
#include <new>

#include <libdeflate.h>

#include "mtmi/core/assert.h"

namespace mtmi::vision {
namespace {

constexpr int kQuickest = 1;

struct Free {
  void operator()(libdeflate_compressor* compressor) const {
    libdeflate_free_compressor(compressor);
  }
};

}  // namespace

std::vector<std::byte> deflate_fast(std::span<const std::byte> bytes) {
  const std::unique_ptr<libdeflate_compressor, Free> compressor(
      libdeflate_alloc_compressor(kQuickest));
  if (!compressor) {
    throw std::bad_alloc();
  }
  std::vector<std::byte> stream(libdeflate_zlib_compress_bound(compressor.get(), bytes.size()));
  const std::size_t size = libdeflate_zlib_compress(
      compressor.get(), bytes.data(), bytes.size(), stream.data(), stream.size());
  MTMI_ASSERT(size > 0);  // 0: it did not fit, which the bound rules out
  stream.resize(size);
  return stream;
}

}  // namespace mtmi::vision
