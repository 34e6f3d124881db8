#include "mtmi/dtype.h"

#include <gtest/gtest.h>

namespace mtmi {
namespace {

TEST(DType, NameParsesBack) {
  for (const DType dtype : {DType::Float32,
                            DType::Float16,
                            DType::BFloat16,
                            DType::Float64,
                            DType::Int8,
                            DType::UInt8,
                            DType::Int32,
                            DType::Int64,
                            DType::Bool}) {
    EXPECT_EQ(parse_dtype(to_string(dtype)), dtype);
  }
}

TEST(DType, UnknownNameIsNothing) {
  EXPECT_EQ(parse_dtype("float"), std::nullopt);
}

TEST(DType, SizeIsThatOfTheCppType) {
  EXPECT_EQ(size_of(dtype_of<double>), sizeof(double));
  EXPECT_EQ(size_of(dtype_of<Float16>), sizeof(Float16));
  EXPECT_EQ(size_of(dtype_of<bool>), sizeof(bool));
}

}  // namespace
}  // namespace mtmi
