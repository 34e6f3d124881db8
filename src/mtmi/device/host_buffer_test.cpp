#include "mtmi/device/host_buffer.h"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mtmi/error.h"

namespace mtmi {
namespace {

std::string refusal(std::span<Buffer* const> buffers) {
  const std::array<TensorDesc, 1> descs{
      {{.name = "x", .dtype = DType::Float32, .shape = {1, 4}, .layout = Layout::Linear}}};
  try {
    check_host_buffers(descs, buffers, "input");
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidArgument);
    return error.what();
  }
  return "";
}

TEST(HostBuffer, IsZeroedAndAligned) {
  HostBuffer buffer(100);
  EXPECT_EQ(buffer.size_bytes(), 100U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.host_data()) % 64, 0U);
  EXPECT_EQ(buffer.host_data()[99], std::byte{0});
  EXPECT_NE(HostBuffer(0).host_data(), nullptr);
}

TEST(HostBuffer, RefusesWhatNoMachineHas) {
  EXPECT_THROW(HostBuffer(std::size_t{1} << 60), Error);
}

TEST(HostBuffer, WhatIsBoundMustFit) {
  HostBuffer right(16);
  HostBuffer small(15);
  EXPECT_EQ(refusal(std::array<Buffer*, 1>{&right}), "");
  EXPECT_EQ(refusal(std::array<Buffer*, 1>{&small}),
            "input 'x': got a buffer of 15 bytes, expected at least 16");
  EXPECT_EQ(refusal({}), "got 0 input buffers, expected 1");
  EXPECT_THAT(refusal(std::array<Buffer*, 1>{nullptr}), testing::HasSubstr("cannot see"));
}

}  // namespace
}  // namespace mtmi
