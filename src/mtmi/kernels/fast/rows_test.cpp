#include "mtmi/kernels/fast/rows.h"

#include <bit>
#include <cmath>
#include <limits>

#include "mtmi/kernels/fast/variants_testing.h"

namespace mtmi::kernels {
namespace {

constexpr std::int64_t kSizes[] = {1, 3, 4, 7, 8, 15, 16, 17, 31, 33, 64, 100, 257};

TEST(Activate, EveryVariantAgreesWithTheReference) {
  Random random(1);
  for (const FastKernels& kernels : runnable_kernels()) {
    for (int kind = 0; kind <= static_cast<int>(kLastActivation); ++kind) {
      const ActivationSpec spec{
          .kind = static_cast<Activation>(kind), .alpha = 0.25F, .beta = 0.5F};
      for (const std::int64_t n : kSizes) {
        auto src = random_floats(n, random, 6.0F);
        for (float& x : src) {
          x = spec.kind == Activation::Sqrt ? std::abs(x) : x;
        }
        std::vector<float> expected(src.size());
        std::vector<float> got(src.size());
        activate_ref(spec, src.data(), expected.data(), n);
        kernels.activate(spec, src.data(), got.data(), n);
        // simd_math.h: functions near 1 are good to 4e-7, e^6 = 403 to 2.5e-7 of it.
        const float tolerance = spec.kind == Activation::Exp ? 1.2e-4F : 3e-6F;
        expect_near(got,
                    expected,
                    tolerance,
                    std::string(to_string(kernels.isa)) + " kind " + std::to_string(kind));
      }
    }
  }
}

TEST(Activate, ExtremesStayFiniteOrAreWhatTheyMustBe) {
  const std::vector<float> src{-1e30F,
                               -100.0F,
                               -88.0F,
                               0.0F,
                               88.0F,
                               88.7F,
                               100.0F,
                               1e30F,
                               std::numeric_limits<float>::quiet_NaN()};
  const auto n = static_cast<std::int64_t>(src.size());
  for (const FastKernels& kernels : runnable_kernels()) {
    std::vector<float> got(src.size());
    kernels.activate({.kind = Activation::Sigmoid}, src.data(), got.data(), n);
    EXPECT_EQ(got[0], 0.0F);
    EXPECT_EQ(got[3], 0.5F);
    EXPECT_EQ(got[7], 1.0F);
    EXPECT_TRUE(std::isnan(got[8]));
    kernels.activate({.kind = Activation::Gelu}, src.data(), got.data(), n);
    EXPECT_EQ(got[7], 1e30F);
    EXPECT_NEAR(got[1], 0.0F, 1e-4F);
    kernels.activate({.kind = Activation::Exp}, src.data(), got.data(), n);
    EXPECT_NEAR(got[4] / std::exp(88.0F), 1.0F, 1e-6F);
    EXPECT_NEAR(got[5] / std::exp(88.7F), 1.0F, 1e-6F);
    EXPECT_EQ(got[7], std::numeric_limits<float>::infinity());
    kernels.activate({.kind = Activation::Relu}, src.data(), got.data(), n);
    EXPECT_TRUE(std::isnan(got[8]));
  }
}

/// Whether the bits are those of the reference, zeros' signs included.
void expect_bits_through(const ActivationSpec& spec, const std::vector<float>& src) {
  const auto n = static_cast<std::int64_t>(src.size());
  std::vector<float> expected(src.size());
  activate_ref(spec, src.data(), expected.data(), n);
  for (const FastKernels& kernels : runnable_kernels()) {
    std::vector<float> got(src.size());
    kernels.activate(spec, src.data(), got.data(), n);
    for (std::size_t i = 0; i < src.size(); ++i) {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(got[i]), std::bit_cast<std::uint32_t>(expected[i]))
          << to_string(kernels.isa) << ": " << src[i] << " becomes " << got[i] << " instead of "
          << expected[i] << " with scale " << spec.alpha << " and zero point " << spec.beta;
    }
  }
}

TEST(Activate, ThroughIntegersEveryVariantGivesTheBitsOfTheReference) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  Random random(5);
  const std::vector<ActivationSpec> specs{
      {.kind = Activation::ThroughInt8, .alpha = 0.25F, .beta = 0.0F},
      {.kind = Activation::ThroughInt8, .alpha = 0.0137F, .beta = 0.0F},
      {.kind = Activation::ThroughInt8, .alpha = 0.0137F, .beta = -128.0F},
      {.kind = Activation::ThroughInt8, .alpha = 3e-39F, .beta = 127.0F},
      {.kind = Activation::ThroughUInt8, .alpha = 0.25F, .beta = 128.0F},
      {.kind = Activation::ThroughUInt8, .alpha = 0.0137F, .beta = 0.0F},
      {.kind = Activation::ThroughUInt8, .alpha = 1e30F, .beta = 255.0F}};
  for (const ActivationSpec& spec : specs) {
    std::vector<float> src = random_floats(999, random, 300.0F * spec.alpha);
    for (int half = -600; half <= 600; ++half) {
      src.push_back(static_cast<float>(half) * 0.5F * spec.alpha);  // ties
    }
    src.insert(src.end(),
               {0.0F,
                -0.0F,
                1e38F,
                -1e38F,
                1e-45F,
                kInfinity,
                -kInfinity,
                std::numeric_limits<float>::quiet_NaN()});
    expect_bits_through(spec, src);
  }
}

TEST(Binary, EveryVariantGivesTheBitsOfTheReference) {
  Random random(2);
  for (const FastKernels& kernels : runnable_kernels()) {
    for (int op = 0; op <= static_cast<int>(BinaryOp::Max); ++op) {
      for (int form = 0; form <= static_cast<int>(BinaryForm::SecondIsScalar); ++form) {
        for (const std::int64_t n : kSizes) {
          const auto a = random_floats(n, random);
          const auto b = random_floats(n, random);
          std::vector<float> expected(a.size());
          std::vector<float> got(a.size());
          const auto binary_op = static_cast<BinaryOp>(op);
          const auto binary_form = static_cast<BinaryForm>(form);
          binary_ref(binary_op, binary_form, a.data(), b.data(), expected.data(), n);
          kernels.binary(binary_op, binary_form, a.data(), b.data(), got.data(), n);
          EXPECT_EQ(got, expected) << to_string(kernels.isa) << " op " << op << " form " << form;
        }
      }
    }
  }
}

TEST(LayerNorm, EveryVariantAgreesWithTheReference) {
  Random random(3);
  constexpr std::int64_t kRows = 3;
  for (const FastKernels& kernels : runnable_kernels()) {
    for (const std::int64_t width : kSizes) {
      auto src = random_floats(kRows * width, random);
      for (float& x : src) {
        x += 10.0F;  // a mean far from 0: the difference of squares would cancel
      }
      const auto gamma = random_floats(width, random);
      const auto beta = random_floats(width, random);
      std::vector<float> expected(src.size());
      std::vector<float> got(src.size());
      LayerNormArgs args{.src = src.data(),
                         .dst = expected.data(),
                         .rows = kRows,
                         .width = width,
                         .gamma = gamma.data(),
                         .beta = beta.data(),
                         .epsilon = 1e-5F};
      layer_norm_ref(args);
      args.dst = got.data();
      kernels.layer_norm(args);
      expect_near(got, expected, 2e-5F, std::string(to_string(kernels.isa)));
    }
  }
}

TEST(Softmax, EveryVariantAgreesWithTheReference) {
  Random random(4);
  constexpr std::int64_t kRows = 3;
  for (const FastKernels& kernels : runnable_kernels()) {
    for (const std::int64_t width : kSizes) {
      const std::int64_t stride = width + 2;
      const auto src = random_floats(kRows * stride, random, 20.0F);
      auto expected = src;
      auto got = src;
      softmax_ref({.data = expected.data(), .rows = kRows, .width = width, .stride = stride});
      kernels.softmax({.data = got.data(), .rows = kRows, .width = width, .stride = stride});
      expect_near(got, expected, 1e-6F, std::string(to_string(kernels.isa)));

      expected = src;
      got = src;
      std::vector<float> expected_sums(kRows);
      std::vector<float> sums(kRows);
      softmax_ref({expected.data(), kRows, width, stride, expected_sums.data()});
      kernels.softmax({got.data(), kRows, width, stride, sums.data()});
      // e^(x - max) is as far off as x in powers of two is rounded, 20 * 1.44 * 2^-24 at most; the
      // quotient above is not, as the whole row is.
      expect_near(got, expected, 4e-6F, std::string(to_string(kernels.isa)));
      expect_near(sums, expected_sums, 4e-6F, std::string(to_string(kernels.isa)));
    }
  }
}

}  // namespace
}  // namespace mtmi::kernels
