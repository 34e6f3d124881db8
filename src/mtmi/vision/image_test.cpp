#include "mtmi/vision/image.h"

#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/random.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi::vision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Small files in hexadecimal, written by pypng and Pillow.
constexpr std::string_view kGray2Bit =
    "89504e470d0a1a0a0000000d4948445200000003000000020200000000f2af21670000000c49444154789c63"
    "9060780200013000fd56cd1c730000000049454e44ae426082";
constexpr std::string_view kPalette =
    "89504e470d0a1a0a0000000d4948445200000003000000020203000000e01a8e8900000009504c54450a141e"
    "28323c46505a16ac84740000000c49444154789c63906098000000dc00a96ce7c0230000000049454e44ae42"
    "6082";
constexpr std::string_view kGrayAlpha =
    "89504e470d0a1a0a0000000d49484452000000020000000108040000005e2bb7010000000d49444154789c63"
    "606738f11f0002b001cff03027ba0000000049454e44ae426082";
constexpr std::string_view kRgba =
    "89504e470d0a1a0a0000000d4948445200000002000000010806000000f4227f8a0000001149444154789c63"
    "60646266606165fb0f00015b0115ba7c712b0000000049454e44ae426082";
constexpr std::string_view kRgb16 =
    "89504e470d0a1a0a0000000d49484452000000020000000110020000002bd0349e0000001549444154789c63"
    "60606064fcff9fa181a1b1a1010014940402f8a814090000000049454e44ae426082";
constexpr std::string_view kGray16 =
    "89504e470d0a1a0a0000000d494844520000000200000001100000000081d9fc150000000d49444154789c63"
    "6064faff1f00030c02021b01adb70000000049454e44ae426082";
constexpr std::string_view kInterlaced =
    "89504e470d0a1a0a0000000d4948445200000005000000050800000001df0349af0000002949444154789c05"
    "c18501803000c0b08eb9bbfc7f2909a0588f8f4348052189997dd1c63a4f6d7dcc1f11df012d5bd3e63f0000"
    "000049454e44ae426082";
constexpr std::string_view kGrayJpeg =
    "ffd8ffe000104a46494600010100000100010000ffdb0043001b12141714111b1716171e1c1b2028422b2825"
    "2528513a3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8ab"
    "a4ffc0000b080008000801011100ffc40014000100000000000000000000000000000004ffc4001410010000"
    "0000000000000000000000000000ffda0008010100003f0003ffd9";
constexpr std::string_view kCmykJpeg =
    "ffd8ffee000e41646f626500640000000000ffdb0043001b12141714111b1716171e1c1b2028422b28252528"
    "513a3d3042605565645f555d5b6a7899816a7190735b5d85b586909ea3abadab6780bcc9baa6c799a8aba4ff"
    "c000140800080008044311004d11005911004b1100ffc4001500010100000000000000000000000000000605"
    "ffc40014100100000000000000000000000000000000ffda000e0443004d0059004b00003f004c4640baffd9";

std::vector<std::byte> from_hex(std::string_view hex) {
  std::vector<std::byte> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<std::byte>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16)));
  }
  return bytes;
}

Image noise(int height, int width) {
  Image image(height, width);
  Random random(3);
  for (std::uint8_t& value : image.data()) {
    value = static_cast<std::uint8_t>(random.below(256));
  }
  return image;
}

// A picture with content that JPEG keeps: a gradient.
Image gradient(int height, int width) {
  Image image(height, width);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      image.pixel(y, x)[0] = static_cast<std::uint8_t>(255 * y / height);
      image.pixel(y, x)[1] = static_cast<std::uint8_t>(255 * x / width);
      image.pixel(y, x)[2] = 90;
    }
  }
  return image;
}

// The error that `decode` throws; it must be one.
template <class Decode>
Error error_of(const Decode& decode) {
  try {
    static_cast<void>(decode());
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorCode::Io, "", ""};
}

Error decode_error(const std::vector<std::byte>& bytes) {
  return error_of([&] { return decode_image(bytes, "x"); });
}

TEST(Png, PixelsReadBackAsWritten) {
  const Image image = noise(13, 7);
  for (const PngEffort effort : {PngEffort::Fast, PngEffort::Small}) {
    EXPECT_EQ(decode_image(encode_png(image, effort), "x"), image);
  }
}

TEST(Png, LabelsAndDepthReadBackAsWritten) {
  Gray8Image labels(3, 5);
  Gray16Image depth(3, 5);
  for (std::size_t i = 0; i < 15; ++i) {
    labels.data()[i] = static_cast<std::uint8_t>(17 * i);
    depth.data()[i] = static_cast<std::uint16_t>(4369 * i);
  }
  EXPECT_EQ(decode_gray8(encode_png(labels, PngEffort::Fast), "x"), labels);
  EXPECT_EQ(decode_gray16(encode_png(depth, PngEffort::Fast), "x"), depth);
}

TEST(Png, GrayOfFewBitsIsStretchedAsAnImageAndKeptAsLabels) {
  const auto bytes = from_hex(kGray2Bit);
  EXPECT_THAT(decode_gray8(bytes, "x").data(), ElementsAre(0, 1, 2, 3, 2, 1));
  const Image image = decode_image(bytes, "x");
  EXPECT_THAT(image.row(0), ElementsAre(0, 0, 0, 85, 85, 85, 170, 170, 170));
}

TEST(Png, PaletteIsColoursAsAnImageAndIndicesAsLabels) {
  const auto bytes = from_hex(kPalette);
  EXPECT_THAT(decode_gray8(bytes, "x").data(), ElementsAre(0, 1, 2, 2, 1, 0));
  EXPECT_THAT(decode_image(bytes, "x").row(0), ElementsAre(10, 20, 30, 40, 50, 60, 70, 80, 90));
}

TEST(Png, AlphaIsDropped) {
  EXPECT_THAT(decode_image(from_hex(kGrayAlpha), "x").data(), ElementsAre(7, 7, 7, 200, 200, 200));
  EXPECT_THAT(decode_image(from_hex(kRgba), "x").data(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Png, SixteenBitsAreScaledToEight) {
  EXPECT_THAT(decode_image(from_hex(kRgb16), "x").data(), ElementsAre(0, 1, 255, 0, 1, 128));
}

TEST(Png, SixteenBitGrayKeepsItsBits) {
  EXPECT_THAT(decode_gray16(from_hex(kGray16), "x").data(), ElementsAre(258, 65535));
}

TEST(Png, InterlacedRowsLandInPlace) {
  const Gray8Image image = decode_gray8(from_hex(kInterlaced), "x");
  ASSERT_EQ(image.data().size(), 25U);
  for (std::size_t i = 0; i < 25; ++i) {
    EXPECT_EQ(image.data()[i], i);
  }
}

TEST(Png, ColourWhereLabelsAreExpectedIsRefusedByItsKind) {
  const Error error = error_of([] { return decode_gray8(from_hex(kRgba), "l.png"); });
  EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
  EXPECT_STREQ(error.what(),
               "l.png: got a PNG of 8-bit RGB with alpha, expected one channel of at most 8 bits");
  EXPECT_THAT(error_of([] { return decode_gray16(from_hex(kGray2Bit), "d.png"); }).what(),
              HasSubstr("got a PNG of 2-bit gray, expected 16-bit gray"));
}

TEST(Png, EveryTruncationIsOneSentence) {
  const auto whole = encode_png(noise(9, 9));
  for (std::size_t size = 8; size < whole.size(); ++size) {
    const Error error = decode_error({whole.begin(), whole.begin() + static_cast<long>(size)});
    EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
    EXPECT_THAT(error.what(), HasSubstr("x: damaged PNG: "));
  }
}

TEST(Png, AnyFlippedByteIsAnErrorOrAnImage) {
  const auto whole = encode_png(gradient(16, 16));
  for (std::size_t at = 8; at < whole.size(); ++at) {
    for (const int flip : {1, 128, 255}) {
      auto bytes = whole;
      bytes[at] ^= static_cast<std::byte>(flip);
      try {
        EXPECT_FALSE(decode_image(bytes, "x").empty());
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("x: "));
      }
    }
  }
}

// Sets the sizes in the header, and leaves the checksum as it was.
std::vector<std::byte> with_size(std::vector<std::byte> bytes, std::uint32_t side) {
  for (std::size_t i = 0; i < 4; ++i) {
    bytes[16 + i] = bytes[20 + i] = static_cast<std::byte>(side >> (24 - 8 * i));
  }
  return bytes;
}

TEST(Png, ASizeThatNoFileHasIsRefusedBeforeAnythingIsAllocated) {
  const auto bytes = with_size(encode_png(noise(2, 2)), 2147483648U);
  EXPECT_STREQ(decode_error(bytes).what(),
               "x: damaged PNG: the header says 2147483648x2147483648 pixels, expected 1 to 65535 "
               "on a side");
}

TEST(Png, ASizeThatTheFileIsTooShortForIsRefusedBeforeAnythingIsAllocated) {
  const auto bytes = with_size(encode_png(noise(2, 2)), 60000);
  EXPECT_THAT(decode_error(bytes).what(), HasSubstr("60000x60000 pixels, too many for a file of"));
}

TEST(Jpeg, AGradientComesBackNearly) {
  const Image image = gradient(40, 56);
  const Image back = decode_image(encode_jpeg(image, 95), "x");
  ASSERT_EQ(size_text(back), "40x56");
  for (std::size_t i = 0; i < image.data().size(); ++i) {
    EXPECT_NEAR(back.data()[i], image.data()[i], 8);
  }
}

TEST(Jpeg, GrayBecomesColour) {
  const Image image = decode_image(from_hex(kGrayJpeg), "x");
  ASSERT_EQ(size_text(image), "8x8");
  EXPECT_NEAR(image.pixel(3, 3)[0], 77, 4);
  EXPECT_EQ(image.pixel(3, 3)[0], image.pixel(3, 3)[2]);
}

TEST(Jpeg, CmykIsRefused) {
  const Error error = decode_error(from_hex(kCmykJpeg));
  EXPECT_EQ(error.code(), ErrorCode::Unsupported);
  EXPECT_THAT(error.what(), HasSubstr("x: got a JPEG of 4 components"));
}

TEST(Jpeg, EveryTruncationIsOneSentence) {
  const auto whole = encode_jpeg(noise(24, 24));
  // The end marker alone may be missing.
  for (std::size_t size = 3; size + 2 < whole.size(); ++size) {
    const Error error = decode_error({whole.begin(), whole.begin() + static_cast<long>(size)});
    EXPECT_EQ(error.code(), ErrorCode::InvalidModel);
    EXPECT_THAT(error.what(), HasSubstr("x: damaged JPEG: "));
  }
}

TEST(Jpeg, AnyFlippedByteIsAnErrorOrAnImage) {
  const auto whole = encode_jpeg(gradient(16, 16));
  for (std::size_t at = 3; at < whole.size(); ++at) {
    for (const int flip : {1, 16, 255}) {
      auto bytes = whole;
      bytes[at] ^= static_cast<std::byte>(flip);
      try {
        EXPECT_FALSE(decode_image(bytes, "x").empty());
      } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("x: "));
      }
    }
  }
}

TEST(ImageFile, WhatIsNoImageIsNamed) {
  EXPECT_STREQ(decode_error(from_hex("68656c6c6f")).what(),
               "x: got other bytes, expected a PNG or JPEG image");
  EXPECT_STREQ(decode_error({}).what(), "x: got an empty file, expected a PNG or JPEG image");
}

class ImageFileTest : public testing::Test {
 protected:
  [[nodiscard]] static std::vector<std::filesystem::path> list(const std::filesystem::path& path) {
    return list_images(std::vector{path});
  }

  const TemporaryFolder folder_;
};

TEST_F(ImageFileTest, TheFormatIsFoundByContentNotByName) {
  const Image image = noise(4, 4);
  write_png(folder_ / "really_a_png.jpg", image);
  EXPECT_EQ(read_image(folder_ / "really_a_png.jpg"), image);
}

TEST_F(ImageFileTest, AFolderGivesItsImagesSortedByName) {
  for (const char* name : {"b.PNG", "c.jpeg", "a.jpg", "notes.txt"}) {
    write_file(folder_ / name, "x");
  }
  create_folder(folder_ / "d.png");
  EXPECT_THAT(list(folder_.path()),
              ElementsAre(folder_ / "a.jpg", folder_ / "b.PNG", folder_ / "c.jpeg"));
}

TEST_F(ImageFileTest, AFileIsTakenWhateverItsSuffix) {
  write_file(folder_ / "frame", "x");
  EXPECT_THAT(list(folder_ / "frame"), ElementsAre(folder_ / "frame"));
}

TEST_F(ImageFileTest, AnEmptyFolderIsAnErrorThatSaysSo) {
  const Error error = error_of([&] { return list(folder_.path()); });
  EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
  EXPECT_THAT(error.what(), HasSubstr("got a folder without images"));
}

TEST_F(ImageFileTest, APathThatDoesNotExistIsNamed) {
  EXPECT_THAT(error_of([&] { return list(folder_ / "none"); }).what(),
              HasSubstr("none: no such file or folder"));
}

}  // namespace
}  // namespace mtmi::vision
