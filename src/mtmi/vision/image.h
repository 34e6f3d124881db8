// Image files: PNG and JPEG, read by content, written whole or not at all.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "mtmi/vision/raster.h"

namespace mtmi::vision {

/// The format is found by the first bytes, never by the name. `name` is what errors call the image.
///
/// Colours come from gray, palette, RGB with or without alpha (alpha is dropped), 1 to 16 bits
/// (16 become 8 by scaling), interlaced or not, and from gray or YCbCr JPEG. Orientation and colour
/// profile are ignored.
/// Throws Error(InvalidModel) "x.png: damaged PNG: ..." for damaged or truncated bytes and for
/// bytes that are neither PNG nor JPEG; Error(Unsupported) for CMYK; Error(OutOfMemory).
[[nodiscard]] Image decode_image(std::span<const std::byte> bytes, const std::string& name);

/// One 8-bit channel as stored: a gray PNG of at most 8 bits (values are not stretched to 0..255),
/// or the indices of a palette PNG. Throws as decode_image(), and Error(InvalidModel) if the PNG
/// has more channels or more bits, or is none.
[[nodiscard]] Gray8Image decode_gray8(std::span<const std::byte> bytes, const std::string& name);

/// One 16-bit channel: a gray PNG of 16 bits. Throws as decode_gray8().
[[nodiscard]] Gray16Image decode_gray16(std::span<const std::byte> bytes, const std::string& name);

/// The same from files. Throws Error(Io), too.
[[nodiscard]] Image read_image(const std::filesystem::path& path);
[[nodiscard]] Gray8Image read_gray8(const std::filesystem::path& path);
[[nodiscard]] Gray16Image read_gray16(const std::filesystem::path& path);

/// What a PNG encoder spends its time on. The pixels read back are the same.
enum class PngEffort {
  Fast,   ///< one filter, run lengths and Huffman codes only: for data sets
  Small,  ///< zlib's search and adaptive filters: for pictures that people look at
};

/// Pre: the image is not empty. Throws Error(OutOfMemory). The same bytes for the same library.
[[nodiscard]] std::vector<std::byte> encode_png(const Image& image,
                                                PngEffort effort = PngEffort::Small);
[[nodiscard]] std::vector<std::byte> encode_png(const Gray8Image& image,
                                                PngEffort effort = PngEffort::Small);
[[nodiscard]] std::vector<std::byte> encode_png(const Gray16Image& image,
                                                PngEffort effort = PngEffort::Small);
/// `quality` 1..100. Pre: not empty, at most 65535 pixels on a side.
[[nodiscard]] std::vector<std::byte> encode_jpeg(const Image& image, int quality = 92);

/// encode_png() into a file. Throws Error(Io).
void write_png(const std::filesystem::path& path,
               const Image& image,
               PngEffort effort = PngEffort::Small);
void write_png(const std::filesystem::path& path,
               const Gray8Image& image,
               PngEffort effort = PngEffort::Small);
void write_png(const std::filesystem::path& path,
               const Gray16Image& image,
               PngEffort effort = PngEffort::Small);

/// The image files that `paths` name: files as given, whatever their suffix; of a folder (not of
/// those below it) the .png, .jpg and .jpeg files in any case of letters, sorted by name.
/// Throws Error(Io) for a path that does not exist, Error(InvalidArgument) for a folder without
/// images and for no path at all.
[[nodiscard]] std::vector<std::filesystem::path> list_images(
    std::span<const std::filesystem::path> paths);

}  // namespace mtmi::vision
