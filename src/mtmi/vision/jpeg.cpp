// JPEG by libjpeg-turbo. Its errors are longjmps: they start and land in guarded(), and nothing
// between may have a destructor.
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <new>

// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include "mtmi/core/assert.h"
#include "mtmi/core/memory_limit.h"
#include "mtmi/vision/codec.h"

namespace mtmi::vision {
namespace {

// A progressive file may hold scans without end, each of a few bytes; cameras write about ten.
constexpr int kMaxScans = 500;
// Baseline and progressive Huffman files need at least a bit per block of 8x8: at 4:2:0 that is
// 341 pixels a byte.
constexpr std::size_t kMaxPixelsPerByte = 2000;

struct ErrorManager {
  jpeg_error_mgr base{};  // first: libjpeg hands out a pointer to it
  std::jmp_buf landing{};
  char text[JMSG_LENGTH_MAX] = {};
};

[[noreturn]] void give_up(j_common_ptr info) {
  auto* manager = reinterpret_cast<ErrorManager*>(info->err);
  manager->base.format_message(info, manager->text);
  std::longjmp(manager->landing, 1);
}

// Damage that libjpeg would paint over in gray is an error here; odd but whole files are not.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) {
    return;
  }
  switch (info->err->msg_code) {
    case JWRN_HIT_MARKER:
    case JWRN_JPEG_EOF:
    case JWRN_HUFF_BAD_CODE:
    case JWRN_MUST_RESYNC:
    case JWRN_BOGUS_PROGRESSION:
      give_up(info);
    default:
      ++info->err->num_warnings;
  }
}

void ignore_output(j_common_ptr /*info*/) {}

void set_up(ErrorManager& manager) {
  jpeg_std_error(&manager.base);
  manager.base.error_exit = give_up;
  manager.base.emit_message = on_message;
  manager.base.output_message = ignore_output;
}

// Runs `step`; false if libjpeg gave up in it.
template <class Step>
bool guarded(ErrorManager& manager, const Step& step) {
  if (setjmp(manager.landing) != 0) {
    return false;
  }
  step();
  return true;
}

void limit_scans(j_common_ptr info) {
  const auto* decoder = reinterpret_cast<j_decompress_ptr>(info);
  if (decoder->input_scan_number > kMaxScans) {
    auto* manager = reinterpret_cast<ErrorManager*>(info->err);
    std::snprintf(manager->text, sizeof(manager->text), "more than %d scans", kMaxScans);
    std::longjmp(manager->landing, 1);
  }
}

class Reader {
 public:
  Reader() {
    set_up(errors_);
    decoder_.err = &errors_.base;
    run([this] { jpeg_create_decompress(&decoder_); });
    progress_.progress_monitor = limit_scans;
    decoder_.progress = &progress_;
  }

  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  ~Reader() { jpeg_destroy_decompress(&decoder_); }

  template <class Step>
  void run(const Step& step) {
    if (!guarded(errors_, step)) {
      throw damaged("JPEG", errors_.text);
    }
  }

  [[nodiscard]] jpeg_decompress_struct& decoder() { return decoder_; }

 private:
  ErrorManager errors_;
  jpeg_progress_mgr progress_{};
  jpeg_decompress_struct decoder_{};
};

void check_header(const jpeg_decompress_struct& decoder, std::size_t size_bytes) {
  if (decoder.num_components != 1 && decoder.num_components != 3) {
    throw Error(ErrorCode::Unsupported,
                "vision::decode_jpeg",
                "got a JPEG of " + std::to_string(decoder.num_components) +
                    " components (CMYK?), expected gray or colour");
  }
  const std::size_t pixels = std::size_t{decoder.image_width} * decoder.image_height;
  if (pixels / kMaxPixelsPerByte > size_bytes) {
    throw damaged("JPEG",
                  "the header says " + std::to_string(decoder.image_height) + "x" +
                      std::to_string(decoder.image_width) + " pixels, too many for a file of " +
                      std::to_string(size_bytes) + " bytes");
  }
  if (jpeg_has_multiple_scans(const_cast<j_decompress_ptr>(&decoder)) != 0) {
    require_memory(pixels * 3 * (sizeof(JCOEF) + 1), "a progressive JPEG's coefficients");
  }
}

struct Encoded {
  unsigned char* bytes = nullptr;  // libjpeg's, from malloc
  unsigned long count = 0;         // NOLINT(google-runtime-int): libjpeg's type

  Encoded() = default;
  Encoded(const Encoded&) = delete;
  Encoded& operator=(const Encoded&) = delete;

  ~Encoded() { std::free(bytes); }
};

class Writer {
 public:
  Writer() {
    set_up(errors_);
    encoder_.err = &errors_.base;
    run([this] { jpeg_create_compress(&encoder_); });
  }

  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  ~Writer() { jpeg_destroy_compress(&encoder_); }

  template <class Step>
  void run(const Step& step) {
    if (!guarded(errors_, step)) {
      throw Error(ErrorCode::OutOfMemory,
                  "vision::encode_jpeg",
                  std::string("cannot encode the JPEG: ") + errors_.text);
    }
  }

  [[nodiscard]] jpeg_compress_struct& encoder() { return encoder_; }

 private:
  ErrorManager errors_;
  jpeg_compress_struct encoder_{};
};

}  // namespace

bool is_jpeg(std::span<const std::byte> bytes) noexcept {
  return bytes.size() >= 3 && bytes[0] == std::byte{0xFF} && bytes[1] == std::byte{0xD8} &&
         bytes[2] == std::byte{0xFF};
}

Image decode_jpeg(std::span<const std::byte> bytes) {
  Reader reader;
  jpeg_decompress_struct& decoder = reader.decoder();
  reader.run([&] {
    jpeg_mem_src(&decoder, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_read_header(&decoder, TRUE);
  });
  check_header(decoder, bytes.size());
  Image image(static_cast<int>(decoder.image_height), static_cast<int>(decoder.image_width));
  reader.run([&] {
    decoder.out_color_space = JCS_RGB;
    jpeg_start_decompress(&decoder);
    while (decoder.output_scanline < decoder.output_height) {
      JSAMPROW row = image.pixel(static_cast<int>(decoder.output_scanline), 0);
      jpeg_read_scanlines(&decoder, &row, 1);
    }
    jpeg_finish_decompress(&decoder);
  });
  return image;
}

std::vector<std::byte> encode_jpeg(const Image& image, int quality) {
  MTMI_ASSERT(!image.empty());
  Encoded encoded;
  Writer writer;
  jpeg_compress_struct& encoder = writer.encoder();
  writer.run([&] {
    jpeg_mem_dest(&encoder, &encoded.bytes, &encoded.count);
    encoder.image_height = static_cast<JDIMENSION>(image.height());
    encoder.image_width = static_cast<JDIMENSION>(image.width());
    encoder.input_components = 3;
    encoder.in_color_space = JCS_RGB;
    jpeg_set_defaults(&encoder);
    jpeg_set_quality(&encoder, quality, TRUE);
    jpeg_start_compress(&encoder, TRUE);
    while (encoder.next_scanline < encoder.image_height) {
      JSAMPROW row = const_cast<JSAMPROW>(image.pixel(static_cast<int>(encoder.next_scanline), 0));
      jpeg_write_scanlines(&encoder, &row, 1);
    }
    jpeg_finish_compress(&encoder);
  });
  const auto* first = reinterpret_cast<const std::byte*>(encoded.bytes);
  return {first, first + encoded.count};
}

}  // namespace mtmi::vision
