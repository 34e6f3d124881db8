#include "mtmi/vision/image.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "mtmi/core/file.h"
#include "mtmi/error.h"
#include "mtmi/vision/codec.h"

namespace mtmi::vision {
namespace {

[[noreturn]] void throw_not_an_image(std::span<const std::byte> bytes, const char* expected) {
  const char* got = bytes.empty() ? "an empty file" : is_jpeg(bytes) ? "a JPEG" : "other bytes";
  throw Error(ErrorCode::InvalidModel,
              "vision::decode_image",
              std::string("got ") + got + ", expected " + expected);
}

template <class Decode>
auto named(const std::string& name, const Decode& decode) {
  try {
    return decode();
  } catch (const Error& error) {
    throw error.with_context(name);
  }
}

template <class Pixels>
void write_encoded(const std::filesystem::path& path, const Pixels& image, PngEffort effort) {
  AtomicFile file(path);  // first: a path that cannot be written fails before the work
  file.write(encode_png(image, effort));
  file.commit();
}

bool has_image_suffix(const std::filesystem::path& path) {
  static constexpr std::array<std::string_view, 3> kSuffixes = {".png", ".jpg", ".jpeg"};
  std::string suffix = path.extension().string();
  for (char& c : suffix) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return std::find(kSuffixes.begin(), kSuffixes.end(), suffix) != kSuffixes.end();
}

std::vector<std::filesystem::path> images_in(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> found;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end;
       it.increment(error)) {
    if (has_image_suffix(it->path()) && it->is_regular_file(error)) {
      found.push_back(it->path());
    }
  }
  if (error) {
    throw Error(ErrorCode::Io,
                "vision::list_images",
                folder.string() + ": cannot list the folder: " + error.message());
  }
  if (found.empty()) {
    throw Error(
        ErrorCode::InvalidArgument,
        "vision::list_images",
        folder.string() + ": got a folder without images, expected .png, .jpg or .jpeg files");
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

Image decode_image(std::span<const std::byte> bytes, const std::string& name) {
  return named(name, [&] {
    if (!is_png(bytes) && !is_jpeg(bytes)) {
      throw_not_an_image(bytes, "a PNG or JPEG image");
    }
    return is_png(bytes) ? decode_png(bytes) : decode_jpeg(bytes);
  });
}

Gray8Image decode_gray8(std::span<const std::byte> bytes, const std::string& name) {
  return named(name, [&] {
    if (!is_png(bytes)) {
      throw_not_an_image(bytes, "a PNG of one channel of at most 8 bits");
    }
    return decode_png_gray8(bytes);
  });
}

Gray16Image decode_gray16(std::span<const std::byte> bytes, const std::string& name) {
  return named(name, [&] {
    if (!is_png(bytes)) {
      throw_not_an_image(bytes, "a PNG of 16-bit gray");
    }
    return decode_png_gray16(bytes);
  });
}

Image read_image(const std::filesystem::path& path) {
  return decode_image(MappedFile(path).bytes(), path.string());
}

Gray8Image read_gray8(const std::filesystem::path& path) {
  return decode_gray8(MappedFile(path).bytes(), path.string());
}

Gray16Image read_gray16(const std::filesystem::path& path) {
  return decode_gray16(MappedFile(path).bytes(), path.string());
}

void write_png(const std::filesystem::path& path, const Image& image, PngEffort effort) {
  write_encoded(path, image, effort);
}

void write_png(const std::filesystem::path& path, const Gray8Image& image, PngEffort effort) {
  write_encoded(path, image, effort);
}

void write_png(const std::filesystem::path& path, const Gray16Image& image, PngEffort effort) {
  write_encoded(path, image, effort);
}

std::vector<std::filesystem::path> list_images(std::span<const std::filesystem::path> paths) {
  std::vector<std::filesystem::path> images;
  for (const std::filesystem::path& path : paths) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
      const auto found = images_in(path);
      images.insert(images.end(), found.begin(), found.end());
    } else if (std::filesystem::exists(path, error)) {
      images.push_back(path);
    } else {
      throw Error(ErrorCode::Io, "vision::list_images", path.string() + ": no such file or folder");
    }
  }
  if (images.empty()) {
    throw Error(ErrorCode::InvalidArgument,
                "vision::list_images",
                "got no image, expected image files or folders of them");
  }
  return images;
}

}  // namespace mtmi::vision
