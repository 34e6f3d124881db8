// PNG by libpng, but for the quick encoder's rows and compression. Its errors are longjmps: they
// start and land in guarded(), and nothing between may have a destructor.
#include <algorithm>
#include <array>
#include <bit>
#include <csetjmp>
#include <cstring>
#include <memory>
#include <new>
#include <utility>
#include <vector>

#include <png.h>

#include "mtmi/core/assert.h"
#include "mtmi/vision/codec.h"
#include "mtmi/vision/deflate.h"

namespace mtmi::vision {
namespace {

constexpr std::array<std::uint8_t, 8> kSignature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};
constexpr std::size_t kHeaderEnd = 33;  // signature, IHDR chunk
// Deflate makes at most 1032 bytes of one.
constexpr std::size_t kMaxExpansion = 1040;

struct Message {
  std::array<char, 160> text{};
};

void keep_message(png_structp png, png_const_charp text) {
  auto* message = static_cast<Message*>(png_get_error_ptr(png));
  std::strncpy(message->text.data(), text, message->text.size() - 1);
  png_longjmp(png, 1);
}

void ignore_warning(png_structp /*png*/, png_const_charp /*text*/) {}

// Runs `step`; false if libpng gave up in it.
template <class Step>
bool guarded(png_structp png, const Step& step) {
  if (setjmp(png_jmpbuf(png)) != 0) {
    return false;
  }
  step();
  return true;
}

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : left_(bytes) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, &message_, keep_message, ignore_warning);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_read_struct(&png_, nullptr, nullptr);
      throw std::bad_alloc();
    }
    png_set_read_fn(png_, this, &read_bytes);
  }

  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  ~Reader() { png_destroy_read_struct(&png_, &info_, nullptr); }

  template <class Step>
  void run(const Step& step) {
    if (!guarded(png_, step)) {
      throw damaged("PNG", message_.text.data());
    }
  }

  [[nodiscard]] png_structp png() const { return png_; }

  [[nodiscard]] png_infop info() const { return info_; }

 private:
  static void read_bytes(png_structp png, png_bytep dst, png_size_t count) {
    auto* self = static_cast<Reader*>(png_get_io_ptr(png));
    if (count > self->left_.size()) {
      png_error(png, "the file ends too early");
    }
    std::memcpy(dst, self->left_.data(), count);
    self->left_ = self->left_.subspan(count);
  }

  std::span<const std::byte> left_;
  Message message_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

std::uint32_t big_endian(std::span<const std::byte> bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<std::uint32_t>(bytes[at + i]);
  }
  return value;
}

// Checks the sizes before libpng sees the file, so that what is allocated is justified by its
// length.
void check_header(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeaderEnd) {
    throw damaged("PNG", "the file ends within its header");
  }
  const std::uint32_t width = big_endian(bytes, 16);
  const std::uint32_t height = big_endian(bytes, 20);
  const std::string size = std::to_string(height) + "x" + std::to_string(width);
  if (width == 0 || height == 0 || width > kMaxSide || height > kMaxSide) {
    throw damaged("PNG", "the header says " + size + " pixels, expected 1 to 65535 on a side");
  }
  // One bit a pixel is the least there is.
  if (std::size_t{width} * height / 8 / kMaxExpansion > bytes.size()) {
    throw damaged("PNG",
                  "the header says " + size + " pixels, too many for a file of " +
                      std::to_string(bytes.size()) + " bytes");
  }
}

std::string describe(const Reader& reader) {
  const int color_type = png_get_color_type(reader.png(), reader.info());
  const std::string bits = std::to_string(png_get_bit_depth(reader.png(), reader.info()));
  const bool alpha = (color_type & PNG_COLOR_MASK_ALPHA) != 0;
  const char* kind = color_type == PNG_COLOR_TYPE_PALETTE       ? "palette"
                     : (color_type & PNG_COLOR_MASK_COLOR) != 0 ? "RGB"
                                                                : "gray";
  return bits + "-bit " + kind + (alpha ? " with alpha" : "");
}

// Reads the rows once the transformations are set. Pre: they give T and kChannels.
template <class T, int kChannels>
Raster<T, kChannels> read_rows(Reader& reader) {
  const png_structp png = reader.png();
  const png_infop info = reader.info();
  int passes = 1;
  reader.run([&] {
    passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
  });
  Raster<T, kChannels> raster(static_cast<int>(png_get_image_height(png, info)),
                              static_cast<int>(png_get_image_width(png, info)));
  MTMI_ASSERT(png_get_rowbytes(png, info) == raster.row(0).size_bytes());
  reader.run([&] {
    for (int pass = 0; pass < passes; ++pass) {
      for (int y = 0; y < raster.height(); ++y) {
        png_read_row(png, reinterpret_cast<png_bytep>(raster.pixel(y, 0)), nullptr);
      }
    }
    png_read_end(png, nullptr);
  });
  return raster;
}

class Writer {
 public:
  Writer() {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, &message_, keep_message, ignore_warning);
    info_ = png_ == nullptr ? nullptr : png_create_info_struct(png_);
    if (info_ == nullptr) {
      png_destroy_write_struct(&png_, nullptr);
      throw std::bad_alloc();
    }
    png_set_write_fn(png_, &bytes_, &append, nullptr);
  }

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  ~Writer() { png_destroy_write_struct(&png_, &info_); }

  template <class Step>
  void run(const Step& step) {
    if (!guarded(png_, step)) {
      throw Error(ErrorCode::OutOfMemory,
                  "vision::encode_png",
                  std::string("cannot encode the PNG: ") + message_.text.data());
    }
  }

  [[nodiscard]] png_structp png() const { return png_; }

  [[nodiscard]] png_infop info() const { return info_; }

  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  // No exception may cross libpng, and png_error() must be called outside of the handler.
  static bool try_append(std::vector<std::byte>& dst,
                         const png_byte* src,
                         std::size_t count) noexcept {
    try {
      const auto* first = reinterpret_cast<const std::byte*>(src);
      dst.insert(dst.end(), first, first + count);
      return true;
    } catch (const std::bad_alloc&) {
      return false;
    }
  }

  static void append(png_structp png, png_bytep src, png_size_t count) {
    if (!try_append(*static_cast<std::vector<std::byte>*>(png_get_io_ptr(png)), src, count)) {
      png_error(png, "out of memory");
    }
  }

  std::vector<std::byte> bytes_;
  Message message_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

// The rows as PNG's filters leave them, each after its filter's number: photographs minus the pixel
// to the left, labels and depths minus the row above, which they mostly repeat.
template <class T, int kChannels>
std::vector<std::byte> filtered_rows(const Raster<T, kChannels>& image) {
  constexpr bool kIsPhoto = kChannels == 3;
  constexpr std::byte kFilter{kIsPhoto ? PNG_FILTER_VALUE_SUB : PNG_FILTER_VALUE_UP};
  const std::size_t row_bytes = image.row(0).size_bytes();
  std::vector<std::byte> rows((row_bytes + 1) * static_cast<std::size_t>(image.height()));
  std::vector<std::uint8_t> above(row_bytes);
  std::vector<std::uint8_t> here(row_bytes);
  std::byte* to = rows.data();
  for (int y = 0; y < image.height(); ++y) {
    std::memcpy(here.data(), image.pixel(y, 0), row_bytes);
    if constexpr (sizeof(T) == 2 && std::endian::native == std::endian::little) {
      for (std::size_t i = 0; i < row_bytes; i += 2) {
        std::swap(here[i], here[i + 1]);
      }
    }
    if constexpr (kIsPhoto) {
      std::copy(here.begin(), here.end() - kChannels, above.begin() + kChannels);
    }
    *to++ = kFilter;
    for (std::size_t i = 0; i < row_bytes; ++i) {
      to[i] = static_cast<std::byte>(here[i] - above[i]);
    }
    to += row_bytes;
    if constexpr (!kIsPhoto) {
      std::swap(above, here);
    }
  }
  return rows;
}

void write_chunks(png_structp png, const std::vector<std::byte>& stream) {
  constexpr std::size_t kChunkBytes = std::size_t{1} << 20;
  for (std::size_t at = 0; at < stream.size(); at += kChunkBytes) {
    png_write_chunk(png,
                    reinterpret_cast<png_const_bytep>("IDAT"),
                    reinterpret_cast<png_const_bytep>(stream.data() + at),
                    std::min(kChunkBytes, stream.size() - at));
  }
  png_write_chunk(png, reinterpret_cast<png_const_bytep>("IEND"), nullptr, 0);
}

template <class T, int kChannels>
void write_header(Writer& writer, const Raster<T, kChannels>& image) {
  png_set_IHDR(writer.png(),
               writer.info(),
               static_cast<png_uint_32>(image.width()),
               static_cast<png_uint_32>(image.height()),
               8 * sizeof(T),
               kChannels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT,
               PNG_FILTER_TYPE_DEFAULT);
  png_write_info(writer.png(), writer.info());
}

template <class T, int kChannels>
std::vector<std::byte> encode_fast(const Raster<T, kChannels>& image) {
  const std::vector<std::byte> stream = deflate_fast(filtered_rows(image));
  Writer writer;
  writer.run([&] {
    write_header(writer, image);
    write_chunks(writer.png(), stream);
  });
  return writer.take();
}

template <class T, int kChannels>
std::vector<std::byte> encode(const Raster<T, kChannels>& image, PngEffort effort) {
  MTMI_ASSERT(!image.empty());
  if (effort == PngEffort::Fast) {
    return encode_fast(image);
  }
  Writer writer;
  const png_structp png = writer.png();
  writer.run([&] {
    write_header(writer, image);
    if constexpr (sizeof(T) == 2 && std::endian::native == std::endian::little) {
      png_set_swap(png);
    }
    for (int y = 0; y < image.height(); ++y) {
      png_write_row(png, reinterpret_cast<png_const_bytep>(image.pixel(y, 0)));
    }
    png_write_end(png, nullptr);
  });
  return writer.take();
}

}  // namespace

bool is_png(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= kSignature.size() &&
         std::memcmp(bytes.data(), kSignature.data(), kSignature.size()) == 0;
}

Image decode_png(std::span<const std::byte> bytes) {
  check_header(bytes);
  Reader reader(bytes);
  const png_structp png = reader.png();
  reader.run([&] {
    png_read_info(png, reader.info());
    png_set_expand(png);
    png_set_scale_16(png);
    png_set_strip_alpha(png);
    png_set_gray_to_rgb(png);
  });
  return read_rows<std::uint8_t, 3>(reader);
}

Gray8Image decode_png_gray8(std::span<const std::byte> bytes) {
  check_header(bytes);
  Reader reader(bytes);
  const png_structp png = reader.png();
  reader.run([&] {
    png_read_info(png, reader.info());
    png_set_packing(png);
  });
  if (png_get_channels(png, reader.info()) != 1 || png_get_bit_depth(png, reader.info()) > 8) {
    throw Error(ErrorCode::InvalidModel,
                "vision::decode_gray8",
                "got a PNG of " + describe(reader) + ", expected one channel of at most 8 bits");
  }
  return read_rows<std::uint8_t, 1>(reader);
}

Gray16Image decode_png_gray16(std::span<const std::byte> bytes) {
  check_header(bytes);
  Reader reader(bytes);
  const png_structp png = reader.png();
  reader.run([&] {
    png_read_info(png, reader.info());
    if constexpr (std::endian::native == std::endian::little) {
      png_set_swap(png);
    }
  });
  if (png_get_channels(png, reader.info()) != 1 || png_get_bit_depth(png, reader.info()) != 16) {
    throw Error(ErrorCode::InvalidModel,
                "vision::decode_gray16",
                "got a PNG of " + describe(reader) + ", expected 16-bit gray");
  }
  return read_rows<std::uint16_t, 1>(reader);
}

std::vector<std::byte> encode_png(const Image& image, PngEffort effort) {
  return encode(image, effort);
}

std::vector<std::byte> encode_png(const Gray8Image& image, PngEffort effort) {
  return encode(image, effort);
}

std::vector<std::byte> encode_png(const Gray16Image& image, PngEffort effort) {
  return encode(image, effort);
}

}  // namespace mtmi::vision
