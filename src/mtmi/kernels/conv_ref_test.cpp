#include "mtmi/kernels/conv_ref.h"

#include <vector>

#include <gtest/gtest.h>

#include "mtmi/core/random.h"

namespace mtmi::kernels {
namespace {

std::vector<double> random_values(std::int64_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<double> values(static_cast<std::size_t>(count));
  for (double& value : values) {
    value = static_cast<double>(random.uniform(-1.0F, 1.0F));
  }
  return values;
}

std::int64_t src_size(const ConvProblem& p) {
  return p.n * p.groups * p.ic * p.src_plane();
}

std::int64_t dst_size(const ConvProblem& p) {
  return p.n * p.groups * p.oc * p.dst_plane();
}

std::int64_t weights_size(const ConvProblem& p) {
  return p.groups * p.oc * p.ic * p.taps();
}

/// Offset in a row-major tensor whose axes end with the three spatial ones.
std::size_t at(std::initializer_list<std::pair<std::int64_t, std::int64_t>> index_and_extent) {
  std::int64_t offset = 0;
  for (const auto& [index, extent] : index_and_extent) {
    offset = offset * extent + index;
  }
  return static_cast<std::size_t>(offset);
}

/// Calls f(n, g, o, i, output position, tap) for everything, padding included.
template <class F>
void for_each_product(const ConvProblem& p, F f) {
  const auto& w = p.windows;
  for (std::int64_t n = 0; n < p.n; ++n) {
    for (std::int64_t g = 0; g < p.groups; ++g) {
      for (std::int64_t o = 0; o < p.oc; ++o) {
        for (std::int64_t i = 0; i < p.ic; ++i) {
          for (std::int64_t d = 0; d < w[0].out * w[0].kernel; ++d) {
            for (std::int64_t h = 0; h < w[1].out * w[1].kernel; ++h) {
              for (std::int64_t x = 0; x < w[2].out * w[2].kernel; ++x) {
                f(n,
                  g,
                  o,
                  i,
                  std::array{d / w[0].kernel, h / w[1].kernel, x / w[2].kernel},
                  std::array{d % w[0].kernel, h % w[1].kernel, x % w[2].kernel});
              }
            }
          }
        }
      }
    }
  }
}

/// Where every product of the convolution reads and writes: (dst, weight, src) offsets.
template <class F>
void for_each_offset(const ConvProblem& p, F f) {
  const auto& w = p.windows;
  for_each_product(p, [&](auto n, auto g, auto o, auto i, const auto& out, const auto& tap) {
    std::array<std::int64_t, 3> in{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      in[axis] = w[axis].position(out[axis], tap[axis]);
      if (in[axis] < 0 || in[axis] >= w[axis].in) {
        return;
      }
    }
    f(at({{n, p.n},
          {g, p.groups},
          {o, p.oc},
          {out[0], w[0].out},
          {out[1], w[1].out},
          {out[2], w[2].out}}),
      at({{g, p.groups},
          {o, p.oc},
          {i, p.ic},
          {tap[0], w[0].kernel},
          {tap[1], w[1].kernel},
          {tap[2], w[2].kernel}}),
      at({{n, p.n},
          {g, p.groups},
          {i, p.ic},
          {in[0], w[0].in},
          {in[1], w[1].in},
          {in[2], w[2].in}}),
      g * p.oc + o);
  });
}

std::vector<ConvProblem> problems() {
  const Window same{.in = 5, .out = 5, .kernel = 3, .pad_begin = 1, .pad_end = 1};
  const Window strided{
      .in = 7, .out = 3, .kernel = 3, .stride = 2, .dilation = 2, .pad_begin = 1, .pad_end = 1};
  const Window wide{.in = 150, .out = 151, .kernel = 2, .pad_begin = 1, .pad_end = 1};
  const Window only_padding{.in = 2, .out = 8, .kernel = 1, .pad_begin = 3, .pad_end = 3};
  return {
      {.n = 2, .groups = 1, .ic = 3, .oc = 2, .windows = {Window{}, same, strided}},
      {.n = 1, .groups = 3, .ic = 2, .oc = 2, .windows = {strided, same, same}},
      {.n = 1, .groups = 4, .ic = 1, .oc = 1, .windows = {Window{}, Window{}, wide}},
      {.n = 1, .groups = 1, .ic = 1, .oc = 1, .windows = {Window{}, only_padding, only_padding}},
  };
}

TEST(ConvRef, IsTheSumOverChannelsAndTaps) {
  for (const ConvProblem& p : problems()) {
    const auto src = random_values(src_size(p), 1);
    const auto weights = random_values(weights_size(p), 2);
    const auto bias = random_values(p.groups * p.oc, 3);
    std::vector<double> expected(static_cast<std::size_t>(dst_size(p)));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      expected[i] = bias[i / static_cast<std::size_t>(p.dst_plane()) % bias.size()];
    }
    for_each_offset(p, [&](auto to, auto weight, auto from, auto) {
      expected[to] += weights[weight] * src[from];
    });
    std::vector<double> dst(expected.size());
    conv_ref(p, src.data(), weights.data(), bias.data(), dst.data());
    for (std::size_t i = 0; i < dst.size(); ++i) {
      ASSERT_NEAR(dst[i], expected[i], 1e-12) << i;
    }
  }
}

TEST(ConvRef, HasNoBiasWhereNoneIsGiven) {
  const ConvProblem p{.windows = {Window{}, Window{}, Window{}}};
  const float src = 3.0F;
  const float weights = 2.0F;
  float dst = 0.0F;
  conv_ref<float>(p, &src, &weights, nullptr, &dst);
  EXPECT_EQ(dst, 6.0F);
}

// <conv(x), y> = <x, conv_transpose(y)> for all x and y: the definition of a transpose.
TEST(ConvTransposeRef, IsTheTransposeOfTheConvolution) {
  for (ConvProblem p : problems()) {
    const auto x = random_values(src_size(p), 1);
    const auto y = random_values(dst_size(p), 2);
    const auto weights = random_values(weights_size(p), 3);
    std::vector<double> conv(y.size());
    conv_ref<double>(p, x.data(), weights.data(), nullptr, conv.data());
    // As weights of the transposed convolution [g, oc, ic, k] is [g, ic', oc', k].
    std::swap(p.ic, p.oc);
    std::vector<double> transposed(x.size());
    std::vector<double> accumulator(static_cast<std::size_t>(p.src_plane()));
    conv_transpose_ref<double>(
        p, y.data(), weights.data(), nullptr, transposed.data(), accumulator.data());
    double left = 0.0;
    double right = 0.0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      left += conv[i] * y[i];
    }
    for (std::size_t i = 0; i < x.size(); ++i) {
      right += x[i] * transposed[i];
    }
    EXPECT_NEAR(left, right, 1e-10);
  }
}

TEST(ConvTransposeRef, AddsTheBiasOnce) {
  const ConvProblem p{.windows = {Window{}, Window{}, Window{.in = 3, .out = 2, .kernel = 2}}};
  const std::vector<float> src{1.0F, 10.0F};
  const std::vector<float> weights{2.0F, 3.0F};
  const float bias = 100.0F;
  std::vector<float> dst(3);
  std::vector<double> accumulator(3);
  conv_transpose_ref(p, src.data(), weights.data(), &bias, dst.data(), accumulator.data());
  EXPECT_EQ(dst, (std::vector<float>{102.0F, 123.0F, 130.0F}));
}

}  // namespace
}  // namespace mtmi::kernels
