#include "mtmi/vision/literal_deflate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include <libdeflate.h>

namespace mtmi::vision {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 16;  // that share a code
constexpr std::size_t kSymbols = 257;                      // bytes, and the end of a block
constexpr std::size_t kEndOfBlock = 256;
constexpr std::size_t kCodesPerFlush = 4;
constexpr int kLongestCode = 14;  // so that these fit into a word, with 7 bits left over

using Counts = std::array<std::uint32_t, kSymbols>;
using Lengths = std::array<std::uint8_t, kSymbols>;

struct Code {
  std::uint32_t bits = 0;  // the first in the lowest bit
  int length = 0;
};

using Codes = std::array<Code, kSymbols>;

Counts count_symbols(std::span<const std::byte> block) {
  // Four tables: the same byte again would wait for its own count else.
  std::array<Counts, 4> counts{};
  for (std::size_t i = 0; i < block.size(); ++i) {
    ++counts[i % 4][std::to_integer<std::size_t>(block[i])];
  }
  Counts sum{};
  for (const Counts& some : counts) {
    std::transform(sum.begin(), sum.end(), some.begin(), sum.begin(), std::plus<>());
  }
  sum[kEndOfBlock] = 1;
  sum[0] = std::max(sum[0], 1U);  // two symbols make a code of one bit each
  return sum;
}

// The lengths of Huffman's codes, as long as they come; 0 for what does not occur. Pre: two symbols
// occur.
Lengths huffman_lengths(const Counts& counts) {
  constexpr std::size_t kNodes = 2 * kSymbols;
  std::array<std::size_t, kNodes> parents{};
  using Weighted = std::pair<std::uint64_t, std::size_t>;  // (count, node); ties by node
  std::priority_queue<Weighted, std::vector<Weighted>, std::greater<>> roots;
  for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
    if (counts[symbol] > 0) {
      roots.emplace(counts[symbol], symbol);
    }
  }
  std::size_t next = kSymbols;
  while (roots.size() > 1) {
    const Weighted a = roots.top();
    roots.pop();
    const Weighted b = roots.top();
    roots.pop();
    parents[a.second] = parents[b.second] = next;
    roots.emplace(a.first + b.first, next++);
  }
  std::array<std::uint8_t, kNodes> depths{};
  for (std::size_t node = next - 1; node-- > 0;) {
    if (parents[node] != 0) {
      depths[node] = static_cast<std::uint8_t>(depths[parents[node]] + 1);
    }
  }
  Lengths lengths;
  std::copy_n(depths.begin(), kSymbols, lengths.begin());
  return lengths;
}

// At most kLongestCode: rare symbols are counted as if they were less rare until it is so.
Lengths limited_lengths(Counts counts) {
  for (;;) {
    const Lengths lengths = huffman_lengths(counts);
    if (*std::max_element(lengths.begin(), lengths.end()) <= kLongestCode) {
      return lengths;
    }
    for (std::uint32_t& count : counts) {
      count = (count + 1) / 2;
    }
  }
}

// RFC 1951, section 3.2.2: codes of a length in the order of their symbols, the highest bit first.
Codes codes_of(const Lengths& lengths) {
  std::array<std::uint32_t, kLongestCode + 2> next{};
  for (const std::uint8_t length : lengths) {
    next[length + 1U] += length > 0 ? 1U : 0U;
  }
  for (std::size_t length = 1; length < next.size(); ++length) {
    next[length] = (next[length] + next[length - 1]) << 1U;
  }
  Codes codes;
  for (std::size_t symbol = 0; symbol < kSymbols; ++symbol) {
    const int length = lengths[symbol];
    std::uint32_t code = length > 0 ? next[lengths[symbol]]++ : 0U;
    codes[symbol].length = length;
    for (int i = 0; i < length; ++i, code >>= 1U) {
      codes[symbol].bits = codes[symbol].bits << 1U | (code & 1U);
    }
  }
  return codes;
}

// Bits into bytes, the lowest first.
class BitWriter {
 public:
  explicit BitWriter(std::byte* to) : to_(to) {}

  /// Pre: bits < 2^count; no more than 57 since the last flush().
  void put(std::uint32_t bits, int count) {
    waiting_ |= static_cast<std::uint64_t>(bits) << count_;
    count_ += count;
  }

  void put(Code code) { put(code.bits, code.length); }

  /// Writes whole bytes; it touches 8 that follow.
  void flush() {
    for (int i = 0; i < 8; ++i) {
      to_[i] = static_cast<std::byte>(waiting_ >> (8 * i));
    }
    to_ += count_ / 8;
    waiting_ >>= count_ & ~7;
    count_ &= 7;
  }

  /// Fills the last byte up; returns the end.
  [[nodiscard]] std::byte* finish() {
    flush();
    return to_ + (count_ > 0 ? 1 : 0);
  }

 private:
  std::byte* to_;
  std::uint64_t waiting_ = 0;
  int count_ = 0;
};

// RFC 1951, section 3.2.7, the code lengths one by one, in four bits each.
void put_header(BitWriter& writer, const Lengths& lengths, bool is_last) {
  constexpr int kLengthCodes = 19;
  writer.put(is_last ? 1 : 0, 1);
  writer.put(2, 2);  // with a code of its own
  writer.put(kSymbols - 257, 5);
  writer.put(0, 5);  // one distance, which never comes
  writer.put(kLengthCodes - 4, 4);
  writer.flush();
  for (int i = 0; i < kLengthCodes; ++i) {
    writer.put(i < 3 ? 0 : 4, 3);  // the first three would be repetitions
    writer.flush();
  }
  const auto put_length = [&](std::uint32_t length) {
    std::uint32_t reversed = 0;
    for (int i = 0; i < 4; ++i) {
      reversed |= (length >> i & 1U) << (3 - i);
    }
    writer.put(reversed, 4);
    writer.flush();
  };
  std::for_each(lengths.begin(), lengths.end(), put_length);
  put_length(1);
}

void put_block(BitWriter& writer, std::span<const std::byte> block, bool is_last) {
  const Lengths lengths = limited_lengths(count_symbols(block));
  const Codes codes = codes_of(lengths);
  put_header(writer, lengths, is_last);
  const auto code_of = [&](std::byte byte) { return codes[std::to_integer<std::size_t>(byte)]; };
  std::size_t i = 0;
  for (; i + kCodesPerFlush <= block.size(); i += kCodesPerFlush) {
    for (std::size_t k = 0; k < kCodesPerFlush; ++k) {
      writer.put(code_of(block[i + k]));
    }
    writer.flush();
  }
  for (; i < block.size(); ++i) {
    writer.put(code_of(block[i]));
    writer.flush();
  }
  writer.put(codes[kEndOfBlock]);
  writer.flush();
}

// What the codes of `bytes` bytes in blocks can take at most, and what flush() touches.
std::size_t bound_of(std::size_t bytes) {
  constexpr std::size_t kHeaderBytes = 256;
  const std::size_t blocks = bytes / kBlockBytes + 1;
  return bytes * kLongestCode / 8 + blocks * kHeaderBytes + 64;
}

}  // namespace

std::vector<std::byte> deflate_literals(std::span<const std::byte> bytes) {
  std::vector<std::byte> stream(bound_of(bytes.size()));
  stream[0] = std::byte{0x78};  // RFC 1950: deflate in a window of 32 KiB, made quickly
  stream[1] = std::byte{0x01};
  BitWriter writer(&stream[2]);
  std::size_t begin = 0;
  do {
    const std::size_t count = std::min(kBlockBytes, bytes.size() - begin);
    put_block(writer, bytes.subspan(begin, count), begin + count == bytes.size());
    begin += count;
  } while (begin < bytes.size());
  std::byte* end = writer.finish();
  const std::uint32_t checksum = libdeflate_adler32(1, bytes.data(), bytes.size());
  for (int shift = 24; shift >= 0; shift -= 8) {
    *end++ = static_cast<std::byte>(checksum >> shift);
  }
  stream.resize(static_cast<std::size_t>(end - stream.data()));
  return stream;
}

}  // namespace mtmi::vision
