// Private to vision/: compression in zlib's format of what does not repeat, such as a photograph's
// noise.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace mtmi::vision {

/// A zlib stream (RFC 1950) of `bytes` by Huffman's codes alone (RFC 1951, section 3.2.7), without
/// looking for repetitions: of a filtered photograph it is smaller than deflate_fast()'s, in a
/// fraction of the time. Throws std::bad_alloc.
[[nodiscard]] std::vector<std::byte> deflate_literals(std::span<const std::byte> bytes);

}  // namespace mtmi::vision
