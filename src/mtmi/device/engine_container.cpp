#include "mtmi/device/engine_container.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "mtmi/core/assert.h"
#include "mtmi/core/hash.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"

namespace mtmi::engine_container {
namespace {

static_assert(std::endian::native == std::endian::little, "engine files are little-endian");

constexpr std::array<char, 8> kMagic{'\x89', 'M', 'T', 'M', 'I', 'E', '\r', '\n'};
constexpr std::size_t kSectionAlignment = 4096;

struct SectionEntry {
  std::array<char, 8> name;
  std::uint64_t offset;
  std::uint64_t size;
  std::array<char, 32> checksum;
};

struct Header {
  std::array<char, 8> magic;
  std::uint32_t version;
  std::uint32_t num_sections;
  std::uint64_t file_size;
  std::array<char, 32> content_hash;
  std::array<SectionEntry, kNumSections> sections;
  std::array<char, 32> checksum;  // of all above
};

static_assert(sizeof(SectionEntry) == 56 && sizeof(Header) == 88 + 3 * 56, "no padding inside");

template <std::size_t N>
std::array<char, N> chars_of(std::string_view text) {
  MTMI_ASSERT(text.size() <= N);
  std::array<char, N> chars{};
  std::copy(text.begin(), text.end(), chars.begin());
  return chars;
}

std::array<char, 32> checksum_of(std::span<const std::byte> bytes) {
  return chars_of<32>(hash_hex(bytes));
}

std::array<char, 32> checksum_of(const Header& header) {
  return checksum_of(std::as_bytes(std::span(&header, 1)).first(offsetof(Header, checksum)));
}

constexpr std::size_t aligned(std::size_t offset) {
  return (offset + kSectionAlignment - 1) / kSectionAlignment * kSectionAlignment;
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidModel, "device::read_engine", message);
}

Header read_header(std::span<const std::byte> bytes) {
  if (!has_magic(bytes)) {
    refuse("not an engine: it does not start as one");
  }
  Header header;
  if (bytes.size() < sizeof(header)) {
    refuse("the engine is cut off: got " + std::to_string(bytes.size()) +
           " bytes, expected a header of " + std::to_string(sizeof(header)));
  }
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (header.version != kFormatVersion) {
    refuse("the engine has format version " + std::to_string(header.version) +
           ", this mtmi reads version " + std::to_string(kFormatVersion) + ": build it again");
  }
  if (header.checksum != checksum_of(header) || header.num_sections != kNumSections) {
    refuse("the engine's header is damaged");
  }
  if (header.file_size != bytes.size()) {
    refuse("the engine is cut off or has grown: got " + std::to_string(bytes.size()) +
           " bytes, expected " + std::to_string(header.file_size));
  }
  return header;
}

}  // namespace

bool has_magic(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= kMagic.size() &&
         std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
}

std::vector<std::byte> pack(const Contents& contents) {
  Header header{};
  header.magic = kMagic;
  header.version = kFormatVersion;
  header.num_sections = kNumSections;
  header.content_hash = chars_of<32>(contents.content_hash);
  std::size_t end = sizeof(Header);
  for (std::size_t i = 0; i < kNumSections; ++i) {
    const std::span<const std::byte> section = contents.sections[i];
    header.sections[i] = {.name = chars_of<8>(kSectionNames[i]),
                          .offset = aligned(end),
                          .size = section.size(),
                          .checksum = checksum_of(section)};
    end = aligned(end) + section.size();
  }
  header.file_size = end;
  header.checksum = checksum_of(header);

  auto bytes = zeros_within_limit<std::byte>(static_cast<std::int64_t>(end), "the engine to write");
  std::memcpy(bytes.data(), &header, sizeof(header));
  for (std::size_t i = 0; i < kNumSections; ++i) {
    std::copy(contents.sections[i].begin(),
              contents.sections[i].end(),
              bytes.begin() + static_cast<std::ptrdiff_t>(header.sections[i].offset));
  }
  return bytes;
}

Contents unpack(std::span<const std::byte> bytes) {
  const Header header = read_header(bytes);
  Contents contents;
  contents.content_hash = std::string(header.content_hash.data(), header.content_hash.size());
  for (std::size_t i = 0; i < kNumSections; ++i) {
    const SectionEntry& entry = header.sections[i];
    const std::string name(kSectionNames[i]);
    if (entry.offset > bytes.size() || entry.size > bytes.size() - entry.offset ||
        entry.offset % kSectionAlignment != 0) {
      refuse("the engine's section '" + name + "' lies outside of the file");
    }
    contents.sections[i] = bytes.subspan(entry.offset, entry.size);
    if (entry.checksum != checksum_of(contents.sections[i])) {
      refuse("the engine's section '" + name + "' is damaged: its checksum is wrong");
    }
  }
  return contents;
}

}  // namespace mtmi::engine_container
