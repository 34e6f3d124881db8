#include "mtmi/core/npy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/core/file.h"
#include "mtmi/core/temporary_folder.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Tensor parse(std::string_view file) {
  return parse_npy(std::as_bytes(std::span(file)));
}

/// A version 1 file with `header` and `elements` as they are.
std::string file_of(const std::string& header, const std::string& elements) {
  std::string file = "\x93NUMPY";
  file +=
      {'\1', '\0', static_cast<char>(header.size() & 0xFF), static_cast<char>(header.size() >> 8)};
  return file + header + elements;
}

std::string refusal(const std::string& file) {
  try {
    static_cast<void>(parse(file));
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

TEST(Npy, WhatIsWrittenReadsBackForEveryTypeAndRank) {
  for (const DType dtype : {DType::Float32,
                            DType::Float16,
                            DType::Float64,
                            DType::Int8,
                            DType::UInt8,
                            DType::Int32,
                            DType::Int64,
                            DType::Bool}) {
    for (const Shape& shape : {Shape{}, Shape{3}, Shape{0, 2}, Shape{2, 3, 4}}) {
      Tensor tensor(dtype, shape);
      for (std::size_t i = 0; i < tensor.size_bytes(); ++i) {
        tensor.bytes()[i] = static_cast<std::byte>(i % 2);
      }
      const TemporaryFolder folder;
      const auto path = folder / "t.npy";
      write_npy(path, tensor);
      EXPECT_EQ(read_npy_info(path), (NpyInfo{dtype, shape}));
      for (const Tensor& read : {read_npy(path), map_npy(path)}) {
        EXPECT_TRUE(bitwise_equal(read, tensor)) << to_string(dtype) << " " << to_string(shape);
      }
    }
  }
}

TEST(Npy, HeaderIsAsNumPyWritesIt) {
  const std::string header = npy_header(Tensor(DType::Float32, Shape{3}));
  EXPECT_THAT(header, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }"));
  EXPECT_EQ(header.size() % 64, 0U);
  EXPECT_EQ(header.back(), '\n');
}

TEST(Npy, FortranOrderBecomesRowMajor) {
  const Tensor tensor =
      parse(file_of("{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}", "\1\4\2\5\3\6"));
  EXPECT_EQ(tensor.shape(), (Shape{2, 3}));
  EXPECT_THAT(tensor.data<std::uint8_t>(), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST(Npy, WhatCannotBeViewedIsCopied) {
  const TemporaryFolder folder;
  const std::string order = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3)}";
  write_file(folder / "order.npy", file_of(order, "\1\4\2\5\3\6"));
  EXPECT_THAT(map_npy(folder / "order.npy").data<std::uint8_t>(), ElementsAre(1, 2, 3, 4, 5, 6));
  std::string header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1,)}";
  header.append(header.size() % 2 == 0 ? 1 : 2, ' ');  // its elements begin at an odd offset
  write_file(folder / "odd.npy", file_of(header, std::string("\7\0\0\0", 4)));
  EXPECT_THAT(map_npy(folder / "odd.npy").data<std::int32_t>(), ElementsAre(7));
}

TEST(Npy, Version2And3AreRead) {
  for (const char version : {'\2', '\3'}) {
    const std::string header = "{\"shape\": (1,), \"descr\": '<i1', 'fortran_order': False}";
    std::string file = "\x93NUMPY";
    file += {version, '\0', static_cast<char>(header.size()), '\0', '\0', '\0'};
    EXPECT_THAT(parse(file + header + "\7").data<std::int8_t>(), ElementsAre(7));
  }
}

TEST(Npy, OtherTypesAreRefusedByName) {
  const auto header = [](const std::string& descr) {
    return file_of("{'descr': '" + descr + "', 'fortran_order': False, 'shape': (1,)}", "xx");
  };
  EXPECT_THAT(refusal(header(">f4")), HasSubstr("big-endian elements '>f4'"));
  EXPECT_THAT(refusal(header("<i2")), HasSubstr("got elements of type '<i2', expected one of f4"));
  EXPECT_THAT(refusal(header("<c8")), HasSubstr("'<c8'"));
  EXPECT_THAT(refusal(file_of("{'descr': [('x', '<f4')], 'shape': ()}", "")),
              HasSubstr("structured"));
  EXPECT_THROW(static_cast<void>(npy_header(Tensor(DType::BFloat16, Shape{1}))), Error);
}

TEST(Npy, DamageIsOneSentence) {
  EXPECT_EQ(refusal(""), "not an .npy file");
  EXPECT_EQ(refusal("hello, this is text"), "not an .npy file");
  EXPECT_THAT(refusal(file_of("{'descr'", "")), HasSubstr("the header is damaged"));
  EXPECT_THAT(refusal(file_of("{'descr': '<f4', 'fortran_order': False}", "")), HasSubstr("lacks"));
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': ";
  EXPECT_THAT(refusal(file_of(good + "(2,)}", "1234")),
              HasSubstr("got 4 bytes of elements, expected 8 for f32[2]"));
  EXPECT_THAT(refusal(file_of(good + "(-1,)}", "")), HasSubstr("negative extent"));
  EXPECT_THAT(refusal(file_of(good + "(4611686018427387904, 16)}", "")), HasSubstr("too large"));
  EXPECT_THAT(refusal(file_of(good + "(99999999999999999999,)}", "")), HasSubstr("no 64-bit"));
  EXPECT_THAT(refusal(file_of(good + "(1125899906842624,)}", "")), HasSubstr("got 0 bytes"));
  EXPECT_THAT(refusal(file_of("{'descr': '|b1', 'fortran_order': False, 'shape': (1,)}", "\2")),
              HasSubstr("the byte 2 in a tensor of bool"));
  EXPECT_EQ(refusal(file_of(good + "(2,)}", "12345678").substr(0, 40)),
            "the file is truncated inside its header");
}

}  // namespace
}  // namespace mtmi
