#include <gtest/gtest.h>

#include "mtmi/backends/cpu/engine_runner.h"
#include "mtmi/core/random_tensor.h"
#include "mtmi/device/convert.h"
#include "mtmi/graph/text.h"
#include "mtmi/ops/operator.h"

namespace mtmi::cpu {
namespace {

Graph relu() {
  Graph graph = parse_text(R"(graph "g" {
  input %x: f32[2,37,5,6]
  %y = Relu(%x)
  output %y
})");
  ops::infer_types(graph);
  return graph;
}

/// What the engine writes and reads as `format` is what device/convert.h makes of the plain one.
void expect_converted(const IoFormat& format) {
  const Graph graph = relu();
  const Tensor x = random_tensor(DType::Float32, Shape{2, 37, 5, 6}, 3, -2.0F, 2.0F);
  CompileOptions options;
  options.io["x"] = format;
  options.io["y"] = format;
  const TensorDesc desc{"x", format.dtype, x.shape(), format.layout, format.scale};
  std::vector<std::byte> packed(size_bytes_of(desc));
  write_format(x, desc, packed);
  const Tensor real = to_real(read_format(packed, desc), format.scale);
  const TensorMap plain = run_on_cpu(graph, {{"x", real}});
  std::vector<std::byte> expected(packed.size());
  write_format(plain.at("y"), desc, expected);

  const auto count = static_cast<std::int64_t>(packed.size());
  const Tensor buffer = Tensor::wrap(DType::UInt8, Shape{count}, packed.data(), nullptr);
  EXPECT_EQ(run_bytes_on_cpu(graph, {{"x", buffer}}, options).at("y"), expected) << to_string(desc);
}

TEST(IoFormats, AreThoseOfTheDevicesBeside) {
  for (const Layout layout : {Layout::Linear,
                              Layout::Hwc,
                              Layout::Hwc8,
                              Layout::Chw16,
                              Layout::Chw32,
                              Layout::DlaLinear}) {
    expect_converted({DType::Float32, layout, 0.0F});
    expect_converted({DType::Float16, layout, 0.0F});
    expect_converted({DType::BFloat16, layout, 0.0F});
    expect_converted({DType::Int8, layout, 0.013F});
  }
}

TEST(IoFormats, TheFractionIsCutOffWhereAskedFor) {
  const Tensor x = random_tensor(DType::Float32, Shape{2, 37, 5, 6}, 3, -2.0F, 2.0F);
  CompileOptions options;
  options.io["y"] = {.dtype = DType::Int8,
                     .layout = Layout::Linear,
                     .scale = 0.013F,
                     .rounding = Rounding::TowardZero};
  const Tensor y = run_on_cpu(relu(), {{"x", x}}, best_isa(), options).at("y");
  const auto values = x.data<float>();
  const auto got = y.data<std::int8_t>();
  for (std::size_t i = 0; i < values.size(); ++i) {
    const float steps = std::min(127.0F, std::max(0.0F, values[i]) / 0.013F);
    EXPECT_EQ(got[i], static_cast<std::int8_t>(steps));
  }
}

TEST(IoFormats, Int8NeedsAScale) {
  CompileOptions options;
  options.io["y"] = {DType::Int8, Layout::Chw32, 0.0F};
  EXPECT_THROW(
      static_cast<void>(make_cpu_backend()->compile(relu(), capability_of(best_isa()), options)),
      Error);
  options.io["y"] = {DType::Int32, Layout::Linear, 0.0F};
  EXPECT_THROW(
      static_cast<void>(make_cpu_backend()->compile(relu(), capability_of(best_isa()), options)),
      Error);
}

}  // namespace
}  // namespace mtmi::cpu
