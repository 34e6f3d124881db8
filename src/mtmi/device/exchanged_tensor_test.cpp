#include "mtmi/device/exchanged_tensor.h"

#include <gtest/gtest.h>

#include "mtmi/graph/text.h"

namespace mtmi {
namespace {

Graph one_relu() {
  return parse_text(R"(graph "g" {
  input %x: f32[1,3,4,5]
  %y: f32[1,3,4,5] = Relu(%x)
  output %y
})");
}

TEST(ExchangedTensor, IsTheGraphsWhereNothingIsAskedFor) {
  const Graph graph = one_relu();
  const TensorDesc desc = exchanged_tensor(graph, graph.inputs().front(), {});
  EXPECT_EQ(desc, (TensorDesc{.name = "x", .dtype = DType::Float32, .shape = {1, 3, 4, 5}}));
}

TEST(ExchangedTensor, TakesTheFormatThatIsAskedFor) {
  const Graph graph = one_relu();
  CompileOptions options;
  options.io["y"] = {.dtype = DType::Int8, .layout = Layout::Chw32, .scale = 0.5F};
  const TensorDesc desc = exchanged_tensor(graph, graph.outputs().front(), options);
  EXPECT_EQ(desc,
            (TensorDesc{.name = "y",
                        .dtype = DType::Int8,
                        .shape = {1, 3, 4, 5},
                        .layout = Layout::Chw32,
                        .scale = 0.5F}));
  EXPECT_EQ(exchanged_tensor(graph, graph.inputs().front(), options).dtype, DType::Float32);
}

}  // namespace
}  // namespace mtmi
