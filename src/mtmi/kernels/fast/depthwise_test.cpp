#include "mtmi/kernels/fast/depthwise.h"

#include "mtmi/kernels/fast/variants_testing.h"

namespace mtmi::kernels {
namespace {

WindowSpec window(std::int64_t in,
                  std::int64_t kernel,
                  std::int64_t stride,
                  std::int64_t dilation,
                  std::int64_t pad) {
  const std::int64_t reach = (kernel - 1) * dilation + 1;
  return {.in = in,
          .out = (in + 2 * pad - reach) / stride + 1,
          .kernel = kernel,
          .stride = stride,
          .dilation = dilation,
          .pad = pad};
}

void expect_as_reference(const WindowSpec& h,
                         const WindowSpec& w,
                         std::int64_t channels,
                         const FastKernels& kernels) {
  Random random(7);
  const auto src = random_floats(h.in * w.in * channels, random);
  const auto weights = random_floats(h.kernel * w.kernel * channels, random);
  const auto bias = random_floats(channels, random);
  std::vector<float> expected(static_cast<std::size_t>(h.out * w.out * channels));
  std::vector<float> got(expected.size());
  DepthwiseArgs args{.src = src.data(),
                     .dst = expected.data(),
                     .weights = weights.data(),
                     .bias = bias.data(),
                     .h = h,
                     .w = w,
                     .channels = channels,
                     .row_begin = 0,
                     .row_end = h.out,
                     .activation = {.kind = Activation::Gelu}};
  depthwise_ref(args);
  args.dst = got.data();
  kernels.depthwise(args);
  expect_near(got, expected, 5e-6F, std::string(to_string(kernels.isa)));
}

TEST(Depthwise, EveryVariantAgreesWithTheReference) {
  for (const FastKernels& kernels : runnable_kernels()) {
    for (const std::int64_t channels : {1, 5, 16, 19, 40}) {
      for (const std::int64_t size : {1, 2, 3, 5, 17, 40}) {
        expect_as_reference(
            window(size, 3, 1, 1, 1), window(size + 1, 3, 1, 1, 1), channels, kernels);
      }
      expect_as_reference(window(9, 3, 2, 1, 1), window(12, 3, 2, 1, 1), channels, kernels);
      expect_as_reference(window(9, 3, 1, 1, 0), window(12, 3, 1, 1, 0), channels, kernels);
      expect_as_reference(window(9, 5, 1, 1, 2), window(12, 5, 1, 1, 2), channels, kernels);
      expect_as_reference(window(9, 3, 1, 2, 2), window(12, 3, 1, 2, 2), channels, kernels);
      expect_as_reference(window(3, 3, 1, 1, 2), window(4, 3, 1, 1, 2), channels, kernels);
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels
