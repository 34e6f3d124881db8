#include "mtmi/tensor.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "mtmi/core/memory_limit.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

TEST(Tensor, StartsAsZerosAtAnAlignedAddress) {
  const Tensor tensor(DType::Int32, Shape{2, 3});
  for (const std::int32_t value : tensor.data<std::int32_t>()) {
    EXPECT_EQ(value, 0);
  }
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.bytes().data()) % 64, 0U);
}

TEST(Tensor, CopySharesAndCloneDoesNot) {
  Tensor tensor = Tensor::from<float>(Shape{2}, {1.0F, 2.0F});
  const Tensor copy = tensor;
  const Tensor clone = tensor.clone();
  tensor.data<float>()[0] = 7.0F;
  EXPECT_EQ(copy.data<float>()[0], 7.0F);
  EXPECT_EQ(clone.data<float>()[0], 1.0F);
}

TEST(Tensor, WrongElementTypeIsRefused) {
  const Tensor tensor(DType::Float32, Shape{1});
  EXPECT_THROW(static_cast<void>(tensor.data<double>()), Error);
}

TEST(Tensor, WrongCountIsRefused) {
  EXPECT_THROW(static_cast<void>(Tensor::from<float>(Shape{3}, {1.0F})), Error);
  EXPECT_THROW(static_cast<void>(Tensor(DType::Bool, Shape{4}).reshaped(Shape{3})), Error);
}

TEST(Tensor, OverTheMemoryLimitIsASentence) {
  const std::size_t before = memory_limit();
  set_memory_limit(std::size_t{64} << 20);
  try {
    const Tensor tensor(DType::Float32, Shape{1 << 20, 1 << 10});
    ADD_FAILURE() << "4 GiB were allowed under a limit of 64 MiB";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::OutOfMemory);
    EXPECT_NE(std::string(e.what()).find("4096 MiB"), std::string::npos) << e.what();
  }
  set_memory_limit(before);
}

}  // namespace
}  // namespace mtmi
