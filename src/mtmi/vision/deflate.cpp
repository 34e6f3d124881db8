// The format is that of RFC 1950 and 1951. Blocks with codes of their own, of which only the
// lengths of literals and runs need one: all runs repeat the byte before them.
#include "mtmi/vision/deflate.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace mtmi::vision {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1} << 16;
constexpr int kSymbols = 286;
constexpr int kEndOfBlock = 256;
constexpr int kMaxCodeBits = 15;
constexpr int kMinRun = 3;  // the format's; shorter than 4 is not looked for
constexpr int kMaxRun = 258;
constexpr std::size_t kRun = 256;  // a token below is a literal, one above a run

/// A symbol's code, first bit lowest.
struct Code {
  std::uint32_t bits = 0;
  int length = 0;
};

/// How a run's length is written: a symbol and some of the number's bits.
struct RunSymbol {
  int symbol = 0;
  std::uint32_t extra = 0;
  int extra_bits = 0;
};

constexpr std::array<RunSymbol, kMaxRun + 1> make_run_symbols() {
  std::array<RunSymbol, kMaxRun + 1> table{};
  int length = kMinRun;
  for (int symbol = 257; symbol < 285; ++symbol) {
    const int extra_bits = symbol < 265 ? 0 : (symbol - 261) / 4;
    for (int i = 0; i < 1 << extra_bits; ++i, ++length) {
      table[static_cast<std::size_t>(length)] = {symbol, static_cast<std::uint32_t>(i), extra_bits};
    }
  }
  table[kMaxRun] = {285, 0, 0};
  return table;
}

constexpr auto kRunSymbols = make_run_symbols();

/// Puts bits behind each other, the first in the lowest bit of a byte. A value, so that it can stay
/// in registers while bytes are written.
class BitWriter {
 public:
  /// Writes from `to` on, up to 8 bytes beyond what it is given.
  explicit BitWriter(std::byte* to) : to_(to) {}

  /// Pre: count <= 32.
  void put(std::uint32_t bits, int count) {
    waiting_ |= static_cast<std::uint64_t>(bits) << waiting_count_;
    waiting_count_ += count;
    for (int i = 0; i < 8; ++i) {  // one store; what is not whole yet is written again
      to_[i] = static_cast<std::byte>(waiting_ >> (8 * i));
    }
    to_ += waiting_count_ / 8;
    waiting_ >>= waiting_count_ & ~7;
    waiting_count_ &= 7;
  }

  void fill_byte() { put(0, (8 - waiting_count_) & 7); }

  [[nodiscard]] std::byte* end() const { return to_; }

  /// Goes on at `to`, which holds what was written.
  void move_to(std::byte* to) { to_ = to; }

 private:
  std::byte* to_;
  std::uint64_t waiting_ = 0;
  int waiting_count_ = 0;
};

/// A BitWriter's bytes.
class Output {
 public:
  /// Calls write(BitWriter) -> BitWriter with room for `most` bytes.
  void write(std::size_t most, const auto& write) {
    bytes_.resize(size_ + most + sizeof(std::uint64_t));
    bits_.move_to(bytes_.data() + size_);
    bits_ = write(bits_);
    size_ = static_cast<std::size_t>(bits_.end() - bytes_.data());
  }

  [[nodiscard]] std::vector<std::byte> take() {
    bytes_.resize(size_);
    return std::move(bytes_);
  }

 private:
  std::vector<std::byte> bytes_;
  std::size_t size_ = 0;
  BitWriter bits_{nullptr};
};

using Counts = std::array<std::uint32_t, kSymbols>;

/// The lengths of Huffman's code; the longest may be beyond what the format has.
std::array<int, kSymbols> huffman_lengths(const Counts& counts) {
  struct Node {
    std::uint64_t count;
    std::size_t parent;
    int depth;
  };

  std::array<std::size_t, kSymbols> symbols{};
  std::size_t leaves = 0;
  for (std::size_t s = 0; s < counts.size(); ++s) {
    if (counts[s] > 0) {
      symbols[leaves++] = s;
    }
  }
  std::stable_sort(symbols.begin(),
                   symbols.begin() + static_cast<std::ptrdiff_t>(leaves),
                   [&](std::size_t a, std::size_t b) { return counts[a] < counts[b]; });
  std::array<Node, std::size_t{2} * kSymbols> nodes{};
  for (std::size_t i = 0; i < leaves; ++i) {
    nodes[i].count = counts[symbols[i]];
  }
  // Inner nodes come in order of their counts, too: the least is first of the one or the other.
  std::size_t leaf = 0;
  std::size_t inner = leaves;
  std::size_t end = leaves;
  const auto take_least = [&] {
    const bool is_leaf = leaf < leaves && (inner == end || nodes[leaf].count <= nodes[inner].count);
    const std::size_t least = is_leaf ? leaf++ : inner++;
    nodes[least].parent = end;
    return nodes[least].count;
  };
  for (; end < 2 * leaves - 1; ++end) {
    nodes[end].count = take_least();
    nodes[end].count += take_least();
  }
  for (std::size_t i = end - 1; i-- > 0;) {
    nodes[i].depth = nodes[nodes[i].parent].depth + 1;
  }
  std::array<int, kSymbols> lengths{};
  for (std::size_t i = 0; i < leaves; ++i) {
    lengths[symbols[i]] = nodes[i].depth;
  }
  return lengths;
}

/// The best that the format can write, or nearly. Pre: two symbols occur.
std::array<int, kSymbols> code_lengths(Counts counts) {
  for (;;) {
    const auto lengths = huffman_lengths(counts);
    if (*std::max_element(lengths.begin(), lengths.end()) <= kMaxCodeBits) {
      return lengths;
    }
    for (std::uint32_t& count : counts) {
      count = (count + 1) / 2;  // rare symbols come closer to the others
    }
  }
}

std::uint32_t reversed(std::uint32_t bits, int count) {
  std::uint32_t result = 0;
  for (int i = 0; i < count; ++i) {
    result = result << 1 | (bits >> i & 1U);
  }
  return result;
}

/// The canonical code of these lengths.
std::array<Code, kSymbols> codes_of(const std::array<int, kSymbols>& lengths) {
  std::array<Code, kSymbols> codes;
  std::uint32_t next = 0;
  for (int length = 1; length <= kMaxCodeBits; ++length) {
    next <<= 1;
    for (std::size_t s = 0; s < codes.size(); ++s) {
      if (lengths[s] == length) {
        codes[s] = {reversed(next++, length), length};
      }
    }
  }
  return codes;
}

/// What a block says, as symbols below kRun, and kRun + length for runs.
class Tokens {
 public:
  Tokens() : list_(kBlockBytes) {}

  /// Pre: block.size() <= kBlockBytes.
  void read(std::span<const std::uint8_t> block) {
    size_ = 0;
    std::size_t i = 0;
    while (i < block.size()) {
      const std::uint8_t value = block[i++];
      list_[size_++] = value;
      while (starts_run(block.subspan(i), value)) {
        const std::size_t limit = std::min<std::size_t>(block.size() - i, kMaxRun);
        std::size_t length = kMinRun;
        while (length < limit && block[i + length] == value) {
          ++length;
        }
        list_[size_++] = static_cast<std::uint16_t>(kRun + length);
        i += length;
      }
    }
  }

  [[nodiscard]] std::span<const std::uint16_t> list() const { return {list_.data(), size_}; }

  [[nodiscard]] Counts counts() const {
    // Two tables in turns: the same token twice would wait for its own count.
    std::array<std::array<std::uint32_t, kRun + kMaxRun + 1>, 2> seen{};
    for (std::size_t i = 0; i < size_; ++i) {
      ++seen[i % 2][list_[i]];
    }
    Counts counts{};
    counts[kEndOfBlock] = 1;
    for (std::size_t token = 0; token < seen[0].size(); ++token) {
      const bool is_run = token >= kRun + kMinRun;
      counts[is_run ? static_cast<std::size_t>(kRunSymbols[token - kRun].symbol) : token] +=
          seen[0][token] + seen[1][token];
    }
    return counts;
  }

 private:
  // All at once: in a photograph the next byte alone is often the same, and a surprise to the
  // processor.
  static bool starts_run(std::span<const std::uint8_t> bytes, std::uint8_t value) {
    std::uint32_t next = 0;
    if (bytes.size() < sizeof(next)) {
      return false;
    }
    std::memcpy(&next, bytes.data(), sizeof(next));
    return next == value * 0x01010101U;
  }

  std::vector<std::uint16_t> list_;
  std::size_t size_ = 0;
};

/// The header that says the codes' lengths, each in four bits, and the one distance: 1.
void put_lengths(BitWriter& out, const std::array<int, kSymbols>& lengths) {
  out.put(kSymbols - 257, 5);
  out.put(0, 5);
  out.put(15, 4);
  for (int i = 0; i < 19; ++i) {
    out.put(i < 3 ? 0 : 4, 3);  // the first three would repeat lengths
  }
  for (const int length : lengths) {
    out.put(reversed(static_cast<std::uint32_t>(length), 4), 4);
  }
  out.put(reversed(1, 4), 4);
}

// No code has more than 15 bits, and no token stands for less than a byte.
constexpr std::size_t kMostBlockBytes = kBlockBytes * 2 + 1024;

[[nodiscard]] BitWriter put_block(BitWriter out, const Tokens& tokens, bool is_last) {
  out.put(is_last ? 1 : 0, 1);
  out.put(2, 2);
  const auto lengths = code_lengths(tokens.counts());
  put_lengths(out, lengths);
  const auto codes = codes_of(lengths);
  for (const std::uint16_t token : tokens.list()) {
    if (token < kRun) {
      out.put(codes[token].bits, codes[token].length);
      continue;
    }
    const RunSymbol& run = kRunSymbols[token - kRun];
    const Code& code = codes[static_cast<std::size_t>(run.symbol)];
    out.put(code.bits, code.length);
    out.put(run.extra, run.extra_bits + 1);  // and the distance's only code, a 0
  }
  out.put(codes[kEndOfBlock].bits, codes[kEndOfBlock].length);
  return out;
}

/// Adler's checksum: the sum of all bytes, and the sum of those sums, each modulo a prime.
std::uint32_t adler32(std::span<const std::uint8_t> bytes) {
  constexpr std::uint32_t kPrime = 65521;
  constexpr std::size_t kChunk = 4096;  // sums of so many fit into 32 bits
  std::uint32_t sum = 1;
  std::uint32_t sum_of_sums = 0;
  for (std::size_t begin = 0; begin < bytes.size(); begin += kChunk) {
    const auto chunk = bytes.subspan(begin, std::min(kChunk, bytes.size() - begin));
    const auto count = static_cast<std::uint32_t>(chunk.size());
    std::uint32_t chunk_sum = 0;
    std::uint32_t weighted = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      chunk_sum += chunk[i];
      weighted += (count - i) * chunk[i];
    }
    sum_of_sums = (sum_of_sums + count * sum + weighted % kPrime) % kPrime;
    sum = (sum + chunk_sum) % kPrime;
  }
  return sum_of_sums << 16 | sum;
}

}  // namespace

std::vector<std::byte> deflate_runs(std::span<const std::byte> bytes) {
  const std::span data(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  Output out;
  out.write(2, [](BitWriter bits) {
    bits.put(0x0178, 16);
    return bits;
  });
  Tokens tokens;
  std::size_t begin = 0;
  do {
    const std::size_t count = std::min(kBlockBytes, data.size() - begin);
    tokens.read(data.subspan(begin, count));
    begin += count;
    const bool is_last = begin == data.size();
    out.write(kMostBlockBytes, [&](BitWriter bits) { return put_block(bits, tokens, is_last); });
  } while (begin < data.size());
  const std::uint32_t check = adler32(data);
  out.write(8, [&](BitWriter bits) {
    bits.fill_byte();
    for (int shift = 24; shift >= 0; shift -= 8) {
      bits.put(check >> shift & 0xFFU, 8);
    }
    return bits;
  });
  return out.take();
}

}  // namespace mtmi::vision
