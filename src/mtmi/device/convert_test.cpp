#include "mtmi/device/convert.h"

#include <cmath>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random_tensor.h"
#include "mtmi/error.h"

namespace mtmi {
namespace {

TEST(Convert, EveryLayoutGivesTheTensorBack) {
  for (const Layout layout : {Layout::Linear,
                              Layout::Hwc,
                              Layout::Hwc8,
                              Layout::Chw16,
                              Layout::Chw32,
                              Layout::DlaLinear}) {
    for (const std::int64_t channels : {1, 3, 33}) {
      const TensorDesc desc{.name = "t",
                            .dtype = DType::Int8,
                            .shape = Shape{2, channels, 3, 5},
                            .layout = layout,
                            .scale = 0.5F};
      const Tensor tensor = random_tensor(DType::Int8, desc.shape, 7, -128.0F, 127.0F);
      std::vector<std::byte> bytes(size_bytes_of(desc), std::byte{0x55});
      write_format(tensor, desc, bytes);
      EXPECT_TRUE(bitwise_equal(read_format(bytes, desc), tensor)) << to_string(desc);
    }
  }
}

TEST(Convert, ElementsLieWhereTheStridesSay) {
  for (const Layout layout : {Layout::Hwc, Layout::Hwc8, Layout::Chw16, Layout::Chw32}) {
    for (const DType dtype : {DType::Int8, DType::Float16, DType::Float32}) {
      const TensorDesc desc{
          .name = "t", .dtype = dtype, .shape = Shape{2, 35, 2, 3}, .layout = layout};
      const Tensor tensor = random_tensor(dtype, desc.shape, 8);
      std::vector<std::byte> bytes(size_bytes_of(desc));
      write_format(tensor, desc, bytes);
      const LayoutStrides s = strides_of(desc);
      const std::size_t element = size_of(dtype);
      for (std::int64_t i = 0; i < tensor.num_elements(); ++i) {
        const std::int64_t c = i / 6 % 35;
        const std::int64_t at = i / 210 * s.batch + c / s.block * s.plane + i / 3 % 2 * s.row +
                                i % 3 * s.column + c % s.block * s.channel;
        EXPECT_EQ(0,
                  std::memcmp(bytes.data() + at,
                              tensor.bytes().data() + static_cast<std::size_t>(i) * element,
                              element))
            << to_string(desc) << ", element " << i;
      }
    }
  }
}

TEST(Convert, FloatsAreQuantisedHalfToEven) {
  const TensorDesc desc{.name = "t",
                        .dtype = DType::Int8,
                        .shape = Shape{5},
                        .layout = Layout::Linear,
                        .scale = 0.5F};
  std::vector<std::byte> bytes(5);
  write_format(
      Tensor::from<float>(Shape{5}, {0.25F, 0.75F, -0.25F, 1e9F, std::nanf("")}), desc, bytes);
  const Tensor q = read_format(bytes, desc);
  const auto values = q.data<std::int8_t>();
  EXPECT_EQ(std::vector<int>(values.begin(), values.end()), (std::vector<int>{0, 2, 0, 127, 0}));
  EXPECT_EQ(to_real(q, 0.5F).data<float>()[1], 1.0F);
}

TEST(Convert, WrongShapeOrTypeIsRefused) {
  const TensorDesc desc{.name = "x", .dtype = DType::Float32, .shape = Shape{2}};
  std::vector<std::byte> bytes(8);
  EXPECT_THROW(write_format(Tensor(DType::Float32, Shape{3}), desc, bytes), Error);
  EXPECT_THROW(write_format(Tensor(DType::Int64, Shape{2}), desc, bytes), Error);
}

}  // namespace
}  // namespace mtmi
