#include "mtmi/dlpack.h"

#include <array>

#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi::dlpack {
namespace {

TEST(DLPack, ATensorGoesThereAndBackWithoutACopy) {
  const Tensor tensor = Tensor::from<float>({2, 3}, {1, 2, 3, 4, 5, 6});
  ManagedArray* managed = to_dlpack(tensor);
  EXPECT_EQ(managed->array.ndim, 2);
  EXPECT_EQ(managed->array.shape[1], 3);
  EXPECT_EQ(managed->array.dtype.code, 2);
  const Tensor back = from_dlpack(managed);
  EXPECT_EQ(back.bytes().data(), tensor.bytes().data());
  EXPECT_TRUE(bitwise_equal(back, tensor));
}

/// Another library's array of 2x2 int64 whose deleter counts.
struct Foreign {
  std::array<std::int64_t, 4> elements{1, 2, 3, 4};
  std::array<std::int64_t, 2> shape{2, 2};
  std::array<std::int64_t, 2> strides{2, 1};
  int deleted = 0;
  ManagedArray managed{};

  Foreign() {
    managed.array = {.data = elements.data(),
                     .device = {.device_type = 1, .device_id = 0},
                     .ndim = 2,
                     .dtype = {.code = 0, .bits = 64, .lanes = 1},
                     .shape = shape.data(),
                     .strides = strides.data(),
                     .byte_offset = 0};
    managed.manager_context = this;
    managed.deleter = [](ManagedArray* self) {
      ++static_cast<Foreign*>(self->manager_context)->deleted;
    };
  }
};

TEST(DLPack, TheDeleterIsCalledWhenTheLastHandleIsGone) {
  Foreign foreign;
  {
    Tensor tensor = from_dlpack(&foreign.managed);
    const Tensor copy = tensor;
    tensor = Tensor();
    EXPECT_EQ(copy.data<std::int64_t>()[3], 4);
    EXPECT_EQ(foreign.deleted, 0);
  }
  EXPECT_EQ(foreign.deleted, 1);
}

TEST(DLPack, WhatMtmiHasNotIsRefusedAndNotDeleted) {
  Foreign foreign;
  foreign.strides = {1, 2};
  EXPECT_THROW((void)from_dlpack(&foreign.managed), Error);
  foreign.strides = {2, 1};
  foreign.managed.array.dtype.bits = 4;
  EXPECT_THROW((void)from_dlpack(&foreign.managed), Error);
  foreign.managed.array.dtype.bits = 64;
  foreign.managed.array.device.device_type = 2;
  EXPECT_THROW((void)from_dlpack(&foreign.managed), Error);
  EXPECT_EQ(foreign.deleted, 0);
}

}  // namespace
}  // namespace mtmi::dlpack
