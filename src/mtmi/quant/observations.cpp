#include "mtmi/quant/observations.h"

#include <bit>
#include <cstring>
#include <numeric>
#include <string_view>
#include <utility>

#include "mtmi/core/assert.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"

namespace mtmi::quant {
namespace {

constexpr std::string_view kMagic = "mtmi observations 1\n";  // with the version of the format
constexpr std::size_t kDigest = 32;

class Writer {
 public:
  void number(std::uint64_t value) {
    for (; value >= 0x80U; value >>= 7U) {
      bytes_.push_back(static_cast<std::byte>(value | 0x80U));
    }
    bytes_.push_back(static_cast<std::byte>(value));
  }

  void text(std::string_view text) {
    number(text.size());
    raw(text);
  }

  void raw(std::string_view text) {
    const auto* data = reinterpret_cast<const std::byte*>(text.data());
    bytes_.insert(bytes_.end(), data, data + text.size());
  }

  /// Runs of zeros are most of a histogram: 0, then how many.
  void counts(std::span<const std::uint64_t> counts) {
    for (std::size_t k = 0; k < counts.size();) {
      number(counts[k]);
      std::size_t end = k + 1;
      if (counts[k] == 0) {
        while (end < counts.size() && counts[end] == 0) {
          ++end;
        }
        number(end - k);
      }
      k = end;
    }
  }

  /// Replaces what stands at `position`.
  void overwrite(std::size_t position, std::string_view text) {
    MTMI_ASSERT(position + text.size() <= bytes_.size());
    std::memcpy(bytes_.data() + position, text.data(), text.size());
  }

  [[nodiscard]] std::span<const std::byte> behind(std::size_t position) const {
    return std::span(bytes_).subspan(position);
  }

  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::InvalidModel, "quant::decode_observations", what);
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<std::uint64_t>(take(1).front());
      value |= (byte & 0x7FU) << shift;
      if (byte < 0x80U) {
        return value;
      }
    }
    refuse("the observations are damaged: a number has no end");
  }

  std::string text() {
    const auto bytes = take(number());
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  std::vector<std::uint64_t> counts(std::size_t size) {
    std::vector<std::uint64_t> counts(size);
    for (std::size_t k = 0; k < size;) {
      counts[k] = number();
      const std::uint64_t step = counts[k] == 0 ? number() : 1;
      if (step == 0 || step > size - k) {
        refuse("the observations are damaged: a histogram has more bins than there are");
      }
      k += step;
    }
    return counts;
  }

  [[nodiscard]] bool at_end() const noexcept { return bytes_.empty(); }

 private:
  std::span<const std::byte> take(std::uint64_t size) {
    if (size > bytes_.size()) {
      refuse("the observations are cut off");
    }
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }

  std::span<const std::byte> bytes_;
};

Histogram read_histogram(Reader& reader, const std::string& name) {
  const std::uint64_t absmax = reader.number();
  const std::uint64_t zeros = reader.number();
  if (absmax > UINT32_MAX) {
    refuse("the observations of tensor '" + name + "' are damaged");
  }
  require_memory(Histogram::kBins * sizeof(std::uint64_t), "the histogram of '" + name + "'");
  auto histogram = Histogram::from_counts(std::bit_cast<float>(static_cast<std::uint32_t>(absmax)),
                                          zeros,
                                          reader.counts(Histogram::kBins));
  if (!histogram) {
    refuse("the observations of tensor '" + name + "' contradict themselves");
  }
  return std::move(*histogram);
}

/// What stands behind magic number and digest, once they have been found right.
std::span<const std::byte> checked_payload(std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (!text.starts_with(kMagic)) {
    refuse("these are no observations of this version of mtmi");
  }
  if (text.size() < kMagic.size() + kDigest) {
    refuse("the observations are cut off");
  }
  const auto payload = bytes.subspan(kMagic.size() + kDigest);
  if (text.substr(kMagic.size(), kDigest) != hash_hex(payload)) {
    refuse("the observations are damaged: their digest is not that of the file");
  }
  return payload;
}

}  // namespace

std::uint64_t Observations::num_images() const noexcept {
  return std::accumulate(
      images.begin(), images.end(), std::uint64_t{0}, [](std::uint64_t sum, const auto& image) {
        return sum + image.second;
      });
}

std::vector<std::byte> encode(const Observations& observations) {
  Writer file;
  file.raw(kMagic);
  file.raw(std::string(kDigest, '0'));
  file.text(observations.context);
  file.number(observations.images.size());
  for (const auto& [digest, times] : observations.images) {
    file.text(digest);
    file.number(times);
  }
  file.number(observations.begun ? 1 : 0);
  if (observations.begun) {
    file.text(observations.begun->digest);
    file.number(observations.begun->counted.size());
    for (const std::string& name : observations.begun->counted) {
      file.text(name);
    }
  }
  file.number(observations.tensors.size());
  for (const auto& [name, histogram] : observations.tensors) {
    file.text(name);
    file.number(std::bit_cast<std::uint32_t>(histogram.absmax()));
    file.number(histogram.zeros());
    file.counts(histogram.bins());
  }
  file.overwrite(kMagic.size(), hash_hex(file.behind(kMagic.size() + kDigest)));
  return file.take();
}

Observations decode_observations(std::span<const std::byte> bytes) {
  Reader reader(checked_payload(bytes));
  Observations observations;
  observations.context = reader.text();
  for (std::uint64_t left = reader.number(); left > 0; --left) {
    std::string digest = reader.text();
    observations.images.insert_or_assign(std::move(digest), reader.number());
  }
  if (reader.number() != 0) {
    BegunImage& begun = observations.begun.emplace();
    begun.digest = reader.text();
    for (std::uint64_t left = reader.number(); left > 0; --left) {
      begun.counted.insert(reader.text());
    }
  }
  for (std::uint64_t left = reader.number(); left > 0; --left) {
    const std::string name = reader.text();
    observations.tensors.insert_or_assign(name, read_histogram(reader, name));
  }
  if (!reader.at_end()) {
    refuse("the observations are damaged: there is more behind their end");
  }
  return observations;
}

}  // namespace mtmi::quant
