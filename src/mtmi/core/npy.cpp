#include "mtmi/core/npy.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "mtmi/core/file.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kHeaderAlignment = 64;

[[noreturn]] void refuse(const std::string& message, ErrorCode code = ErrorCode::InvalidModel) {
  throw Error(code, "core::npy", message);
}

struct TypeName {
  std::string_view descr;
  DType dtype;
};

constexpr std::array kTypeNames{
    TypeName{"<f4", DType::Float32},
    TypeName{"<f2", DType::Float16},
    TypeName{"<f8", DType::Float64},
    TypeName{"|i1", DType::Int8},
    TypeName{"|u1", DType::UInt8},
    TypeName{"<i4", DType::Int32},
    TypeName{"<i8", DType::Int64},
    TypeName{"|b1", DType::Bool},
};

DType parse_descr(const std::string& descr) {
  for (const TypeName& known : kTypeNames) {
    // NumPy writes '|' for single bytes; '<' and '=' mean the same there.
    if (descr.size() == 3 && known.descr.substr(1) == std::string_view(descr).substr(1) &&
        (descr[0] == known.descr[0] || descr[0] == '=' || (known.descr[0] == '|'))) {
      return known.dtype;
    }
  }
  if (descr.starts_with('>')) {
    refuse("got big-endian elements '" + descr + "', expected little-endian ones",
           ErrorCode::Unsupported);
  }
  refuse("got elements of type '" + descr + "', expected one of f4 f2 f8 i1 u1 i4 i8 b1",
         ErrorCode::Unsupported);
}

struct Header {
  DType dtype = DType::Float32;
  bool fortran_order = false;
  Shape shape;
};

/// Reads the header, which is a Python dictionary of three known entries.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  Header parse() {
    Header header;
    bool has_descr = false;
    bool has_order = false;
    bool has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = parse_string();
      expect(':');
      if (key == "descr") {
        header.dtype = parse_descr(parse_type());
        has_descr = true;
      } else if (key == "fortran_order") {
        header.fortran_order = parse_bool();
        has_order = true;
      } else if (key == "shape") {
        header.shape = parse_shape();
        has_shape = true;
      } else {
        refuse("the header has an unknown entry '" + key + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    if (!has_descr || !has_order || !has_shape) {
      refuse("the header lacks one of 'descr', 'fortran_order' and 'shape'");
    }
    return header;
  }

 private:
  void skip_spaces() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t\n"), text_.size()));
  }

  bool accept(char c) {
    skip_spaces();
    if (text_.empty() || text_.front() != c) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  void expect(char c) {
    if (!accept(c)) {
      refuse("the header is damaged: got '" + std::string(text_.substr(0, 1)) + "', expected '" +
             std::string(1, c) + "'");
    }
  }

  std::string parse_string() {
    skip_spaces();
    const char quote = text_.empty() ? ' ' : text_.front();
    if (quote != '\'' && quote != '"') {
      refuse("the header is damaged: expected a quoted name");
    }
    const auto end = text_.find(quote, 1);
    if (end == std::string_view::npos) {
      refuse("the header is damaged: a quote is not closed");
    }
    std::string value(text_.substr(1, end - 1));
    text_.remove_prefix(end + 1);
    return value;
  }

  std::string parse_type() {
    if (accept('[')) {
      refuse("got structured elements, expected plain numbers", ErrorCode::Unsupported);
    }
    return parse_string();
  }

  bool parse_bool() {
    skip_spaces();
    for (const auto& [word, value] : {std::pair{"True", true}, std::pair{"False", false}}) {
      if (text_.starts_with(word)) {
        text_.remove_prefix(std::strlen(word));
        return value;
      }
    }
    refuse("the header is damaged: 'fortran_order' is neither True nor False");
  }

  Shape parse_shape() {
    std::vector<std::int64_t> extents;
    expect('(');
    while (!accept(')')) {
      extents.push_back(parse_extent());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    try {
      return Shape(std::move(extents));
    } catch (const Error& e) {
      refuse(e.what());
    }
  }

  std::int64_t parse_extent() {
    skip_spaces();
    std::int64_t value = 0;
    const auto result = std::from_chars(text_.data(), text_.data() + text_.size(), value);
    if (result.ec != std::errc{}) {
      refuse("the header is damaged: 'shape' has an entry that is no 64-bit number");
    }
    text_.remove_prefix(static_cast<std::size_t>(result.ptr - text_.data()));
    return value;
  }

  std::string_view text_;
};

/// Splits a file into the text of its header and its elements.
std::pair<std::string_view, std::span<const std::byte>> split_file(
    std::span<const std::byte> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  constexpr std::size_t kFixedSize = 12;  // magic, version, and the longer form of the length
  if (!text.starts_with(kMagic) || text.size() < kFixedSize) {
    refuse("not an .npy file");
  }
  const auto byte_at = [&bytes](std::size_t i) { return std::to_integer<std::size_t>(bytes[i]); };
  const std::size_t version = byte_at(6);
  if (version < 1 || version > 3) {
    refuse("got format version " + std::to_string(version) + ", expected 1, 2 or 3",
           ErrorCode::Unsupported);
  }
  const std::size_t begin = version == 1 ? 10 : kFixedSize;
  std::size_t length = byte_at(8) | byte_at(9) << 8;
  if (version > 1) {
    length |= byte_at(10) << 16 | byte_at(11) << 24;
  }
  if (length > text.size() - begin) {
    refuse("the file is truncated inside its header");
  }
  return {text.substr(begin, length), bytes.subspan(begin + length)};
}

/// Row-major from column-major: walks the destination in order and carries the source's offset.
Tensor to_row_major(const Tensor& src) {
  const std::vector<std::int64_t>& extents = src.shape().extents();
  Tensor dst(src.dtype(), src.shape());
  const std::size_t size = size_of(src.dtype());
  std::vector<std::int64_t> strides;
  std::int64_t stride = 1;
  for (const std::int64_t extent : extents) {
    strides.push_back(stride);
    stride *= extent;
  }
  std::vector<std::int64_t> index(extents.size(), 0);
  std::int64_t offset = 0;
  const std::byte* from = src.bytes().data();
  for (std::int64_t i = 0; i < src.num_elements(); ++i) {
    std::memcpy(dst.bytes().data() + static_cast<std::size_t>(i) * size,
                from + static_cast<std::size_t>(offset) * size,
                size);
    for (std::size_t axis = extents.size(); axis-- > 0;) {
      offset += strides[axis];
      if (++index[axis] < extents[axis]) {
        break;
      }
      offset -= strides[axis] * extents[axis];
      index[axis] = 0;
    }
  }
  return dst;
}

bool is_row_major(const Header& header) {
  return !header.fortran_order || header.shape.rank() <= 1;
}

void require_bools(std::span<const std::byte> bytes) {
  for (const std::byte b : bytes) {
    if (b > std::byte{1}) {
      refuse("got the byte " + std::to_string(std::to_integer<int>(b)) +
             " in a tensor of bool, expected 0 or 1");
    }
  }
}

/// The header and as many elements as it says.
std::pair<Header, std::span<const std::byte>> parse_file(std::span<const std::byte> bytes) {
  const auto [text, elements] = split_file(bytes);
  const Header header = HeaderParser(text).parse();
  const auto expected =
      static_cast<std::size_t>(header.shape.num_elements()) * size_of(header.dtype);
  if (elements.size() != expected) {
    refuse("got " + std::to_string(elements.size()) + " bytes of elements, expected " +
           std::to_string(expected) + " for " + std::string(to_string(header.dtype)) +
           to_string(header.shape));
  }
  if (header.dtype == DType::Bool) {
    require_bools(elements);
  }
  return {header, elements};
}

}  // namespace

Tensor parse_npy(std::span<const std::byte> bytes) {
  const auto [header, elements] = parse_file(bytes);
  Tensor tensor(header.dtype, header.shape);
  if (!elements.empty()) {
    std::memcpy(tensor.bytes().data(), elements.data(), elements.size());
  }
  return is_row_major(header) ? tensor : to_row_major(tensor);
}

Tensor read_npy(const std::filesystem::path& path) {
  const MappedFile file(path);
  try {
    return parse_npy(file.bytes());
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

Tensor map_npy(const std::filesystem::path& path) {
  const MappedFile file(path);
  try {
    const auto [header, elements] = parse_file(file.bytes());
    const bool aligned =
        reinterpret_cast<std::uintptr_t>(elements.data()) % size_of(header.dtype) == 0;
    if (!is_row_major(header) || !aligned || elements.empty()) {
      return parse_npy(file.bytes());
    }
    auto* const data = const_cast<std::byte*>(elements.data());  // never written
    return Tensor::wrap(header.dtype, header.shape, data, file.owner());
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

NpyInfo read_npy_info(const std::filesystem::path& path) {
  const MappedFile file(path);
  try {
    const Header header = HeaderParser(split_file(file.bytes()).first).parse();
    return {.dtype = header.dtype, .shape = header.shape};
  } catch (const Error& e) {
    throw e.with_context(path.string());
  }
}

std::string npy_header(const Tensor& tensor) {
  std::string_view descr;
  for (const TypeName& known : kTypeNames) {
    if (known.dtype == tensor.dtype()) {
      descr = known.descr;
    }
  }
  if (descr.empty()) {
    refuse("elements of type " + std::string(to_string(tensor.dtype())) +
               " cannot be written to an .npy file",
           ErrorCode::Unsupported);
  }
  std::string shape;
  for (const std::int64_t extent : tensor.shape().extents()) {
    shape += std::to_string(extent) + ", ";
  }
  if (!shape.empty()) {
    shape.erase(shape.size() - (tensor.shape().rank() == 1 ? 1 : 2));  // "(3,)" but "(3, 4)"
  }
  std::string text =
      "{'descr': '" + std::string(descr) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  constexpr std::size_t kFixedSize = 10;
  const std::size_t used = kFixedSize + text.size() + 1;
  const std::size_t padded = (used + kHeaderAlignment - 1) / kHeaderAlignment * kHeaderAlignment;
  text.append(padded - used, ' ');
  text += '\n';
  std::string header(kMagic);
  header +=
      {'\1', '\0', static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  return header + text;
}

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
  const std::string header = npy_header(tensor);
  AtomicFile file(path);
  file.write(header);
  file.write(tensor.bytes());
  file.commit();
}

}  // namespace mtmi
